package org.memphisee.cli.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.cli.link.Broker;
import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;
import org.memphisee.client.BrokerSession;

/**
 * Brings a backup of a station in. All archives are compared with their digests before anything is sent; the station is seen by
 * nobody before the last of its partitions is complete (ADR 0167).
 */
public final class StationRestore {

    private static final byte[] NONE = {};
    private static final int CHUNK = 256 << 10;
    /** Room for a chunk's subject and protocol line. */
    private static final int SPARE = 1 << 10;
    private static final int WINDOW = 16;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Broker broker;
    private BrokerSession session;

    /** Over a session of its own, which begins when it is needed and ends with the broker's. */
    public StationRestore(Broker broker) {
        this.broker = broker;
    }

    /**
     * Looks at a backup and changes nothing: all its archives are what was written.
     *
     * @return the streams, for people and programs
     */
    public static List<? extends JsonNode> check(Path from) {
        try {
            List<SavedStream> streams = StationManifest.read(from).streams();
            for (SavedStream stream : streams) {
                stream.check(from);
            }
            return streams.stream().map(SavedStream::json).toList();
        } catch (IOException e) {
            throw CliFailure.notFound(from + " cannot be read: " + e);
        }
    }

    /**
     * Restores a backup.
     *
     * @param as under which name, and what of it
     * @return the streams as they are here, for people and programs
     */
    public List<? extends JsonNode> read(Path from, NewName as) {
        check(from);
        session = broker.open();
        try {
            StationManifest manifest = StationManifest.read(from);
            for (SavedStream stream : manifest.streams()) {
                restore(from, manifest, stream, as);
            }
            return manifest.streams().stream().map(stream -> stream.json().put("stream", as.stream(stream))).toList();
        } catch (JsonProcessingException e) {
            throw new CliFailure(ExitCode.BAD_DATA, "A file of " + from + " is no JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw CliFailure.notFound(from + " cannot be read: " + e);
        }
    }

    private void restore(Path from, StationManifest manifest, SavedStream stream, NewName as) throws IOException {
        JsonNode saved = JSON.readTree(Files.readAllBytes(from.resolve(stream.directory()).resolve(SavedStream.ANSWER)));
        ObjectNode request = JSON.createObjectNode();
        request.set("config", as.config(saved.path("config")));
        request.set("state", saved.path("state"));
        as.tell(request, stream);
        if (stream.number() > 0) {
            // a repeated run begins anew what an interrupted one had sent
            request.putObject("memphisee_import").put("id", "backup-" + manifest.time()).put("restart", true).putObject("station")
                .put("name", as.station(manifest)).put("number", stream.number()).put("partitions", manifest.streams().size());
        }
        String subject = offer(request, stream, as);
        Queue<CompletableFuture<byte[]>> unanswered = new ArrayDeque<>();
        try (InputStream in = Files.newInputStream(stream.archive(from))) {
            int size = Math.max(SPARE, Math.min(CHUNK, session.maxPayload() - SPARE));
            for (byte[] chunk = in.readNBytes(size); chunk.length > 0; chunk = in.readNBytes(size)) {
                unanswered.add(session.request(subject, chunk));
                if (unanswered.size() >= WINDOW) {
                    answer(unanswered.remove());
                }
            }
        }
        while (!unanswered.isEmpty()) {
            answer(unanswered.remove());
        }
        answer(session.request(subject, NONE));
    }

    /** Where the archive goes. */
    private String offer(ObjectNode request, SavedStream stream, NewName as) {
        try {
            return broker.request(session, "$JS.API.STREAM.RESTORE." + as.stream(stream), request.toString()).path("deliver_subject")
                .asText();
        } catch (CliFailure e) {
            if (as.name().isPresent() && stream.number() == 0 && e.getMessage().contains("overlap")) {
                throw new CliFailure(e.code(), e.getMessage() + ": say how they change with --subject FROM=TO");
            }
            if (e.getMessage().contains("replicas > 1")) {
                throw new CliFailure(e.code(), e.getMessage() + ": what is restored has one replica, also in a cluster; say --replicas 1");
            }
            throw e;
        }
    }

    /** Ends with what the broker says, unless it is content. */
    private void answer(CompletableFuture<byte[]> future) throws IOException {
        byte[] bytes = broker.await(future);
        if (bytes.length == 0) {
            return;
        }
        JsonNode error;
        try {
            error = JSON.readTree(bytes).path("error");
        } catch (JsonProcessingException e) {
            throw CliFailure.refused(new String(bytes, StandardCharsets.UTF_8));
        }
        if (!error.isMissingNode()) {
            throw CliFailure.refused(error.path("description").asText());
        }
    }
}
