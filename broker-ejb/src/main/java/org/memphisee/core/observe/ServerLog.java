package org.memphisee.core.observe;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import org.memphisee.core.access.StationAccess;
import org.memphisee.core.access.Users;
import org.memphisee.core.append.SideLogs;
import org.memphisee.core.log.SideLog;
import org.memphisee.core.log.SideRecord;
import org.memphisee.core.time.BrokerClock;

/**
 * What the server said, for people (features.md 9.6): kept in a side log with age and budget. A flood of lines costs at most
 * {@value #LINES_A_SECOND} a second; what was left out is counted and said. Any thread; nothing here waits.
 */
public final class ServerLog {

    /** Lines of one page, at most. */
    public static final int MAX_PAGE = 100;
    static final int LINES_A_SECOND = 200;
    static final int MAX_CHARACTERS = 8_192;

    private static final int VERSION = 1;
    private static final int SLICE = 200;
    /** Lines that one question looks at. */
    private static final int MAX_SEEN = 50_000;
    private static final long SECOND = 1_000_000_000L;

    /** Kinds of lines. */
    public enum Type {
        INFO, WARN, ERR,
        /** Of the insides: for who maintains the server. */
        SYS;

        /** As clients name it. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One line.
     *
     * @param number its number; later ones are higher
     * @param atNanos when, nanoseconds since the epoch
     * @param type kind
     * @param source who said it, the name of a server
     * @param data the text
     */
    public record Line(long number, long atNanos, Type type, String source, String data) { }

    private final SideLogs logs;
    private final StationAccess access;
    private final BrokerClock clock;
    private final String source;
    private long second = Long.MIN_VALUE;
    private int inSecond;
    private long leftOut;

    /**
     * A log of one server.
     *
     * @param source its name
     */
    public ServerLog(SideLogs logs, Users users, BrokerClock clock, String source) {
        this.logs = logs;
        this.access = new StationAccess(users);
        this.clock = clock;
        this.source = source;
    }

    /** Keeps a line of the broker itself, cut after {@value #MAX_CHARACTERS} characters, unless there are too many. */
    public void add(Type type, String data) {
        add(type, source, data);
    }

    /** The same of a part that people know by a name of its own. */
    public void add(Type type, String part, String data) {
        long missing = admit();
        if (missing < 0) {
            return;
        }
        if (missing > 0) {
            logs.append(SideLog.SERVER, encode(Type.WARN, source, missing + " lines were left out: more than " + LINES_A_SECOND
                + " came in a second"));
        }
        logs.append(SideLog.SERVER, encode(type, part, data));
    }

    /** Lines that were left out before this one; negative when it is left out itself. */
    private synchronized long admit() {
        long now = Math.floorDiv(clock.nowNanos(), SECOND);
        if (now != second) {
            second = now;
            inSecond = 0;
        }
        if (++inSecond > LINES_A_SECOND) {
            leftOut++;
            return -1;
        }
        long missing = leftOut;
        leftOut = 0;
        return missing;
    }

    /**
     * The latest lines, the latest first.
     *
     * @param asker the user who asks
     * @param types kinds that are wanted
     * @param from source that is wanted, empty for any
     * @param start the highest number to look at, -1 for the latest
     * @throws org.memphisee.core.access.AccessRefusal the user has limits
     */
    public CompletableFuture<List<Line>> find(String asker, Set<Type> types, String from, long start) {
        access.requireEverything(asker, "see the server's log");
        List<Line> found = new ArrayList<>();
        return walk(start < 0 ? Long.MAX_VALUE : start, types, from, found, 0).thenApply(done -> List.copyOf(found));
    }

    /**
     * A part of the log, in the order in which it was said.
     *
     * @param lines those that are wanted
     * @param next with which number to go on, 0 at the end
     */
    public record Part(List<Line> lines, long next) { }

    /**
     * The lines from a number on, the oldest first, for who reads the whole log part by part.
     *
     * @param asker the user who asks
     * @param types kinds that are wanted
     * @param from source that is wanted, empty for any
     * @param start the lowest number to look at
     * @param most how many lines are looked at, at most {@value #SLICE}
     * @throws org.memphisee.core.access.AccessRefusal the user has limits
     */
    public CompletableFuture<Part> part(String asker, Set<Type> types, String from, long start, int most) {
        access.requireEverything(asker, "see the server's log");
        int slice = Math.min(SLICE, most);
        return logs.read(SideLog.SERVER, start, true, slice).thenApply(records -> new Part(records.stream()
            .flatMap(record -> decode(record).stream()).filter(line -> types.contains(line.type())
                && (from.isEmpty() || from.equals(line.source()))).toList(),
            records.size() < slice ? 0 : records.get(records.size() - 1).number() + 1));
    }

    private CompletableFuture<Void> walk(long start, Set<Type> types, String from, List<Line> found, int seen) {
        return logs.read(SideLog.SERVER, start, false, SLICE).thenCompose(records -> {
            for (SideRecord record : records) {
                decode(record).filter(line -> types.contains(line.type()) && (from.isEmpty() || from.equals(line.source())))
                    .filter(line -> found.size() < MAX_PAGE).ifPresent(found::add);
            }
            boolean end = records.size() < SLICE || found.size() >= MAX_PAGE || seen + SLICE >= MAX_SEEN;
            return end ? CompletableFuture.completedFuture(null)
                : walk(records.get(SLICE - 1).number() - 1, types, from, found, seen + SLICE);
        });
    }

    /** The stored form: version, kind, source and text. */
    static byte[] encode(Type type, String source, String data) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeUTF(type.label());
            out.writeUTF(source);
            out.write((data.length() <= MAX_CHARACTERS ? data : data.substring(0, MAX_CHARACTERS) + "...")
                .getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException("memory is always writable", e);
        }
        return bytes.toByteArray();
    }

    /** Reads it back; empty for what is damaged or of a newer release. */
    static Optional<Line> decode(SideRecord record) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(record.bytes()))) {
            if (in.read() != VERSION) {
                return Optional.empty();
            }
            Type type = Type.valueOf(in.readUTF().toUpperCase(Locale.ROOT));
            String source = in.readUTF();
            return Optional.of(new Line(record.number(), record.atNanos(), type, source,
                new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
