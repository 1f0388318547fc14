package org.memphisee.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;

/** Backups of a node: what is listed, and what the store tool is asked. */
class NodeBackupCommandsTest extends CliFixture {

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
}
