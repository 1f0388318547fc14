package org.memphisee.it.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memphisee.it.support.BrokerProcess;
import org.memphisee.it.support.Brokers;
import org.memphisee.it.support.RawConnection;
import org.memphisee.it.support.RawMessage;

/** Users with permissions on port 6666 (wire-protocol.md 2.6), and the ways around them that there must not be. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
final class PermissionsIT {
    private static final String PASSWORD = "Secret-1x";
    private static final String SDK_TEXT = "-ERR 'Permissions Violation - cant access the requested station, please contact "
            + "your Memphis administrator'";

    private static BrokerProcess broker;
    private static Management root;

    @BeforeAll
    static void start() throws IOException {
        Brokers.assumeMemphis(Brokers.shared());
        broker = (BrokerProcess) Brokers.shared();
        root = Management.root(broker);
        root.addUser("perm-user", "application", PASSWORD,
                ",'allow_read_permissions':['perm.in'],'allow_write_permissions':['perm.out','perm.own*']");
        for (String station : new String[] {"perm.in", "perm.out", "perm.secret"}) {
            root.post("stations/createStation", "{'name':'" + station + "'}");
        }
        try (RawConnection admin = RawConnection.login(broker)) {
            for (String stream : new String[] {"perm#in$1", "perm#secret$1"}) {
                admin.request(stream + ".final", "stored in " + stream);
            }
            admin.request("$JS.API.CONSUMER.DURABLE.CREATE.perm#secret$1.all", "{\"stream_name\":\"perm#secret$1\","
                    + "\"config\":{\"durable_name\":\"all\",\"ack_policy\":\"explicit\"}}");
        }
    }

    @AfterAll
    static void clean() {
        if (root != null) {
            root.delete("usermgmt/removeUser", "{'username':'perm-user'}");
            for (String station : new String[] {"perm.in", "perm.out", "perm.secret", "perm.own"}) {
                root.delete("stations/removeStation", "{'station_names':['" + station + "']}");
            }
        }
    }

    private static RawConnection connect(String name) throws IOException {
        RawConnection connection = RawConnection.open(broker);
        connection.readLine();
        connection.send("CONNECT {\"verbose\":false,\"pedantic\":false,\"headers\":true,\"no_responders\":true,"
                + "\"user\":\"perm-user\",\"pass\":\"" + PASSWORD + "\",\"name\":\"" + name + "\"}\r\n");
        connection.flush();
        return connection;
    }

    private static long secretMessages() throws IOException {
        try (RawConnection admin = RawConnection.login(broker)) {
            String info = admin.request("$JS.API.STREAM.INFO.perm#secret$1", "");
            return Long.parseLong(info.replaceAll("(?s).*\"messages\":(\\d+).*", "$1"));
        }
    }

    private static void assertRefused(RawConnection connection, String operation, String error) throws IOException {
        connection.send(operation);
        assertEquals(error, connection.readOperation());
        connection.flush();
    }

    @Test
    void shouldProduceAndConsumeWhatIsAllowed() throws IOException {
        try (RawConnection user = connect("")) {
            assertTrue(user.request("perm#out$1.final", "hello").contains("\"seq\":"));
            String created = user.request("$JS.API.CONSUMER.DURABLE.CREATE.perm#in$1.mine", "{\"stream_name\":"
                    + "\"perm#in$1\",\"config\":{\"durable_name\":\"mine\",\"ack_policy\":\"explicit\"}}");
            assertFalse(created.contains("\"error\""), created);
            user.send("SUB _INBOX.perm.* 7\r\nPUB $JS.API.CONSUMER.MSG.NEXT.perm#in$1.mine _INBOX.perm.1 1\r\n1\r\n");
            RawMessage message = user.readMessage();
            assertEquals("stored in perm#in$1", message.payload());
            user.send("PUB " + message.reply() + " _INBOX.perm.2 4\r\n+ACK\r\n");
            assertEquals("_INBOX.perm.2", user.readMessage().subject());
            assertTrue(user.request("$JS.API.STREAM.MSG.GET.perm#in$1", "{\"seq\":1}").contains("\"message\""));
        }
    }

    /** F-169. */
    @Test
    void shouldUseAStationThatIsMadeLaterWithoutReconnecting() throws IOException {
        try (RawConnection user = connect("")) {
            user.flush();
            assertEquals(200, root.post("stations/createStation", "{'name':'perm.own2'}").code());
            assertTrue(user.request("perm#own2$1.final", "hello").contains("\"seq\":1"));
        } finally {
            root.delete("stations/removeStation", "{'station_names':['perm.own2']}");
        }
    }

    @Test
    void shouldTellPlainClientsInTheirWordsAndGoOn() throws IOException {
        try (RawConnection user = connect("")) {
            assertRefused(user, "PUB perm#secret$1.final 1\r\nx\r\n",
                    "-ERR 'Permissions Violation for Publish to \"perm#secret$1.final\"'");
            assertRefused(user, "SUB perm#secret$1.> 1\r\n",
                    "-ERR 'Permissions Violation for Subscription to \"perm#secret$1.>\"'");
            assertRefused(user, "SUB perm#secret$1.> q 1\r\n",
                    "-ERR 'Permissions Violation for Subscription to \"perm#secret$1.>\" using queue \"q\"'");
        }
    }

    @Test
    void shouldTellSdksInTheirWordsAndGoOn() throws IOException {
        try (RawConnection user = connect("uuid-perm::perm-user")) {
            assertRefused(user, "PUB perm#secret$1.final 1\r\nx\r\n", SDK_TEXT);
            assertRefused(user, "SUB perm#secret$1.> 1\r\n", SDK_TEXT);
            assertRefused(user, "SUB perm#secret$1.> q 1\r\n",
                    "-ERR 'Permissions Violation for Subscription to \"perm#secret$1.>\" using queue \"q\"'");
            assertEquals("user perm-user is not allowed to create station perm.new",
                    user.request("$memphis_station_creations", "{\"name\":\"perm.new\",\"partitions_number\":1}"));
            assertEquals("user perm-user is not allowed to access station perm.secret",
                    user.request("$memphis_station_destructions", "{\"station_name\":\"perm.secret\"}"));
            assertTrue(user.request("$memphis_producer_creations", "{\"name\":\"p\",\"station_name\":\"perm.secret\","
                    + "\"connection_id\":\"uuid-perm\",\"producer_type\":\"application\",\"req_version\":4,"
                    + "\"username\":\"root\"}").contains("user perm-user is not allowed to access station perm.secret"));
            assertEquals("user perm-user is not allowed to access station perm.secret", user.request(
                    "$memphis_consumer_creations", "{\"name\":\"c\",\"station_name\":\"perm.secret\",\"connection_id\":"
                    + "\"uuid-perm\",\"consumer_type\":\"application\",\"start_consume_from_sequence\":1,"
                    + "\"last_messages\":-1,\"req_version\":4}"));
        }
        assertEquals(200, root.get("stations/getStation?station_name=perm.secret").code());
    }

    /** Each of these would read, change or remove what the user may not touch. */
    @ParameterizedTest
    @ValueSource(strings = {"$JS.API.STREAM.MSG.GET.perm#secret$1", "$JS.API.STREAM.MSG.DELETE.perm#secret$1",
        "$JS.API.STREAM.PURGE.perm#secret$1", "$JS.API.DIRECT.GET.perm#secret$1",
        "$JS.API.DIRECT.GET.perm#secret$1.perm#secret$1.final", "$JS.API.STREAM.DELETE.perm#secret$1",
        "$JS.API.STREAM.UPDATE.perm#secret$1", "$JS.API.STREAM.INFO.perm#secret$1",
        "$JS.API.CONSUMER.CREATE.perm#secret$1", "$JS.API.CONSUMER.CREATE.perm#secret$1.x.perm#secret$1.final",
        "$JS.API.CONSUMER.DURABLE.CREATE.perm#secret$1.x", "$JS.API.CONSUMER.MSG.NEXT.perm#secret$1.all",
        "$JS.API.CONSUMER.DELETE.perm#secret$1.all", "$JS.API.CONSUMER.INFO.perm#secret$1.all",
        "$JS.ACK.perm#secret$1.all.1.1.1.1.0", "$JS.ACK._.x.perm#secret$1.all.1.1.1.1.0", "$JS.API.STREAM.LIST",
        "$JS.API.STREAM.SNAPSHOT.perm#secret$1", "$memphis_ws_subs.main_overview_data", "plain.subject"})
    void shouldNotBeAWayAround(String subject) throws IOException {
        long before = secretMessages();
        try (RawConnection user = connect("")) {
            user.send("SUB _INBOX.perm.* 7\r\n");
            assertRefused(user, "PUB " + subject + " _INBOX.perm.1 9\r\n{\"seq\":1}\r\n",
                    "-ERR 'Permissions Violation for Publish to \"" + subject + "\"'");
        }
        assertEquals(before, secretMessages());
    }

    @Test
    void shouldNotLetAnswersAndDeliveriesWriteWhereTheUserMayNot() throws IOException {
        long before = secretMessages();
        try (RawConnection user = connect("")) {
            assertRefused(user, "PUB $JS.API.INFO perm#secret$1.final 0\r\n\r\n",
                    "-ERR 'Permissions Violation for Publish to \"$JS.API.INFO\"'");
            String stream = user.request("$JS.API.STREAM.CREATE.perm#own$1",
                    "{\"name\":\"perm#own$1\",\"subjects\":[\"perm#own$1.>\"],\"republish\":{\"src\":\">\",\"dest\":"
                    + "\"perm#secret$1.>\"}}");
            assertTrue(stream.contains("is not allowed to use these subjects"), stream);
            String consumer = user.request("$JS.API.CONSUMER.CREATE.perm#in$1.push", "{\"stream_name\":\"perm#in$1\","
                    + "\"config\":{\"name\":\"push\",\"deliver_subject\":\"perm#secret$1.x\",\"ack_policy\":\"none\"}}");
            assertTrue(consumer.contains("is not allowed to use this deliver subject"), consumer);
        }
        assertEquals(before, secretMessages());
    }

    @ParameterizedTest
    @ValueSource(strings = {">", "*.>", "*.final", "_INBOX.>", "_INBOX.*", "_INBOX.*.*", "$JS.EVENT.ADVISORY.>",
        "$JS.API.>", "$memphis_ws_pubs.>", "$memphis_dls_perm#secret.>"})
    void shouldNotListenToOthers(String pattern) throws IOException {
        try (RawConnection user = connect("")) {
            assertRefused(user, "SUB " + pattern + " 1\r\n",
                    "-ERR 'Permissions Violation for Subscription to \"" + pattern + "\"'");
        }
    }

    @Test
    void shouldShowOnlyStreamsOfStationsTheUserMayUse() throws IOException {
        try (RawConnection user = connect("")) {
            String names = user.request("$JS.API.STREAM.NAMES", "");
            assertTrue(names.contains("perm#in$1") && names.contains("perm#out$1"), names);
            assertFalse(names.contains("perm#secret$1"), names);
        }
    }
}
