package org.memphisee.cli.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;

/**
 * One stream of a backup. Its files lie in a directory of its own with the names that {@code nats stream restore} expects.
 *
 * @param directory name of the directory inside the backup
 * @param stream name of the stream
 * @param number number of the partition from 1, 0 for the stream of a plain client
 * @param messages how many were in it when its archive began
 * @param bytes length of the archive
 * @param sha256 its digest, in hex
 */
record SavedStream(String directory, String stream, int number, long messages, long bytes, String sha256) {

    /** The archive. */
    static final String ARCHIVE = "stream.tar.s2";
    /** What STREAM.SNAPSHOT answered: configuration and state. */
    static final String ANSWER = "backup.json";

    private static final int BUFFER = 64 << 10;

    static SavedStream read(JsonNode json) {
        String directory = json.path("directory").asText();
        if (!directory.matches("[1-9]\\d{0,4}")) { // never a way out of the backup
            throw new CliFailure(ExitCode.BAD_DATA, "\"" + directory + "\" is no directory of a backup");
        }
        return new SavedStream(directory, json.path("stream").asText(), json.path("number").asInt(), json.path("messages").asLong(),
            json.path("bytes").asLong(), json.path("sha256").asText());
    }

    ObjectNode json() {
        return JsonNodeFactory.instance.objectNode().put("directory", directory).put("stream", stream).put("number", number)
            .put("messages", messages).put("bytes", bytes).put("sha256", sha256);
    }

    Path archive(Path backup) {
        return backup.resolve(directory).resolve(ARCHIVE);
    }

    /** Ends with "bad data" unless the archive is the one that was written. */
    void check(Path backup) throws IOException {
        MessageDigest digest = sha256Digest();
        Path archive = archive(backup);
        if (!Files.isRegularFile(archive)) {
            throw new CliFailure(ExitCode.BAD_DATA, archive + " is missing: the backup is not complete");
        }
        try (InputStream in = Files.newInputStream(archive)) {
            byte[] buffer = new byte[BUFFER];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        if (Files.size(archive) != bytes || !HexFormat.of().formatHex(digest.digest()).equals(sha256)) {
            throw new CliFailure(ExitCode.BAD_DATA, archive + " is not what was written: it was cut or altered. Nothing was restored");
        }
    }

    static MessageDigest sha256Digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every Java runtime", e);
        }
    }
}
