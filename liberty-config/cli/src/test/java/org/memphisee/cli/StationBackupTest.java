package org.memphisee.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is refused of a backup before a broker hears of it, and what it is asked on the way out and back. */
class StationBackupTest extends CliFixture {

    private Path backup;

    @BeforeEach
    void write() throws Exception {
        backup = Files.createDirectory(home.resolve("orders"));
        Path stream = Files.createDirectory(backup.resolve("1"));
        Files.writeString(stream.resolve("backup.json"), "{\"config\":{},\"state\":{}}");
        Files.writeString(stream.resolve("stream.tar.s2"), "archive");
        manifest("memphisee.station", 1, "1", HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest("archive".getBytes())));
        environment.put("MEMPHISEE_CLI_SERVER", "127.0.0.1:1");
        environment.put("MEMPHISEE_CLI_PASSWORD", "p");
    }

    private void manifest(String format, int version, String directory, String sha256) throws IOException {
        Files.writeString(backup.resolve("station.json"), "{\"format\":\"" + format + "\",\"version\":" + version
            + ",\"station\":\"orders\",\"time\":\"2026-11-30T12:00:00Z\",\"streams\":[{\"directory\":\"" + directory
            + "\",\"stream\":\"orders$1\",\"number\":1,\"messages\":3,\"bytes\":7,\"sha256\":\"" + sha256 + "\"}]}");
    }

    @Test
    void shouldCompareAllFilesWithTheirDigestsBeforeABrokerIsAsked() throws IOException {
        shouldEnd(0, "station", "restore", backup.toString(), "--dry-run", "--columns", "stream,messages,bytes", "--no-headers");
        assertTrue(out.startsWith("orders$1\t3\t7"), out);
        shouldEnd(69, "station", "restore", backup.toString());

        Files.writeString(backup.resolve("1/stream.tar.s2"), "Archive");
        shouldEnd(65, "station", "restore", backup.toString());
        assertTrue(err.contains("cut or altered") && err.contains("stream.tar.s2"), err);
        Files.writeString(backup.resolve("1/stream.tar.s2"), "archiv");
        shouldEnd(65, "station", "restore", backup.toString(), "-n");
        Files.delete(backup.resolve("1/stream.tar.s2"));
        shouldEnd(65, "station", "restore", backup.toString(), "-n");
        assertTrue(err.contains("is missing"), err);
    }

    @Test
    void shouldRefuseWhatIsNoBackupOfAStationOrOfANewerRelease() throws IOException {
        manifest("memphisee.station", 2, "1", "");
        shouldEnd(65, "station", "restore", backup.toString());
        assertTrue(err.contains("newer release"), err);
        manifest("other", 1, "1", "");
        shouldEnd(65, "station", "restore", backup.toString());
        manifest("memphisee.station", 1, "../1", "");
        shouldEnd(65, "station", "restore", backup.toString());
        assertTrue(err.contains("no directory of a backup"), err);
        Files.writeString(backup.resolve("station.json"), "{");
        shouldEnd(65, "station", "restore", backup.toString());
        Files.delete(backup.resolve("station.json"));
        shouldEnd(66, "station", "restore", backup.toString());
    }

    @Test
    void shouldWriteEachPartitionAndSendAllOfThemBack() throws IOException {
        Path to = home.resolve("saved");
        try (FakeClientPort port = new FakeClientPort(Optional.empty())) {
            environment.put("MEMPHISEE_CLI_SERVER", "127.0.0.1:" + port.port());
            shouldEnd(0, "station", "backup", "orders", "--to", to.toString(), "--columns", "stream,messages,bytes", "--no-headers");
            assertEquals("orders$1\t7\t22\norders$2\t7\t22\n", out);
            assertEquals("first part of orders$2", Files.readString(to.resolve("2/stream.tar.s2")));
            assertEquals("{\"config\":{\"name\":\"orders$1\"},\"state\":{\"messages\":7}}", Files.readString(to.resolve("1/backup.json")));
            assertFalse(Files.exists(home.resolve("saved.partial")));

            shouldEnd(0, "station", "restore", to.toString());

            assertEquals(6, port.restored().size(), port.restored().toString());
            assertTrue(port.restored().get(0).startsWith("orders$1 {\"config\":{\"name\":\"orders$1\"}"), port.restored().toString());
            assertTrue(port.restored().get(0).endsWith("\"restart\":true,\"station\":{\"name\":\"orders\",\"number\":1,\"partitions\":2}}}"),
                port.restored().toString());
            assertEquals("first part of orders$1", port.restored().get(1));
            assertEquals("", port.restored().get(2));
            assertEquals("first part of orders$2", port.restored().get(4));

            shouldEnd(0, "station", "restore", to.toString(), "--replicas", "1");
            assertTrue(port.restored().get(6).startsWith("orders$1 {\"config\":{\"name\":\"orders$1\",\"num_replicas\":1},\"state\":"
                + "{\"messages\":7},\"memphisee_import\""), port.restored().toString());
        }
    }

    @Test
    void shouldAskForAnotherNameWithSubjectsThatFollowIt() throws IOException {
        try (FakeClientPort port = new FakeClientPort(Optional.empty())) {
            environment.put("MEMPHISEE_CLI_SERVER", "127.0.0.1:" + port.port());
            shouldEnd(0, "station", "restore", backup.toString(), "--as", "orders.copy", "--without-groups", "--columns", "stream",
                "--no-headers");
            assertEquals("orders#copy$1\n", out);
            assertEquals("orders#copy$1 {\"config\":{},\"state\":{},\"memphisee_as\":{\"subjects\":{\"orders$1\":\"orders#copy$1\"},"
                + "\"no_consumers\":true},\"memphisee_import\":{\"id\":\"backup-2026-11-30T12:00:00Z\",\"restart\":true,\"station\":"
                + "{\"name\":\"orders.copy\",\"number\":1,\"partitions\":1}}}", port.restored().get(0));
            shouldEnd(64, "station", "restore", backup.toString(), "--as", "b", "--subject", "orders=b");
            assertTrue(err.contains("follow its name"), err);
        }
        shouldEnd(64, "station", "restore", backup.toString(), "--subject", "a=b");
    }

    @Test
    void shouldRenameTheSubjectsOfBucketsAndOfPlainStreamsAsTold() throws IOException {
        String manifest = Files.readString(backup.resolve("station.json")).replace("\"number\":1", "\"number\":0");
        try (FakeClientPort port = new FakeClientPort(Optional.empty())) {
            environment.put("MEMPHISEE_CLI_SERVER", "127.0.0.1:" + port.port());
            Files.writeString(backup.resolve("station.json"), manifest.replace("orders$1", "KV_a"));
            shouldEnd(0, "station", "restore", backup.toString(), "--as", "KV_b");
            assertTrue(port.restored().get(0).endsWith("\"memphisee_as\":{\"subjects\":{\"$KV.a\":\"$KV.b\"}}}"), port.restored().get(0));
            Files.writeString(backup.resolve("station.json"), manifest.replace("orders$1", "orders"));
            shouldEnd(0, "station", "restore", backup.toString(), "--as", "copy", "--subject", "orders=copy", "--subject", "x.y=z");
            assertTrue(port.restored().get(3).startsWith("copy ") && port.restored().get(3).endsWith(
                "\"memphisee_as\":{\"subjects\":{\"orders\":\"copy\",\"x.y\":\"z\"}}}"), port.restored().get(3));
        }
    }

    @Test
    void shouldWriteOverNothingAndLeaveNothingWhenTheBrokerIsNotThere() {
        try (FakeClientPort port = new FakeClientPort(Optional.empty())) {
            environment.put("MEMPHISEE_CLI_SERVER", "127.0.0.1:" + port.port());
            shouldEnd(64, "station", "backup", "orders", "--to", backup.toString());
            assertTrue(err.contains("is there already"), err);
        }
        environment.put("MEMPHISEE_CLI_SERVER", "127.0.0.1:1");
        shouldEnd(69, "station", "backup", "orders", "--to", home.resolve("new").toString());
        assertFalse(Files.exists(home.resolve("new")) || Files.exists(home.resolve("new.partial")));
        shouldEnd(64, "station", "backup", "orders");
    }
}
