package org.memphisee.core.replication;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import org.memphisee.core.append.Shard;
import org.memphisee.core.append.SoloGroup;
import org.memphisee.core.cluster.Entry;
import org.memphisee.core.cluster.EntryCodec;
import org.memphisee.core.cluster.EntryFormatException;
import org.memphisee.core.cluster.EntryKind;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;

/**
 * One member of a replication group on its shard: committed entries take effect and are stored, one after the other, each with
 * the {@link GroupPosition} in one transaction. While it leads, what its own entries change is in memory already, or is when
 * the store has it: as with a broker alone. Who decides changes in the same order, so that whoever begins to decide has
 * everything that was decided before.
 *
 * <p>{@link #committed}, {@link #leads}, {@link #ceased}, {@link #leader}, {@link #notTaken} and {@link #folded} may be called by
 * one other thread, everything else by the shard's.
 */
public final class ShardReplica {

    /** Whether this member decides. */
    public enum Role {
        /** Nobody is known to lead, or this member has yet to apply what was decided before. */
        SETTLING,
        LEADING,
        /** Another member leads. */
        FOLLOWING
    }

    private final long group;
    private final Shard shard;
    private final ReplicatedGroup decisions;
    private final ReplicatedState state;
    private final ArrayDeque<Event> events = new ArrayDeque<>();
    private final EntryWrites writes;
    private final HandOver handOver;
    private final AtomicLong queued = new AtomicLong();
    private Replicas replicas;
    private GroupPosition position;
    /** So many system events have reached the partitions of the shard. */
    private long reached;
    private Role role = Role.SETTLING;
    private boolean applying;
    /** It ceased, and the store has yet to be read. */
    private boolean unread;
    /** The store is being made to have what another member has. */
    private boolean rebuilding;
    /** Written by the shard only. */
    private volatile long voids;
    private String failure = "";

    /**
     * When what is applied is made durable in the store, so that the journal need not keep it.
     *
     * @param bytes after so many bytes of entries
     * @param nanos after so much time, with the next entry
     */
    public record Sync(long bytes, long nanos) {
        /** 64 MiB, 10 s. */
        public static final Sync DEFAULT = new Sync(64L << 20, 10_000_000_000L);
    }

    /** What happens next; the first that cannot happen yet holds back those behind it. */
    private interface Event {
        /** False when it cannot happen yet. */
        boolean happens() throws StoreException;
    }

    /**
     * A member that follows.
     *
     * @param group its number
     * @param store stores what is applied; the same that decisions have, so that what they remove is not written again
     * @param decisions makes entries of what is decided here
     * @param state what entries change
     * @param position up to where the store has what the group decided
     */
    public ShardReplica(long group, Shard shard, SoloGroup store, ReplicatedGroup decisions, ReplicatedState state,
                        GroupPosition position, Sync sync) {
        this.group = group;
        this.shard = shard;
        this.decisions = decisions;
        this.state = state;
        this.position = position;
        this.writes = new EntryWrites(group, shard, store, sync, new Ended());
        handOver = new HandOver(shard, decisions, state);
    }

    /** Before anything happens: the way to the other members. */
    public void begin(Replicas members) {
        replicas = members;
        decisions.bind(members);
        state.bind(this::fail);
    }

    // ---- what happens, from another thread

    /**
     * An entry is committed. In the order of the log, without a gap.
     *
     * @param index its place in the log
     * @param term of the leader that made it
     * @param bytes hold it, and do not change
     */
    public void committed(long index, long term, byte[] bytes, int offset, int length) {
        queued.addAndGet(length);
        happens(new Committed(index, term, bytes, offset, length));
    }

    /** This member leads: it has been given the entry that opens its epoch, committed. */
    public void leads(long epoch) {
        happens(() -> writes.pending() == 0 && begin(epoch));
    }

    /** It leads no longer. */
    public void ceased() {
        happens(this::cease);
    }

    /** Whether another member is known to lead. */
    public void leader(boolean elsewhere) {
        happens(() -> {
            if (role != Role.LEADING) {
                role = elsewhere ? Role.FOLLOWING : Role.SETTLING;
                state.ledElsewhere(elsewhere);
            }
            return true;
        });
    }

