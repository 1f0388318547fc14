package org.memphisee.cli.backup;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import org.memphisee.cli.link.Broker;
import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;
import org.memphisee.client.BrokerSession;
import org.memphisee.client.HeaderBlock;
import org.memphisee.client.SubscriptionHandler;
import org.memphisee.wire.ClientFrames;

/**
 * Takes all streams of a station out of a running broker, one after the other: each as it is when its archive begins. The directory
 * appears under its name when it is complete, and only its owner may read it.
 */
public final class StationBackup {

    private static final byte[] NONE = {};
    private static final int CHUNK = 256 << 10;
    private static final int DONE = 204;
    private static final long SILENCE_SECONDS = 30;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Broker broker;
    private BrokerSession session;

    /** Over a session of its own, which begins when it is needed and ends with the broker's. */
    public StationBackup(Broker broker) {
        this.broker = broker;
    }

    /**
     * Writes the backup.
     *
     * @param to a directory that does not exist yet
     * @param groups whether the positions of groups go with it
     * @return the streams, for people and programs
     */
    public List<? extends JsonNode> write(String station, Path to, boolean groups) {
        Path target = to.toAbsolutePath().normalize();
        Path partial = target.resolveSibling(target.getFileName() + ".partial");
        if (Files.exists(target)) {
            throw CliFailure.usage(to + " is there already; name a directory that does not exist yet");
        }
        session = broker.open();
        String time = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        List<String> names = new ArrayList<>(broker.streamsOf(session, station));
        names.sort(Comparator.comparingInt(StationBackup::number));
        try {
            make(partial);
            List<SavedStream> saved = new ArrayList<>();
            try {
                for (String name : names) {
                    saved.add(save(name, partial, Integer.toString(saved.size() + 1), groups));
                }
                new StationManifest(station, time, saved).write(partial);
                Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException | RuntimeException e) {
                remove(partial);
                throw e;
            }
            return saved.stream().map(SavedStream::json).toList();
        } catch (FileAlreadyExistsException e) {
            throw CliFailure.usage(e.getFile() + " is what an interrupted backup left; remove it");
        } catch (IOException e) {
            throw CliFailure.refused("The backup cannot be written: " + e);
        }
    }

    /** Of the partition; 0 for the stream of a plain client. */
    static int number(String stream) {
        String last = stream.substring(stream.lastIndexOf('$') + 1);
        return stream.indexOf('$') >= 0 && last.matches("[1-9]\\d{0,4}") ? Integer.parseInt(last) : 0;
    }

    private static void make(Path directory) throws IOException {
        FileAttribute<?>[] owner = directory.getFileSystem().supportedFileAttributeViews().contains("posix")
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))}
            : new FileAttribute<?>[0];
        Files.createDirectory(directory, owner);
    }

    private static void remove(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SavedStream save(String stream, Path backup, String name, boolean groups) throws IOException {
        Path directory = Files.createDirectory(backup.resolve(name));
        LinkedBlockingQueue<Chunk> chunks = new LinkedBlockingQueue<>(); // the server's window bounds it
        long sid = session.newSubscription(new Handler(chunks));
        String inbox = session.inboxPrefix() + "backup." + sid;
        line("SUB " + inbox + " " + sid);
        try {
            JsonNode answer = broker.request(session, "$JS.API.STREAM.SNAPSHOT." + stream, JSON.createObjectNode()
                .put("deliver_subject", inbox).put("chunk_size", CHUNK).put("no_consumers", !groups).toString());
            Files.write(directory.resolve(SavedStream.ANSWER), JSON.writeValueAsBytes(answer));
            var digest = SavedStream.sha256Digest();
            long bytes = 0;
            try (OutputStream out = new DigestOutputStream(Files.newOutputStream(directory.resolve(SavedStream.ARCHIVE)), digest)) {
                for (Chunk chunk = next(chunks, stream); chunk.bytes().length > 0; chunk = next(chunks, stream)) {
                    out.write(chunk.bytes());
                    bytes += chunk.bytes().length;
                    acknowledge(chunk);
                }
            }
            return new SavedStream(name, stream, number(stream), answer.path("state").path("messages").asLong(), bytes,
                HexFormat.of().formatHex(digest.digest()));
        } finally {
            line("UNSUB " + sid);
        }
    }

    /** The broker waits for it, but for the last chunk: that has nowhere to answer to. */
    private void acknowledge(Chunk chunk) {
        if (!chunk.reply().isEmpty()) {
            ClientFrames frames = new ClientFrames(128);
            frames.publish(chunk.reply().getBytes(StandardCharsets.UTF_8), NONE, NONE, NONE);
            session.send(frames);
        }
    }

    private void line(String text) {
        ClientFrames frames = new ClientFrames(128);
        frames.line(text);
        session.send(frames);
    }

    private static Chunk next(LinkedBlockingQueue<Chunk> chunks, String stream) {
        try {
            Chunk chunk = chunks.poll(SILENCE_SECONDS, TimeUnit.SECONDS);
            if (chunk == null) {
                throw new CliFailure(ExitCode.UNREACHABLE, "The broker sends nothing of stream " + stream + " any more");
            }
            if (!chunk.problem().isEmpty()) {
                throw CliFailure.refused("The archive of stream " + stream + " was not completed: " + chunk.problem());
            }
            return chunk;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliFailure(ExitCode.INTERRUPTED, "Interrupted");
        }
    }

    /** A part of an archive, and where it is to be acknowledged, if anywhere; an empty part is the end. */
    private record Chunk(byte[] bytes, String reply, String problem) { }

    private record Handler(LinkedBlockingQueue<Chunk> chunks) implements SubscriptionHandler {

        @Override
        public void message(byte[] bytes, int subjectOffset, int subjectLength, int replyOffset, int replyLength, int bodyOffset,
                            int headerLength, int payloadLength) {
            byte[] part = new byte[payloadLength];
            System.arraycopy(bytes, bodyOffset + headerLength, part, 0, payloadLength);
            int status = headerLength > 0 ? HeaderBlock.status(bytes, bodyOffset, headerLength) : DONE;
            String problem = payloadLength > 0 || status == DONE ? "" : status + " "
                + HeaderBlock.description(bytes, bodyOffset, headerLength);
            chunks.add(new Chunk(part, new String(bytes, replyOffset, replyLength, StandardCharsets.UTF_8), problem));
        }

        @Override
        public void readComplete() {
            // each chunk is queued as it comes
        }
    }
}
