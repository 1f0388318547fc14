package org.memphisee.core.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;


/** The table of wire-protocol.md 2.6 for a user who may read {@code r.*}, write {@code w}, and both {@code b}. */
class SubjectRulesTest {

    private static final Permissions PERMISSIONS = Permissions.of(
        new PermissionPatterns(List.of("r.*", "b"), List.of("w", "b"), List.of("r.secret"), List.of()));

    private static void assertPublish(String subject, boolean read, boolean write) {
        assertEquals(read, SubjectRules.mayPublish(PERMISSIONS, subject.replace("{}", "r#1")), subject + " of a reader");
        assertEquals(write, SubjectRules.mayPublish(PERMISSIONS, subject.replace("{}", "w")), subject + " of a writer");
        assertTrue(SubjectRules.mayPublish(PERMISSIONS, subject.replace("{}", "b")) || !read && !write, subject);
        assertFalse(SubjectRules.mayPublish(PERMISSIONS, subject.replace("{}", "r#secret")), subject + " denied");
        assertFalse(SubjectRules.mayPublish(PERMISSIONS, subject.replace("{}", "other")), subject + " of a stranger");
    }

    @ParameterizedTest
    @CsvSource({"CONSUMER.CREATE.{}$1,true,false", "CONSUMER.CREATE.{}$1.name,true,false",
        "CONSUMER.CREATE.{}$1.name.{}$1.final,true,false", "CONSUMER.DURABLE.CREATE.{}$1.c,true,false",
        "CONSUMER.INFO.{}$1.c,true,false", "CONSUMER.DELETE.{}$1.c,true,false", "CONSUMER.MSG.NEXT.{}$1.c,true,false",
        "CONSUMER.LIST.{}$1,true,false", "CONSUMER.NAMES.{}$1,true,false", "STREAM.MSG.GET.{}$1,true,false",
        "STREAM.MSG.GET.{}$1.x,true,false", "DIRECT.GET.{}$1,true,false", "DIRECT.GET.{}$1.{}$1.final,true,false",
        "STREAM.INFO.{}$1,true,true", "STREAM.CREATE.{}$1,false,true", "STREAM.CREATE.{}$1.x,false,true",
        "STREAM.UPDATE.{}$1,false,true", "STREAM.DELETE.{}$1,false,true", "STREAM.PURGE.{}$1,false,true",
        "STREAM.MSG.DELETE.{}$1,false,true", "CONSUMER.LEADER.STEPDOWN.{}$1.c,false,false",
        "STREAM.PEER.REMOVE.{}$1,false,false", "STREAM.TEMPLATE.INFO.{}$1,false,false", "STREAM.INFO.,false,false",
        "CONSUMER.{}$1,false,false"})
    void shouldOpenRequestsByStation(String request, boolean read, boolean write) {
        assertPublish("$JS.API." + request, read, write);
    }

    @ParameterizedTest
    @CsvSource({"{}$1.final,false,true", "{}$12.a.b,false,true", "$memphis_schema_updates_{},true,true",
        "$memphis_functions_updates_{},true,true", "$memphis_configurations_updates.init.{},true,true",
        "$memphis_ws_pubs.{},false,false", "$memphis_dls_{}.group,true,true", "{}.final,false,false", "{},false,false",
        "x.{}$1.final,false,false", "{}$.final,false,false"})
    void shouldOpenSubjectsByStation(String subject, boolean read, boolean write) {
        assertPublish(subject, read, write);
    }

    @ParameterizedTest
    @ValueSource(strings = {"$memphis_station_creations", "$memphis_station_destructions", "$memphis_producer_creations",
        "$memphis_producer_destructions", "$memphis_consumer_creations", "$memphis_consumer_destructions",
        "$memphis_schema_creations", "$memphis_schema_attachments", "$memphis_schema_detachments", "$memphis_nacked_dls",
        "$memphis_schemaverse_dls", "$memphis_pm_acks", "$memphis_notifications", "$memphis_sdk_clients_updates",
        "_INBOX.abc.1", "$JS.API.STREAM.NAMES", "$JS.API.INFO"})
    void shouldAlwaysOpenWhatEveryClientNeeds(String subject) {
        assertTrue(SubjectRules.mayPublish(Permissions.NOTHING, subject));
        assertTrue(SubjectRules.maySubscribe(Permissions.NOTHING, subject));
    }

    @Test
    void shouldLetEverybodyAskWhoTheyAreAndNobodyListen() {
        assertTrue(SubjectRules.mayPublish(Permissions.NOTHING, "$SYS.REQ.USER.INFO"));
        assertFalse(SubjectRules.maySubscribe(Permissions.NOTHING, "$SYS.REQ.USER.INFO"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"foo", "foo.bar", "$memphis_something", "$JS.API.STREAM.LIST", "$JS.API.>", "$SYS.x",
        "$memphis_station_creationsx", "$memphis_station_creations.x", "$KV.bucket.key", "$memphis_ws_subs.x",
        "$memphis_jsapi_reply_x", "", "$", "$1.x"})
    void shouldForbidEverythingElse(String subject) {
        assertFalse(SubjectRules.mayPublish(PERMISSIONS, subject), "publish");
        assertFalse(SubjectRules.maySubscribe(PERMISSIONS, subject), "subscribe");
    }

    @ParameterizedTest
    @CsvSource({"r#1$1.>,true", "r#1$1.final,true", "b$2.*,true", "w$1.>,false", "r#secret$1.>,false", "other$1.>,false",
        "*.final,false", ">,false", "*,false", "*.>,false", "_INBOX.>,false", "_INBOX.*,false", "_INBOX.*.1,false",
        "_INBOX.me.*,true", "_INBOX.me.>,true", "$memphis_dls_w.group,true", "$memphis_dls_w.>,true",
        "$memphis_schema_updates_w,true", "$memphis_schema_updates_other,false", "$memphis_ws_pubs.*,false",
        "$memphis_ws_pubs.>,false", "$memphis_configurations_updates.init.*,false", "$memphis_*,false",
        "$JS.EVENT.ADVISORY.>,false", "$JS.ACK.r#1$1.>,false", "$JS.API.CONSUMER.MSG.NEXT.r#1$1.c,false"})
    void shouldOpenSubscriptionsByStation(String pattern, boolean allowed) {
        assertEquals(allowed, SubjectRules.maySubscribe(PERMISSIONS, pattern));
    }

    @Test
    void shouldNotTakeAWildcardForAStation() {
        Permissions all = Permissions.of(new PermissionPatterns(List.of("*"), List.of("*"), List.of("secret"), List.of()));
        assertTrue(SubjectRules.maySubscribe(all, "x$1.>"));
        assertFalse(SubjectRules.maySubscribe(all, "*.>"));
        assertFalse(SubjectRules.maySubscribe(all, "secret$1.>"));
        assertFalse(SubjectRules.mayStore(all, "*.final"));
        assertFalse(SubjectRules.mayStore(all, ">"));
        assertTrue(SubjectRules.mayStore(all, "x$1.>"));
    }
}