    /**
     * Another member is about to lead: nothing is taken from clients any more.
     *
     * @param decided told on the shard's thread when everything that was taken is decided; not told when this member ceases before
     */
    public void handOver(Runnable decided) {
        happens(() -> {
            if (role == Role.LEADING) {
                handOver.begin(decided);
            } else {
                decided.run();
            }
            return true;
        });
    }

    /** It leads on after all. */
    public void keep() {
        happens(() -> {
            handOver.takeBack();
            return true;
        });
    }

    /** Nobody was asked for a proposed entry, nor will be for those behind it in its epoch. */
    public void notTaken(long epoch, long ordinal) {
        happens(() -> {
            decisions.notTaken(epoch, ordinal);
            return true;
        });
    }

    /**
     * Has somebody look at the store when it has what is applied here, and nothing else; on the shard's thread, in one turn.
     *
     * @param look told where that is; null when nothing is applied here any more, or the store is being rebuilt
     */
    public void look(Consumer<GroupPosition> look) {
        shard.execute(() -> {
            if (!failure.isEmpty() || rebuilding) {
                look.accept(null);
                return;
            }
            events.add(() -> {
                if (writes.pending() > 0) {
                    return false;
                }
                look.accept(position);
                return true;
            });
            next();
        });
    }

    /**
     * Nothing is applied here any more until {@link #rebuilt}. What was committed and not applied is forgotten.
     *
     * @param then told on the shard's thread when nothing is being written any more
     */
    public void rebuild(Runnable then) {
        shard.execute(() -> {
            cease();
            rebuilding = true;
            writes.forget();
            events.clear();
            events.add(() -> {
                if (writes.pending() > 0) {
                    return false;
                }
                unread = false;
                queued.set(0);
                state.leave();
                then.run();
                return true;
            });
            next();
        });
    }

    /** The store has what the group decided up to a position. On the shard's thread. */
    public void rebuilt(GroupPosition at) {
        position = at;
        rebuilding = false;
        try {
            state.follow();
        } catch (StoreException | RuntimeException e) {
            fail(e);
        }
    }

    /** The journal has little room: has what is applied here synced, so that it is not needed there. Any thread. */
    public void sync() {
        shard.execute(() -> {
            if (failure.isEmpty() && !rebuilding) {
                writes.sync();
            }
        });
    }

    /**
     * All that follows from events up to this one was handed to the shard before. It passes through the shard as they do: a count
     * that is read elsewhere would be ahead of partitions that have yet to be made here, and what is decided for them be let go.
     */
    public void folded(long event) {
        shard.execute(() -> {
            reached = Math.max(reached, event);
            next();
        });
    }

    private void happens(Event event) {
        shard.execute(() -> {
            if (failure.isEmpty() && !rebuilding) {
                events.add(event);
                next();
            }
        });
    }

    // ---- what is asked, on the shard's thread

    public Role role() {
        return role;
    }

    /** Up to where the store has what the group decided. */
    public GroupPosition position() {
        return position;
    }

    /** Entries that were void since the start. */
    public long voids() {
        return voids;
    }

    /** Bytes of committed entries that are not stored here. Any thread. */
    public long queuedBytes() {
        return queued.get();
    }

    /** Why nothing more is applied here, empty while all is well. */
    public String failure() {
        return failure;
    }

    // ---- one after the other

    private void next() {
        try {
            while (!applying && failure.isEmpty()) {
                if (unread && writes.pending() == 0) {
                    unread = false;
                    state.follow();
                }
                if (events.isEmpty() || !events.peek().happens()) {
                    return;
                }
                events.poll();
            }
        } catch (StoreException | RuntimeException e) {
            fail(e);
        }
    }

    private boolean begin(long epoch) throws StoreException {
        if (position.epoch() != epoch || position.ordinal() != 1) {
            throw new IllegalStateException("group " + group + " is to lead in epoch " + epoch + " and has applied " + position);
        }
        role = Role.LEADING;
        decisions.lead(epoch);
        state.lead();
        return true;
    }

