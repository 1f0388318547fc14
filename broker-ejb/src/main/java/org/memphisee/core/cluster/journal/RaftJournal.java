package org.memphisee.core.cluster.journal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

import org.memphisee.core.cluster.journal.JournalException.Reason;
import org.memphisee.core.time.BrokerClock;
import org.memphisee.core.time.LatencyHistogram;
import org.memphisee.core.time.World;

/**
 * The log of all replication groups of a node. Terms, votes and entries are durable when a group's listener was told so; one
 * sync serves all groups that wait. After a failed write or sync nothing is accepted until it is opened again (P3).
 *
 * <p>Opening it reads all of it, cuts what the power tore at its end, and finds damage: then the groups that lost something are
 * to {@link Standing#REBUILD}, and stay so until they are begun again, while all others go on. Nothing that is damaged is
 * removed (P2): its file gets another name when nobody needs the rest of it.
 */
public final class RaftJournal implements AutoCloseable {

    private static final long CLOSE_SECONDS = 30;

    private final JournalFiles files;
    private final JournalSettings settings;
    private final Segments segments;
    private final DurableMark mark;
    private final JournalWriter writer;
    private final RecoveryReport report;
    private final Map<Long, JournalGroup> groups = new HashMap<>();
    private World.Running running;
    private ExecutorService maker;

    /**
     * Opens the journal in a directory, or makes one.
     *
     * @param files the directory; belongs to the journal from now on, and is closed with it, also when this fails
     * @param random for numbers that files get
     * @throws JournalException when it cannot be read or written, FULL when there is no room for its first segment, NEWER when
     *     another release wrote it; nothing was removed
     */
    public static RaftJournal open(JournalFiles files, JournalSettings settings, BrokerClock clock, RandomGenerator random)
        throws JournalException {
        try {
            return new RaftJournal(files, settings, clock, random);
        } catch (IOException | RuntimeException e) {
            try {
                files.close();
            } catch (IOException also) {
                e.addSuppressed(also);
            }
            if (e instanceof JournalException known) {
                throw known;
            }
            if (e instanceof RuntimeException unexpected) {
                throw unexpected;
            }
            throw new JournalException(Reason.FAILED, "journal " + files.where() + " cannot be opened: " + e.getMessage()
                + ". Check that the directory is writable and its disk is healthy", e);
        }
    }

    private RaftJournal(JournalFiles files, JournalSettings settings, BrokerClock clock, RandomGenerator random)
        throws IOException {
        this.files = files;
        this.settings = settings;
        segments = new Segments(files, settings, random);
        DurableMark opened = null;
        try {
            opened = new DurableMark(files, segments.marked(), clock.nowNanos());
            mark = opened;
            Map<Long, String> rebuild = new TreeMap<>();
            JournalScan scan = scan();
            Optional<String> cut = scan == null || scan.remains().isEmpty() ? Optional.empty()
                : Optional.of("a torn sync group was cut at offset " + scan.endOffset() + " of "
                    + segments.list().get(scan.endSegment()));
            writer = scan == null ? new JournalWriter(settings, segments, mark, clock, segments.next(mark.next()), 0, 0)
                : continued(scan, clock);
            if (scan != null) {
                scan.groups().forEach((id, found) -> found(id, found, rebuild));
            }
            List<String> damages = scan == null ? new ArrayList<>() : scan.damages();
            if (scan == null && mark.found() != Position.NONE) {
                damages.add("the journal was durable up to " + Position.text(mark.found()) + ", and all of its segments are gone");
            }
            report = new RecoveryReport(damages, rebuild, cut, scan == null ? 0 : scan.records());
            if (!rebuild.isEmpty() || scan == null && mark.found() != Position.NONE) {
                remember(rebuild.keySet());
            }
        } catch (IOException | RuntimeException e) {
            if (opened != null) {
                opened.close();
            }
            segments.close();
            throw e;
        }
    }

    private JournalScan scan() throws IOException {
        List<Segment> list = segments.list();
        if (list.isEmpty()) {
            return null;
        }
        JournalScan scan = new JournalScan(list, mark.found(), settings.blockBytes());
        scan.run();
        return scan;
    }

