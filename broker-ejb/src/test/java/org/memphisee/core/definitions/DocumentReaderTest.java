package org.memphisee.core.definitions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentReaderTest {

    private static final String HEAD = "{'format':'memphisee.definitions','version':1,";

    private static DefinitionsDocument read(String text) {
        return DocumentReader.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8), 32);
    }

    private static DocumentRefusal refusal(String text) {
        return assertThrows(DocumentRefusal.class, () -> read(text));
    }

    @Test
    void shouldTakeLittleForEnough() {
        DefinitionsDocument document = read(HEAD + "'stations':[{'name':'Orders'}],'users':[{'name':'Ann','type':'management'}]}");
        assertEquals("orders", document.stations().get(0).name());
        assertEquals(3600, document.stations().get(0).request().retentionValue());
        assertEquals("ann", document.users().get(0).name());
        assertEquals(List.of(), document.schemas());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "'stations':[{'name':'a'},{'name':'b','retention':5}]|/stations/1/retention: there is no such member; correct its name or remove it",
        "'stations':[{'name':'a','partitions':'many'}]|/stations/0/partitions: a whole number is needed",
        "'stations':[{'name':'a','partitions':33}]|/stations/0: cannot create station with 33 partitions (max:32 min:1)",
        "'stations':[{'name':'a','replicas':3}]|/stations/0/replicas: this broker is alone and keeps one copy; write 1",
        "'stations':[{'name':'a','retention_type':'weeks'}]|/stations/0: retention type can be one of",
        "'stations':[{'name':'a b'}]|/stations/0: Only alphanumeric",
        "'stations':[{'name':'a'},{'name':'A'}]|/stations: \\\"a\\\" is in it twice; leave one",
        "'stations':[{'name':'a','groups':[{'name':'g'},{'name':'G'}]}]|/stations/0/groups: \\\"g\\\" is in it twice",
        "'stations':[{'name':'a','groups':[{'name':'g','size':1}]}]|/stations/0/groups/0/size: there is no such member",
        "'stations':[{'name':'a','schema':{'name':'s','enforcement':'maybe'}}]|/stations/0/schema/enforcement: one of off, warn, refuse is needed",
        "'stations':{}|/stations: a list is needed",
        "'stations':[5]|/stations/0: an object is needed",
        "'stations':[{'name':'a','dls_poison':'yes'}]|/stations/0/dls_poison: true or false is needed",
        "'users':[{'name':'root','type':'management'}]|/users/0: root is made by the settings",
        "'users':[{'name':'a','type':'king'}]|/users/0: user type has to be",
        "'users':[{'name':'a','password':'weak'}]|/users/0: Password must be",
        "'users':[{'name':'a','password_hash':'md5$x'}]|/users/0: password_hash is none of this broker's",
        "'users':[{'name':'a','password_hash':'pbkdf2-sha256$1$2000000000$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'}]"
            + "|/users/0: password_hash is none of this broker's",
        "'users':[{'name':'a','permissions':{'allow_read':'x'}}]|/users/0/permissions/allow_read: a list is needed",
        "'schemas':[{'name':'s','versions':[]}]|/schemas/0/versions: at least one version is needed",
        "'schemas':[{'name':'s','versions':[{'content':'{}'}],'active':2}]|/schemas/0/active: a number from 1 to 1 is needed",
        "'schemas':[{'name':'s','versions':[{'content':'{}'},{'content':'{}'}]}]|/schemas/0/versions: two versions say the same",
        "'tags':[{'name':'a','color':'red'}]|/tags/0/color: ",
        "'settings':{'logs_retention':[1]}|/settings/logs_retention: a text or a whole number is needed",
        "'more~/':1|/more~0~1: there is no such member"})
    void shouldNameTheProblemAndWhereItIs(String text) {
        int bar = text.lastIndexOf('|');
        String message = refusal(HEAD + text.substring(0, bar) + "}").getMessage();
        assertTrue(message.contains(text.substring(bar + 1).replace("\\\"", "\"")), message);
        assertTrue(message.contains("nothing was changed"), message);
    }

    @Test
    void shouldNameManyProblemsAndCountTheRest() {
        String message = refusal(HEAD + "'stations':[" + "{'name':''},".repeat(29) + "{'name':''}]}").getMessage();
        assertTrue(message.contains("/stations/0/name: a text that is not empty is needed"), message);
        assertTrue(message.contains("more"), message);
        assertTrue(message.lines().count() < 30, message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"|no JSON object", "[]|no JSON object", "{|no JSON: ", "{} {}|no JSON: ", "{'a':1,'a':2}|no JSON: ",
        "{'format':'other','version':1}|none of definitions: /format is not \"memphisee.definitions\"",
        "{'format':'memphisee.definitions'}|without its version",
        "{'format':'memphisee.definitions','version':2,'new':[]}|of version 2, and this release reads up to version 1; use the release"})
    void shouldRefuseWhatIsNoSuchDocument(String text) {
        int bar = text.lastIndexOf('|');
        String message = refusal(text.substring(0, bar)).getMessage();
        assertTrue(message.contains(text.substring(bar + 1)), message);
    }

    static Stream<String> hostile() {
        String deep = HEAD + "'stations':" + "[".repeat(8_000_000);
        String many = HEAD + "'stations':[" + "1,".repeat(8_000_000) + "1]}";
        String names = HEAD + "'settings':{" + "'a':1,".repeat(2_000_000) + "'b':1}}";
        String longName = HEAD + "'" + "n".repeat(15_000_000) + "':1}";
        String number = HEAD + "'version2':" + "9".repeat(15_000_000) + "}";
        String large = HEAD + "'product':'" + "x".repeat(17_000_000) + "'}";
        String objects = HEAD + "'stations':[" + "{},".repeat(5_000_000) + "{}]}";
        String wrong = HEAD + "'stations':[" + "{'name':5},".repeat(100_000) + "{}]}"; // inside of the budget, and each is a problem
        return Stream.of(deep, many, names, longName, number, large, objects, wrong);
    }

    /** Whatever somebody sends, it is refused for some hundred MiB of garbage at most, whose larger part is never alive at once. */
    @ParameterizedTest
    @MethodSource("hostile")
    void shouldBoundWhatAHostileDocumentCosts(String text) {
        byte[] bytes = text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        DocumentRefusal refusal = assertThrows(DocumentRefusal.class, () -> DocumentReader.read(bytes, 32));
        long cost = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        assertTrue(cost < 300L << 20, (cost >> 20) + " MiB for " + refusal.getMessage());
        assertTrue(refusal.getMessage().length() < 10_000, "the answer is short");
    }
}
