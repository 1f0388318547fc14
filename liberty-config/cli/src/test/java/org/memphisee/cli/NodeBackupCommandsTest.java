package org.memphisee.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Backups of a node: what is listed, and what the store tool is asked. */
class NodeBackupCommandsTest extends CliFixture {

    private FakeBroker broker;

    @BeforeEach
    void open() {
        broker = new FakeBroker();
        environment.put("MEMPHISEE_CLI_API", broker.url());
        environment.put("MEMPHISEE_CLI_PASSWORD", "secret");
    }

    @AfterEach
    void close() {
        broker.close();
    }

    private Path backup(String name, boolean complete) throws IOException {
        Path directory = Files.createDirectories(home.resolve("backups").resolve(name).resolve("log"));
        Files.writeString(directory.resolve("00000000.jdb"), "x".repeat(100));
        if (complete) {
            Files.writeString(directory.resolveSibling("MANIFEST"), "1234567890");
        }
        return directory.getParent();
    }

    private void tool(String script) throws IOException {
        environment.put("MEMPHISEE_CLI_TOOLS", home.toString());
        Files.writeString(home.resolve("memphis-store"), script + "\n");
    }

    @Test
    void shouldListWhatIsThereAndSayWhatIsNotComplete() throws IOException {
        Path backups = Files.createDirectories(home.resolve("backups"));
        shouldEnd(66, "backup", "ls", backups.toString());
        backup("20261130T130000Z.partial", false);
        backup("20261129T120000Z", false);
        Files.createDirectories(backups.resolve("lost+found"));
        shouldEnd(66, "backup", "ls", backups.toString());
        backup("20261130T120000Z", true);

        shouldEnd(0, "backup", "ls", backups.toString(), "--no-headers");

        assertEquals("20261130T130000Z.partial\tfalse\t100\n20261130T120000Z\ttrue\t110\n20261129T120000Z\tfalse\t100\n", out);
        shouldEnd(66, "backup", "ls", home.resolve("none").toString());
    }

    private static String task(String state, String more) {
        return "{'id':7,'name':'Backup','created_at':'2026-11-30T12:00:00Z','created_by':'root','station_name':'',"
            + "'data':{'offset':9" + (state.equals("completed") ? ",'backup':'20261130T120000Z'" : "") + "},'status':'" + state
            + "','failure_reason':'" + more + "','kind':'backup_node','state':'" + state + "','stopping':false,'done':9,'total':12,"
            + "'ended_at':'0001-01-01T00:00:00Z'}";
    }

    @Test
    void shouldAskTheBrokerForOneAndWaitForItWhenToldTo() {
        broker.answer("POST /api/v2/backups", 200, task("running", ""));
        shouldEnd(0, "backup", "create", "-o", "json");
        assertTrue(out.contains("\"TaskList\"") && out.contains("\"running\""), out);

        broker.answer("GET /api/asyncTasks/getAsyncTasks", 200, "{'async_tasks':[" + task("completed", "") + "]}");
        shouldEnd(0, "backup", "create", "--wait", "--no-headers");
        assertEquals("20261130T120000Z\ttrue\t9\n", out);

        broker.answer("GET /api/asyncTasks/getAsyncTasks", 200, "{'async_tasks':[" + task("failed", "the disk is full") + "]}");
        shouldEnd(1, "backup", "create", "--wait");
        assertTrue(err.contains("the disk is full"), err);
        broker.answer("GET /api/asyncTasks/getAsyncTasks", 200, "{'async_tasks':[" + task("interrupted", "") + "]}");
        shouldEnd(1, "backup", "create", "--wait");
        assertTrue(err.contains("interrupted"), err);
        broker.answer("GET /api/asyncTasks/getAsyncTasks", 200, "{'async_tasks':[]}");
        shouldEnd(66, "backup", "create", "--wait");

        broker.answer("POST /api/v2/backups", 406, "{'message':'This broker has no directory for backups'}");
        shouldEnd(1, "backup", "create", "--wait");
        assertTrue(err.contains("no directory"), err);
    }

