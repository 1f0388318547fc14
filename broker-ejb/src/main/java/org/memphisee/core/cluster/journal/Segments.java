package org.memphisee.core.cluster.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * The files of a journal: segments, and spare files that become the next ones. A file is made of zeros once and then used again
 * by giving it another name, so that writing it never changes a length. The writer's thread changes the list; any thread
 * looks a segment up, and one prepares spares.
 */
final class Segments implements AutoCloseable {

    private static final String SPARE = "spare-";
    private static final Pattern SPARES = Pattern.compile(SPARE + "([0-9]{1,18})");
    private static final String UNFINISHED = "new-";
    private static final String TORN = ".torn";
    private static final String DAMAGED = ".damaged";
    private static final int MAX_SPARES = 2;
    /** More of what torn sync groups left is not kept. */
    private static final int MAX_TORN = 8;

    private final JournalFiles files;
    private final JournalSettings settings;
    private final RandomGenerator random;
    private final ConcurrentNavigableMap<Long, Segment> all = new ConcurrentSkipListMap<>();
    private final Queue<String> spares = new ConcurrentLinkedQueue<>();
    private final AtomicLong names = new AtomicLong();
    private final boolean marked;
    private int torn;

    /** Opens what there is, and removes what was being made when the last process ended. */
    Segments(JournalFiles files, JournalSettings settings, RandomGenerator random) throws IOException {
        this.files = files;
        this.settings = settings;
        this.random = random;
        boolean durable = false;
        try {
            files.syncDirectory(); // the last process may have ended before it did, and its names are relied on from here
            for (String name : files.list()) {
                durable |= name.equals(DurableMark.FILE);
                torn += name.endsWith(TORN) ? 1 : 0;
                if (name.startsWith(UNFINISHED)) {
                    files.delete(name);
                } else if (SPARES.matcher(name).matches()) {
                    spare(name);
                } else {
                    add(Segment.open(files, name));
                }
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
        marked = durable;
    }

    private void spare(String name) throws IOException {
        names.set(Math.max(names.get(), Long.parseLong(name.substring(SPARE.length())) + 1));
        long bytes;
        try (JournalFile file = files.open(name)) {
            bytes = file.bytes();
        }
        if (bytes == settings.segmentBytes()) {
            spares.add(name);
        } else {
            files.delete(name); // of other settings
        }
    }

    private void add(Segment segment) throws IOException {
        if (segment != null) {
            Segment other = all.put(segment.number(), segment);
            if (other != null) {
                other.file().close();
                throw new IOException("two files claim to be segment " + segment.number() + ": " + other + " and " + segment);
            }
        }
    }

    /** Whether there is a file that says what was durable. */
    boolean marked() {
        return marked;
    }

    /** All of them, oldest first. */
    List<Segment> list() {
        return new ArrayList<>(all.values());
    }

    int count() {
        return all.size();
    }

    /** Of all files, spare ones included. Any thread. */
    long bytes() {
        return ((long) all.size() + spares.size()) * settings.segmentBytes();
    }

    /** The one with a number, null when it is not there any more. Any thread. */
    Segment get(long number) {
        return all.get(number);
    }

    /**
     * Begins the next one. Durable when it returns.
     *
     * @param least its number at least
     * @throws JournalException with {@link JournalException.Reason#FULL} when there is no room; then nothing was changed
     */
    Segment next(long least) throws IOException {
        long number = all.isEmpty() ? least : Math.max(least, all.lastKey() + 1);
        long generation = random.nextLong();
        String name = Segment.name(number, generation);
        String spare = spares.poll();
        files.rename(spare != null ? spare : make(), name);
        files.syncDirectory();
        Segment segment = new Segment(number, generation, files.open(name));
        all.put(number, segment);
        return segment;
    }

    /** Makes a spare file if there is none. One thread, any. */
    void prepare() throws IOException {
        if (spares.isEmpty()) {
            String made = make();
            String name = SPARE + names.getAndIncrement();
            files.rename(made, name);
            files.syncDirectory();
            spares.add(name);
        }
    }

    private String make() throws IOException {
        long free = files.usableBytes();
        if (free - settings.segmentBytes() < settings.minimumFree()) {
            throw full(free + " bytes are free, a segment of " + settings.segmentBytes() + " would leave less than "
                + settings.minimumFree(), null);
        }
        String name = UNFINISHED + names.getAndIncrement();
        try {
            files.create(name, settings.segmentBytes()).close();
        } catch (NoRoomException e) {
            throw full(e.getMessage(), e);
        }
        return name;
    }

    private JournalException full(String why, Exception cause) {
        return new JournalException(JournalException.Reason.FULL, "Disk full: journal " + files.where() + ": " + why
            + ". Free space; nothing was changed", cause);
    }

    /** Gives the oldest one up: its file is used again, unless there is damage in it. Durable when it returns. */
    void drop(Segment oldest) throws IOException {
        all.remove(oldest.number());
        retire(oldest);
    }

    /** Gives those up that are behind the end of the journal, last first. */
    void dropBehind(Segment end) throws IOException {
        for (Segment segment : all.tailMap(end.number(), false).descendingMap().values()) {
            if (!segment.damaged()) {
                drop(segment);
            }
        }
    }

    private void retire(Segment segment) throws IOException {
        segment.file().close();
        if (segment.damaged()) {
            files.rename(segment.name(), segment.name() + DAMAGED);
        } else if (spares.size() < MAX_SPARES && segment.bytes() == settings.segmentBytes()) {
            String name = SPARE + names.getAndIncrement();
            files.rename(segment.name(), name);
            spares.add(name);
        } else {
            files.delete(segment.name());
        }
        files.syncDirectory();
    }

    /**
     * Makes what a torn sync group left unreadable, so that it is never taken for something that was written later. A copy of it
     * is kept, unless there is no room or there are some already.
     */
    void erase(JournalScan.Remains remains) throws IOException {
        Segment segment = remains.segment();
        String name = segment.name() + "-" + remains.from() + TORN;
        if (torn < MAX_TORN && !files.list().contains(name)) {
            ByteBuffer copy = ByteBuffer.allocate(remains.to() - remains.from());
            segment.file().read(remains.from(), copy);
            copy.flip();
            try (JournalFile file = files.create(name, copy.capacity())) {
                file.write(0, copy);
                file.force();
                torn++;
            } catch (NoRoomException e) {
                torn = MAX_TORN; // starting is worth more than what nobody was answered for
            }
            files.syncDirectory();
        }
        segment.zero(remains.from(), remains.to());
        segment.file().force();
    }


    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (Segment segment : all.values()) {
            try {
                segment.file().close();
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
