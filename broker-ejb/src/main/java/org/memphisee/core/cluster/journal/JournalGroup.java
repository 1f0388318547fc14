package org.memphisee.core.cluster.journal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.memphisee.core.cluster.journal.JournalException.Reason;

/**
 * One replication group in the journal. What is submitted is visible here at once and durable later: each record gets a ticket,
 * and the listener is told up to which ticket everything is on the disk. No message that depends on a record may leave the node
 * before that (K4).
 *
 * <p>One thread at a time submits and reads: the runner of the group. The writer changes it meanwhile, under a lock that nobody
 * holds while the disk works. {@link #applied}, {@link #hold} and {@link #durableIndex} may be called by any thread.
 */
public final class JournalGroup {

    private static final byte[] NOTHING = {};
    private static final JournalListener NOBODY = new JournalListener() {
        @Override
        public void durable(long ticket) { }

        @Override
        public void refused(long ticket, JournalException why) { }

        @Override
        public void failed(JournalException why) { }
    };

    private final long id;
    private final JournalWriter writer;
    private final RecentEntries recent;
    private final EntryIndex index;
    private final List<JournalHold> holds = new ArrayList<>();
    /** As it is on the disk. */
    private final LogShape disk;
    /** As it will be when everything was written. */
    private LogShape seen;
    /** What is between them. */
    private final ArrayDeque<Pending> open = new ArrayDeque<>();
    /** Cuts among them: what they remove is on the disk, and not what counts any more. */
    private int openCuts;
    private long given;
    private long durable;
    private long applied;
    private JournalException refusal;
    private volatile JournalListener listener = NOBODY;
    /** Position of its last record; of the writer. */
    private long chain;

    /** A group of which the journal has nothing. */
    JournalGroup(long id, JournalWriter writer, long recentBytes) {
        this(id, writer, recentBytes, new LogShape(), new EntryIndex(), Position.NONE);
    }

    /** A group as it was found. */
    JournalGroup(long id, JournalWriter writer, long recentBytes, LogShape shape, EntryIndex index, long chain) {
        this.id = id;
        this.writer = writer;
        this.recent = new RecentEntries(recentBytes);
        this.index = index;
        this.disk = shape;
        this.seen = shape.copy();
        this.chain = chain;
        applied = Math.max(0, shape.base()); // or what is before the log would never be let go
    }

    /** Who is told of its records from now on. */
    public void attach(JournalListener newListener) {
        listener = Objects.requireNonNull(newListener, "listener is required");
    }

    /** Number of the group. */
    public long id() {
        return id;
    }

    /** What its log is worth. */
    public synchronized Standing standing() {
        return seen.standing();
    }

    /** Index of the entry before the first that is kept. */
    public synchronized long baseIndex() {
        return Math.max(0, seen.base());
    }

    /** Index of the last entry, durable or not; the base when there is none. */
    public synchronized long lastIndex() {
        return Math.max(0, seen.last());
    }

    /** Index up to which what is visible here is on this node's disk: what it may count for itself. Any thread. */
    public synchronized long durableIndex() {
        long least = disk.last();
        if (openCuts > 0) {
            for (Pending record : open) {
                least = record.kind() == RecordKind.CUT ? Math.min(least, record.index() - 1) : least;
            }
        }
        return Math.max(0, least);
    }

    /** Ticket of the record that was submitted last, 0 for none since the journal was opened. */
    public synchronized long lastTicket() {
        return given;
    }

    /** Ticket of the last record that is durable or will be, if nothing fails: what was refused is not among them. */
    public synchronized long pendingTicket() {
        return open.isEmpty() ? durable : open.peekLast().ticket();
    }

    /** Up to which ticket everything is durable: for a listener that comes later than its records. */
    public synchronized long durableTicket() {
        return durable;
    }

    /** The group's term as it was last submitted; of a group to rebuild, the least that it can be. */
    public synchronized long term() {
        return seen.term();
    }

    /** Who got this node's vote in that term, empty for nobody. */
    public synchronized String vote() {
        return seen.vote();
    }