    private boolean cease() {
        if (role == Role.LEADING) {
            role = Role.SETTLING;
            handOver.over();
            decisions.cease();
            state.cease();
            unread = true;
        }
        return true;
    }

    private final class Committed implements Event {
        private final long index;
        private final long term;
        private final byte[] bytes;
        private final int offset;
        private final int length;
        private Entry entry;

        private Committed(long index, long term, byte[] bytes, int offset, int length) {
            this.index = index;
            this.term = term;
            this.bytes = bytes;
            this.offset = offset;
            this.length = length;
        }

        @Override
        public boolean happens() throws StoreException {
            if (entry == null) {
                entry = decode(bytes, offset, length);
            }
            if (entry.definitionsIndex() > reached && role != Role.LEADING) {
                return false; // until the definitions are here that it was decided with
            }
            if (!position.continuedBy(entry)) {
                if (writes.pending() > 0 && role != Role.LEADING) {
                    return false;
                }
                voids = voids + 1;
                write(List.of(), position.afterVoid(index, term), null, length);
                return true;
            }
            GroupPosition after = position.after(index, term, entry);
            if (role == Role.LEADING && entry.kind() != EntryKind.LEAD) {
                ReplicatedGroup.Sent mine = decisions.applied(entry);
                if (mine == null) {
                    throw new IllegalStateException("group " + group + " leads and has not proposed " + after);
                }
                List<StoreChange> changes = new ArrayList<>();
                mine.proposals().forEach(proposal -> changes.addAll(proposal.changes()));
                write(state.stillThere(changes), after, mine, length);
                return true;
            }
            if (writes.pending() > 0) {
                return false; // what is applied may have to be read
            }
            if (entry.kind() == EntryKind.LEAD) {
                decisions.opened(entry.epoch());
                write(List.of(), after, null, length);
                return true;
            }
            applying = true;
            state.apply(entry.changes(), changes -> applied(changes, after));
            return true;
        }

        private void applied(List<StoreChange> changes, GroupPosition after) {
            applying = false;
            if (changes == null) {
                fail(new IllegalStateException("what group " + group + " decided cannot be applied up to " + after));
                return;
            }
            write(changes, after, decisions.applied(entry), length);
            if (events.peek() != this) {
                next(); // it had to be read first
            }
        }
    }

    private static Entry decode(byte[] bytes, int offset, int length) throws StoreException {
        try {
            return EntryCodec.decode(bytes, offset, length);
        } catch (EntryFormatException e) {
            throw new StoreException(e.getMessage(), e, false);
        }
    }

    private void write(List<StoreChange> changes, GroupPosition after, ReplicatedGroup.Sent mine, int length) {
        position = after;
        writes.write(changes, after, mine, length);
    }

    /** What became of writes. */
    private final class Ended implements EntryWrites.Told {

        @Override
        public void stored(EntryWrites.Write write) {
            queued.addAndGet(-write.bytes());
            tell(write);
            if (writes.pending() == 0 && !applying) { // a sync may end while an entry is read for, of which the store has nothing
                try {
                    state.stored();
                } catch (RuntimeException e) {
                    fail(e);
                }
            }
            if (write.synced()) {
                replicas.stored(write.after().index());
            }
            next();
        }

        @Override
        public void failed(EntryWrites.Write write, StoreException cause) {
            fail(cause);
            tell(write);
        }
    }

    /** It is committed, whatever the store of this node does. */
    private void tell(EntryWrites.Write write) {
        if (write.mine() != null) {
            decisions.ended(write.mine());
        }
    }

    /** Nothing of this member is believed any more. */
    private void fail(Exception cause) {
        if (!failure.isEmpty()) {
            return;
        }
        failure = "replication group " + group + " is not applied any more on this node: " + cause;
        events.clear();
        writes.fail(cause instanceof StoreException known ? known : new StoreException(failure, cause, false));
        boolean led = role == Role.LEADING;
        role = Role.SETTLING;
        replicas.failed(failure);
        state.fail();
        if (led) {
            handOver.over();
            decisions.cease();
            state.cease();
        }
    }
}
