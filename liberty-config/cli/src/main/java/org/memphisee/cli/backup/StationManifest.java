package org.memphisee.cli.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;

/**
 * What a backup of a station says of itself, in {@code station.json}. Written last: a directory without it is none.
 *
 * @param station name of the station
 * @param time when it began, ISO 8601
 * @param streams its streams in the order of their partitions
 */
record StationManifest(String station, String time, List<SavedStream> streams) {

    static final String FILE = "station.json";

    private static final String FORMAT = "memphisee.station";
    private static final int VERSION = 1;
    /** Ten thousand partitions take two. */
    private static final int MAX_BYTES = 16 << 20;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    static StationManifest read(Path backup) throws IOException {
        JsonNode json;
        try (InputStream in = Files.newInputStream(backup.resolve(FILE))) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            json = bytes.length > MAX_BYTES ? null : JSON.readTree(bytes);
        } catch (NoSuchFileException e) {
            throw CliFailure.notFound(backup + " is no backup of a station: it has no " + FILE);
        } catch (JsonProcessingException e) {
            throw new CliFailure(ExitCode.BAD_DATA, backup.resolve(FILE) + " is no JSON: " + e.getOriginalMessage());
        }
        if (json == null || !json.path("format").asText().equals(FORMAT)) {
            throw new CliFailure(ExitCode.BAD_DATA, backup + " is no backup of a station");
        }
        if (json.path("version").asInt() != VERSION) {
            throw new CliFailure(ExitCode.BAD_DATA, backup + " was written by a newer release: format " + json.path("version").asText()
                + ", readable is " + VERSION);
        }
        List<SavedStream> streams = new ArrayList<>();
        json.path("streams").forEach(one -> streams.add(SavedStream.read(one)));
        if (streams.isEmpty()) {
            throw new CliFailure(ExitCode.BAD_DATA, backup + " names no stream");
        }
        return new StationManifest(json.path("station").asText(), json.path("time").asText(), streams);
    }

    void write(Path backup) throws IOException {
        ObjectNode json = JSON.createObjectNode().put("format", FORMAT).put("version", VERSION).put("station", station).put("time", time);
        ArrayNode all = json.putArray("streams");
        streams.forEach(one -> all.add(one.json()));
        Files.write(backup.resolve(FILE), JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
    }
}