    /**
     * Term of an entry, or of the one before the first. Takes no look at the disk.
     *
     * @throws IndexOutOfBoundsException when it is not kept
     */
    public synchronized long termAt(long entry) {
        return seen.termAt(entry);
    }

    /**
     * Appends entries.
     *
     * @param entries at least one; the first continues the log, terms do not fall and are not above the group's
     * @return ticket of the last
     * @throws JournalException when nothing was taken: FULL, BUSY, TOO_LARGE, INCOMPLETE, FAILED or CLOSED
     */
    public synchronized long append(List<JournalEntry> entries) throws JournalException {
        takes();
        long bytes = 0;
        long next = seen.last() + 1;
        long term = seen.termAt(seen.last());
        for (JournalEntry entry : entries) {
            if (entry.index() != next || entry.term() < term || entry.term() > seen.term()) {
                throw new IllegalArgumentException("entry " + entry.index() + " of term " + entry.term() + " after " + (next - 1)
                    + " of term " + term + ", the group's being " + seen.term());
            }
            writer.fits(entry.length());
            term = entry.term();
            next++;
            bytes += RecordHeader.size(entry.length());
        }
        writer.admit(bytes, true);
        for (JournalEntry entry : entries) {
            boolean opens = entry.term() > seen.termAt(seen.last());
            seen.append(entry.index(), entry.term());
            submit(new Pending(this, ++given, RecordKind.ENTRY, entry.index(), entry.term(), null, entry.bytes(), entry.offset(),
                entry.length(), opens));
            recent.add(entry, given);
        }
        writer.wake();
        return given;
    }

    /**
     * Sets term and vote. In a term a vote that was given stays.
     *
     * @param term not below the group's
     * @param vote name of the member, empty for nobody
     * @return ticket
     * @throws JournalException when nothing was taken
     */
    public synchronized long vote(long term, String vote) throws JournalException {
        takes();
        checkVote(term, vote);
        byte[] name = BaseBody.vote(vote);
        writer.admit(RecordHeader.size(name.length), false);
        seen.vote(term, vote);
        submit(RecordKind.TERM_VOTE, 0, term, null, name, 0, name.length);
        writer.wake();
        return given;
    }

    private void checkVote(long term, String vote) {
        boolean twice = term == seen.term() && !seen.vote().isEmpty() && !seen.vote().equals(vote);
        if (term < seen.term() || twice) {
            throw new IllegalArgumentException("term " + term + (vote.isEmpty() ? "" : " and vote for " + vote) + " after term "
                + seen.term() + (seen.vote().isEmpty() ? "" : " and vote for " + seen.vote()));
        }
    }

    /**
     * Removes entries from the end.
     *
     * @param from the first that goes; not one that was applied
     * @return ticket
     * @throws JournalException when nothing was taken
     */
    public synchronized long cut(long from) throws JournalException {
        takes();
        if (from <= seen.base() || from <= applied) {
            throw new IllegalArgumentException("a cut at " + from + " of a log from " + (seen.base() + 1) + " of which " + applied
                + " are applied");
        }
        if (from > seen.last()) {
            return given;
        }
        writer.admit(RecordHeader.BYTES, false);
        seen.cut(from);
        recent.cut(from);
        submit(RecordKind.CUT, from, 0, null, NOTHING, 0, 0);
        writer.wake();
        return given;
    }

    /**
     * Begins an empty log: of a new group, or one that was rebuilt up to an entry. A complete log is not begun below its end.
     *
     * @param before index of the entry that the log begins after
     * @param beforeTerm its term
     * @param term the group's, not below the one that is known here
     * @param vote who got this node's vote in it, empty for nobody
     * @return ticket
     * @throws JournalException when nothing was taken
     */
    public synchronized long begin(long before, long beforeTerm, long term, String vote) throws JournalException {
        writer.check();
        refuseFenced();
        checkVote(term, vote);
        if (before < 0 || beforeTerm < 0 || beforeTerm > term || seen.standing() == Standing.COMPLETE && before < seen.last()) {
            throw new IllegalArgumentException("a log that begins after entry " + before + " of term " + beforeTerm
                + " in place of " + seen);
        }
        BaseBody base = new BaseBody(BaseBody.Meaning.BEGIN, term, before, vote);
        byte[] body = base.encode();
        writer.admit(RecordHeader.size(body.length), false);
        seen.begin(before, beforeTerm, term, vote);
        recent.clear(before + 1);
        submit(RecordKind.BASE, before, beforeTerm, base, body, 0, body.length);
        writer.wake();
        return given;
    }