    /** Where the journal ends, what tore there is cleared, and what was read is made durable if it is not yet. */
    private JournalWriter continued(JournalScan scan, BrokerClock clock) throws IOException {
        for (JournalScan.Remains remains : scan.remains()) {
            segments.erase(remains);
        }
        Segment last = segments.list().get(scan.endSegment());
        segments.dropBehind(last);
        last.file().force();
        if (scan.end() > mark.found()) {
            mark.durable(scan.end());
            mark.force(clock.nowNanos()); // what is given out from now on is not taken for torn later
        }
        return new JournalWriter(settings, segments, mark, clock, last, scan.endOffset(), scan.sync());
    }

    private void found(long id, FoundGroup found, Map<Long, String> rebuild) {
        String fault = found.fault();
        if (fault != null) {
            rebuild.put(id, fault);
            found.shape().lose();
            found.index().clear();
        }
        add(new JournalGroup(id, writer, settings.recentBytes(), found.shape(), found.index(), found.position()));
    }

    private JournalGroup add(JournalGroup group) {
        groups.put(group.id(), group);
        writer.know(group);
        return group;
    }

    /** Damage that was found must still be known when it can no longer be found. */
    private void remember(Set<Long> lost) throws JournalException {
        writer.writeNow(lost.stream().map(id -> groups.get(id).base(Position.NONE)).toList());
    }

    /** What was found when it was opened. */
    public RecoveryReport report() {
        return report;
    }

    /** What it was opened with. Any thread. */
    public JournalSettings settings() {
        return settings;
    }

    /** Groups that it has something of, ascending. */
    public synchronized Set<Long> groups() {
        Set<Long> present = new TreeSet<>();
        groups.forEach((id, group) -> {
            if (group.standing() != Standing.ABSENT) {
                present.add(id);
            }
        });
        return present;
    }

    /**
     * A group; {@link Standing#ABSENT} when the journal has nothing of it. Any thread.
     *
     * @param id its number, from 1
     * @throws JournalException FULL when there are as many groups as there may be
     */
    public synchronized JournalGroup group(long id) throws JournalException {
        JournalGroup known = groups.get(id);
        if (known != null) {
            return known;
        }
        if (id < 1) {
            throw new IllegalArgumentException("groups count from 1, and this is " + id);
        }
        if (groups.size() >= settings.groups()) {
            throw new JournalException(Reason.FULL, "the journal has " + groups.size() + " groups, which is all it may have: "
                + "a node is in few", null);
        }
        return add(new JournalGroup(id, writer, settings.recentBytes()));
    }

    /** Has it written what is submitted from now on. */
    public void start(World world) {
        maker = world.worker("memphisee-journal-files", 2);
        writer.whenSegmentBegan(this::prepare);
        prepare();
        running = world.run("memphisee-journal", writer);
    }

    private void prepare() {
        try {
            maker.execute(() -> {
                try {
                    segments.prepare();
                } catch (IOException e) {
                    // whoever needs the next segment makes it itself, and tells when that fails
                }
            });
        } catch (RejectedExecutionException e) {
            // it is being made, or the journal is being closed
        }
    }

    /** One turn of the loop, of a journal that was not started; false when there was nothing to do. */
    public boolean turn() {
        return writer.write();
    }

    /** How long syncs took; all groups that wait share one. Any thread. */
    public LatencyHistogram syncs() {
        return writer.syncs();
    }

    /** Bytes of its files, those included that are made in advance. Any thread. */
    public long bytes() {
        return segments.bytes();
    }

    /** Has segments dropped of which all entries are applied and kept for nobody. Any thread. */
    public void reclaim() {
        writer.reclaim();
    }

    /** Whether at least half of what it may have is in use: what stores are synced up to may go. Any thread. */
    public boolean crowded() {
        return segments.count() * 2L * settings.segmentBytes() >= settings.maxBytes();
    }

    /** What keeps it from writing for good; empty while it is well. A full disk passes and is no fault. Any thread. */
    public Optional<String> fault() {
        JournalException failure = writer.failure();
        if (failure != null) {
            return Optional.of(failure.getMessage());
        }
        return running != null && !running.alive() ? Optional.of("the thread of the journal has ended") : Optional.empty();
    }

    /** Writes what was submitted, and ends. */
    @Override
    public void close() throws JournalException {
        writer.close();
        if (running != null) {
            running.close();
            maker.shutdown();
        } else {
            while (writer.write()) {
                // until nothing waits
            }
        }
        try (files; segments; mark) {
            writer.leave();
            if (maker != null && !maker.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("a file is still being made");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new JournalException(Reason.FAILED, "journal " + files.where() + " was not closed: " + e.getMessage()
                + ". What was durable is; the next start finds it", e);
        }
    }
}