    @Test
    void shouldAskAllNodesAndSayWhichMadeOne() {
        String begun = task("running", "").replace("backup_node", "backup_cluster");
        broker.answer("POST /api/v2/backups", 200, begun);
        String complete = begun.replace("running", "completed").replace("'offset':9", "'offset':2,'n1':'20261130T120001Z','n0':'20261130T120000Z'");
        broker.answer("GET /api/asyncTasks/getAsyncTasks", 200, "{'async_tasks':[" + complete + "]}");
        shouldEnd(0, "backup", "create", "--all-nodes", "--wait", "--no-headers");
        assertEquals("n0\t20261130T120000Z\ttrue\nn1\t20261130T120001Z\ttrue\n", out);
        assertTrue(broker.requests().stream().anyMatch(said -> said.startsWith("POST /api/v2/backups {'all_nodes':true}")), broker.requests()::toString);

        broker.answer("GET /api/asyncTasks/getAsyncTasks", 200, "{'async_tasks':[" + complete.replace("completed", "failed")
            .replace("'failure_reason':''", "'failure_reason':'n1: no room'").replace("'n1':'20261130T120001Z',", "") + "]}");
        shouldEnd(3, "backup", "create", "--all-nodes", "--wait", "--no-headers");
        assertEquals("n0\t20261130T120000Z\ttrue\n", out);
        assertTrue(err.contains("Not all nodes made one: n1: no room") && err.contains("memphisee backup create --wait"), err);
    }

    @Test
    void shouldListWhatTheBrokerHasWithoutADirectory() {
        broker.answer("GET /api/v2/backups", 200, "{'directory':'/b','keep':7,'running':true,'backups':["
            + "{'name':'20261130T120000Z','created_at':'2026-11-30T12:00:00Z','bytes':110}]}");
        shouldEnd(0, "backup", "ls", "--no-headers");
        assertEquals("20261130T120000Z\ttrue\t110\n", out);
        broker.answer("GET /api/v2/backups", 200, "{'directory':'/b','keep':7,'running':false,'backups':[]}");
        shouldEnd(66, "backup", "ls");
    }

    @Test
    void shouldVerifyAndRestoreThroughTheStoreTool() throws IOException {
        String backup = backup("20261130T120000Z", true).toString();
        tool("test \"$*\" = 'verify-backup " + backup + "'");
        shouldEnd(0, "backup", "verify", backup);
        tool("exit 1");
        shouldEnd(65, "backup", "verify", backup);
        tool("test \"$*\" = 'restore " + backup + " --data d --replace --same'");
        shouldEnd(0, "backup", "restore", backup, "--data", "d", "--replace", "--same", "--yes");
        tool("test \"$*\" = 'restore " + backup + " --data d'");
        shouldEnd(0, "backup", "restore", backup, "--data", "d");
    }

    @Test
    void shouldReplaceNothingUnasked() throws IOException {
        tool("touch " + home.resolve("called"));
        shouldEnd(64, "backup", "restore", "b", "--data", "d", "--replace");
        assertTrue(err.contains("--yes"), err);
        assertTrue(Files.notExists(home.resolve("called")));
        shouldEnd(64, "backup", "restore", "b");
    }

    @Test
    void shouldHaveTheStoreToolRemoveOldOnesWhenARuleIsGivenAndNobodyMindsIt() throws IOException {
        tool("touch " + home.resolve("called"));
        shouldEnd(64, "backup", "prune", "d", "--yes");
        assertTrue(err.contains("--keep"), err);
        shouldEnd(64, "backup", "prune", "d", "--keep", "3");
        assertTrue(err.contains("--yes"), err);
        shouldEnd(64, "backup", "prune", "d", "--older-than", "a while", "--yes");
        assertTrue(Files.notExists(home.resolve("called")));
        tool("test \"$*\" = 'prune-backups d --keep 3'");
        shouldEnd(0, "backup", "prune", "d", "--keep", "3", "--yes");
        tool("test \"$*\" = 'prune-backups d --keep 3 --dry-run'");
        shouldEnd(0, "backup", "prune", "d", "--keep", "3", "--dry-run");
        tool("case \"$*\" in 'prune-backups d --before 20'??-??-??T??:??:??Z' --dry-run') exit 0;; esac; exit 1");
        shouldEnd(0, "backup", "prune", "d", "--older-than", "30d", "--dry-run");
    }
}