    /**
     * After a refusal: what was not written is forgotten, and more is taken.
     *
     * @return index of the last entry that is there
     */
    public synchronized long takeBack() {
        refusal = null;
        seen = disk.copy();
        open.forEach(record -> step(seen, record));
        recent.cut(seen.last() + 1);
        return lastIndex();
    }

    /**
     * Entries in their order, from memory or from the disk.
     *
     * @param from the first
     * @param maxBytes of all; one comes in any case
     * @return at least one, unless the first is behind the end
     * @throws JournalException GONE when the first is no longer kept, DAMAGED when it is not what was written
     */
    public List<JournalEntry> entries(long from, int maxBytes) throws JournalException {
        List<JournalEntry> found = new ArrayList<>();
        long bytes = 0;
        ColdEntries cold = new ColdEntries(writer.segments(), id);
        for (long next = from; ; next++) {
            JournalEntry entry;
            synchronized (this) {
                if (next <= seen.base() || seen.standing() != Standing.COMPLETE) {
                    throw gone(next);
                }
                if (next > seen.last()) {
                    return found;
                }
                entry = recent.get(next);
                if (entry == null) {
                    cold.move(index.at(next), index.before(next));
                }
            }
            int room = found.isEmpty() ? Integer.MAX_VALUE : (int) (maxBytes - bytes);
            if (entry == null) {
                entry = read(cold, next, room);
            }
            if (entry == null || entry.length() > room) {
                return found;
            }
            found.add(entry);
            bytes += entry.length();
        }
    }

    private JournalEntry read(ColdEntries cold, long next, int room) throws JournalException {
        try {
            return cold.read(next, room);
        } catch (IOException e) {
            synchronized (this) {
                if (next <= seen.base()) {
                    throw gone(next);
                }
            }
            if (e instanceof JournalException known) {
                throw known;
            }
            throw new JournalException(Reason.DAMAGED, "entry " + next + " of group " + id + " cannot be read: " + e.getMessage()
                + ". Take it from another member, and check the disk", e);
        }
    }

    private JournalException gone(long entry) {
        return new JournalException(Reason.GONE, "entry " + entry + " of group " + id + " is not kept here, the log is " + seen
            + "; whoever needs it must rebuild the group", null);
    }

    /** Entries up to here are applied, and the store is synced: they may be dropped. Any thread. */
    public synchronized void applied(long upTo) {
        applied = Math.max(applied, upTo);
    }

    /** Keeps entries from one on, if they are still there; see {@link JournalHold}. Any thread. */
    public synchronized JournalHold hold(long from) {
        JournalHold hold = new JournalHold(this, from);
        if (from <= disk.base()) {
            hold.markBroken();
        }
        holds.add(hold);
        return hold;
    }

    synchronized void release(JournalHold hold) {
        holds.remove(hold);
    }

    /** Whether it takes records. */
    private void takes() throws JournalException {
        writer.check();
        refuseFenced();
        if (seen.standing() != Standing.COMPLETE) {
            throw new JournalException(Reason.INCOMPLETE, "group " + id + " is " + seen.standing()
                + " in the journal: begin it after a rebuild, or as a new group", null);
        }
    }

    private void refuseFenced() throws JournalException {
        if (refusal != null) {
            throw refusal;
        }
    }

    private void submit(RecordKind kind, long at, long term, BaseBody base, byte[] bytes, int offset, int length) {
        submit(new Pending(this, ++given, kind, at, term, base, bytes, offset, length, false));
    }

