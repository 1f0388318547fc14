package org.memphisee.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DefinitionCommandsTest extends CliFixture {

    private static final String DOCUMENT = "{'format':'memphisee.definitions','version':1,'users':[{'name':'u'}],'stations':[]}";
    private static final String PLAN = "{'dry_run':%s,'complete':%s,'changes':["
        + "{'kind':'user','name':'u','action':'same','details':[],'result':'none','error':''},"
        + "{'kind':'station','name':'a','action':'update','details':['retention_value is 1 here and 2 in the document'],'result':'%s','error':'%s'}]}";

    private FakeBroker broker;
    private Path file;

    @BeforeEach
    void open() throws IOException {
        broker = new FakeBroker();
        environment.put("MEMPHISEE_CLI_API", broker.url());
        environment.put("MEMPHISEE_CLI_PASSWORD", "secret");
        broker.answer("GET /api/v2/definitions", 200, DOCUMENT);
        file = Files.writeString(home.resolve("definitions.json"), DOCUMENT.replace('\'', '"'));
    }

    @AfterEach
    void close() {
        broker.close();
    }

    @Test
    void shouldWriteTheDocumentForPeopleAndVersionControl() {
        shouldEnd(0, "definitions", "export");
        assertEquals("""
            {
              "format" : "memphisee.definitions",
              "version" : 1,
              "users" : [
                {
                  "name" : "u"
                }
              ],
              "stations" : [ ]
            }
            """, out);
    }

    @Test
    void shouldWriteAFileThatOnlyItsOwnerReadsAndNeverOverAnother() throws IOException {
        broker.answer("GET /api/v2/definitions?with_password_hashes=true", 200, DOCUMENT);
        Path to = home.resolve("out.json");
        shouldEnd(0, "definitions", "export", "--with-password-hashes", "--out", to.toString());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(to)));
        assertTrue(Files.readString(to).contains("\"name\" : \"u\""));
        assertEquals("", out);
        shouldEnd(64, "definitions", "export", "--out", to.toString());
        assertTrue(err.contains("does not exist yet"), err);
    }

    @Test
    void shouldLeavePartsOut() {
        shouldEnd(0, "definitions", "export", "--without", "users,tags");
        assertFalse(out.contains("users"), out);
        assertTrue(out.contains("stations"), out);
        shouldEnd(64, "definitions", "export", "--without", "user");
        assertTrue(err.contains("no part user"), err);
    }

    @Test
    void shouldBringADocumentInAndSayWhatWasDone() {
        broker.answer("POST /api/v2/definitions/import?on_conflict=update", 200, PLAN.formatted("false", "true", "done", ""));
        shouldEnd(0, "definitions", "import", file.toString(), "--on-conflict", "update", "--without", "users");
        assertEquals("KIND\tNAME\tACTION\tRESULT\tDETAILS\nstation\ta\tupdate\tdone\tretention_value is 1 here and 2 in the document\n", out);
        assertEquals("POST /api/v2/definitions/import?on_conflict=update {'format':'memphisee.definitions','version':1,'stations':[]}"
            + " [Bearer token-1]", broker.requests().get(1));
    }

    @Test
    void shouldReadTheInput() {
        broker.answer("POST /api/v2/definitions/import?on_conflict=fail", 200, PLAN.formatted("false", "true", "done", ""));
        input = DOCUMENT.replace('\'', '"');
        shouldEnd(0, "definitions", "import", "-");
        assertTrue(broker.requests().get(1).contains(DOCUMENT), broker.requests().toString());
    }

    @Test
    void shouldGiveStationsAsManyReplicasAsAskedFor() {
        broker.answer("POST /api/v2/definitions/import?on_conflict=fail", 200, PLAN.formatted("false", "true", "done", ""));
        input = "{\"version\":1,\"stations\":[{\"name\":\"a\",\"replicas\":3},{\"name\":\"b\"}]}";
        shouldEnd(0, "definitions", "import", "-", "--replicas", "1");
        assertTrue(broker.requests().get(1).contains("{'version':1,'stations':[{'name':'a','replicas':1},{'name':'b','replicas':1}]}"),
            broker.requests().toString());
    }

    @Test
    void shouldTellWhatWouldBeDone() {
        broker.answer("POST /api/v2/definitions/import?on_conflict=fail&dry_run=true", 200, PLAN.formatted("true", "false", "none", ""));
        shouldEnd(0, "definitions", "import", file.toString(), "--dry-run");
        broker.answer("POST /api/v2/definitions/import?on_conflict=fail&dry_run=true", 200,
            PLAN.formatted("true", "false", "none", "").replace("update", "conflict"));
        shouldEnd(1, "definitions", "import", file.toString(), "-n");
    }

    @Test
    void shouldEndWithOneWhenTheBrokerSaysNoOrCouldNot() {
        broker.answer("POST /api/v2/definitions/import?on_conflict=fail", 200, PLAN.formatted("false", "false", "failed", "the disk is full"));
        shouldEnd(1, "definitions", "import", file.toString());
        assertEquals("memphisee: station a: the disk is full\n", err);
        broker.answer("POST /api/v2/definitions/import?on_conflict=fail", 406, "{'message':'Nothing was imported:\\nstation a: differs'}");
        shouldEnd(1, "definitions", "import", file.toString());
        assertEquals("memphisee: Nothing was imported:\nstation a: differs\n", err);
    }

    @Test
    void shouldShowDifferencesWithTheExitCode() throws IOException {
        broker.answer("POST /api/v2/definitions/diff", 200, "{'changes':[]}");
        shouldEnd(0, "definitions", "diff", file.toString());
        broker.answer("POST /api/v2/definitions/diff", 200, "{'changes':[{'kind':'group','name':'a/g','action':'only_here','details':[],"
            + "'result':'none','error':''}]}");
        shouldEnd(1, "definitions", "diff", file.toString(), "-o", "json");
        shouldPrint("definitions-diff.json");
    }

    @Test
    void shouldRefuseAFileThatIsNoDocument() throws IOException {
        shouldEnd(66, "definitions", "import", home.resolve("gone.json").toString());
        Files.writeString(file, "{");
        shouldEnd(65, "definitions", "diff", file.toString());
        Files.writeString(file, "[]");
        shouldEnd(65, "definitions", "diff", file.toString());
        Files.writeString(file, "x".repeat((16 << 20) + 1));
        shouldEnd(65, "definitions", "diff", file.toString());
        assertTrue(err.contains("split it"), err);
    }
}