    private void submit(Pending record) {
        open.add(record);
        openCuts += record.kind() == RecordKind.CUT ? 1 : 0;
        writer.submit(record);
    }

    // ---- of the writer

    /** Where its last record is. */
    long chain() {
        return chain;
    }

    void chain(long position) {
        chain = position;
    }

    /** A record is durable. */
    synchronized void written(Pending record, long position) {
        if (record.ticket() > 0) {
            open.remove();
            openCuts -= record.kind() == RecordKind.CUT ? 1 : 0;
            durable = record.ticket();
        }
        step(disk, record);
        switch (record.kind()) {
            case ENTRY -> index.add(record.index(), position);
            case CUT -> index.cut(record.index());
            case BASE -> based(record);
            default -> { }
        }
        recent.trim(durable);
    }

    private static void step(LogShape shape, Pending record) {
        switch (record.kind()) {
            case ENTRY -> shape.append(record.index(), record.term());
            case TERM_VOTE -> shape.vote(record.term(),
                new String(record.bytes(), record.offset(), record.length(), StandardCharsets.UTF_8));
            case CUT -> shape.cut(record.index());
            case BASE -> {
                BaseBody base = record.base();
                switch (base.meaning()) {
                    case BEGIN -> shape.begin(record.index(), record.term(), base.currentTerm(), base.vote());
                    case PREFIX -> shape.drop(record.index(), record.term(), shape.last());
                    case REBUILD -> { }
                }
            }
            case MARK -> throw new IllegalStateException("a mark of a group");
        }
    }

    private void based(Pending record) {
        if (record.base().meaning() == BaseBody.Meaning.BEGIN) {
            index.clear();
            applied = Math.max(applied, record.index());
            breakHolds(record.index());
        } else if (record.base().meaning() == BaseBody.Meaning.PREFIX) {
            if (seen.base() < record.index()) {
                seen.drop(record.index(), record.term(), seen.last());
            }
            breakHolds(record.index());
        }
    }

    private void breakHolds(long upTo) {
        for (JournalHold hold : holds) {
            if (hold.from() <= upTo) {
                hold.markBroken();
            }
        }
    }

    void tellDurable(long ticket) {
        listener.durable(ticket);
    }

    void tellFailed(JournalException why) {
        listener.failed(why);
    }

    /** Nothing from a record on will be written. */
    void refuse(long ticket, JournalException why) {
        synchronized (this) {
            while (!open.isEmpty() && open.peekLast().ticket() >= ticket) {
                Pending last = open.removeLast();
                openCuts -= last.kind() == RecordKind.CUT ? 1 : 0;
                last.withdraw();
            }
            refusal = why;
        }
        listener.refused(ticket, why);
    }

    /** Whether everything before a position may be dropped. */
    synchronized boolean releases(long position, boolean holdsCount) {
        if (disk.standing() != Standing.COMPLETE) {
            return true;
        }
        long least = applied;
        for (JournalHold hold : holds) {
            if (holdsCount && !hold.broken()) {
                least = Math.min(least, hold.from() - 1);
            }
        }
        return lastBefore(position) <= least;
    }

    private long lastBefore(long position) {
        return Math.max(disk.base(), Math.min(disk.last(), index.firstFrom(position) - 1));
    }

    /** What is to be known of it when everything before a position is dropped; null when there is nothing. */
    synchronized Pending base(long position) {
        if (disk.standing() == Standing.ABSENT) {
            return null;
        }
        boolean complete = disk.standing() == Standing.COMPLETE;
        long before = complete ? lastBefore(position) : 0;
        BaseBody base = new BaseBody(complete ? BaseBody.Meaning.PREFIX : BaseBody.Meaning.REBUILD, disk.term(),
            disk.last(), disk.vote());
        byte[] body = base.encode();
        return new Pending(this, 0, RecordKind.BASE, before, complete ? disk.termAt(before) : 0, base, body, 0, body.length, false);
    }

    /** What lies before a position is gone. */
    synchronized void forget(long position) {
        index.forget(position);
    }

    @Override
    public synchronized String toString() {
        return "group " + id + ": " + seen;
    }
}
