package org.memphisee.cluster.data;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

import org.memphisee.cluster.node.NodeFrames;
import org.memphisee.cluster.raft.GroupReplica;
import org.memphisee.core.append.LogWriter;
import org.memphisee.core.append.Shard;
import org.memphisee.core.cluster.journal.JournalGroup;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.partition.GroupPartitions;
import org.memphisee.core.partition.log.Mending;
import org.memphisee.core.replication.GroupPosition;
import org.memphisee.core.replication.ShardReplica;

/** One group's rebuilding on this node: gives it to others while it leads, takes it when it must. On the thread that drives it. */
final class GroupRebuild {

    private final long group;
    private final List<String> peers;
    private final Parts parts;
    private final RebuildWay way;
    private final LongSupplier lives;
    private final RebuildTaker.Told told;
    private final RebuildGiver giver;
    private RebuildTaker taker;

    /**
     * What of the node it concerns.
     *
     * @param readers read from the store, so that nobody waits for that
     * @param definitions tells how many system events are folded here
     * @param mending looks for records of this node that are damaged
     * @param forgottenNanos so long a member that lost its log answers for nothing
     */
    record Parts(JournalGroup log, ShardReplica shard, GroupPartitions partitions, Shard thread, LogStore store, LogWriter writer,
                 Executor readers, LongSupplier definitions, RebuildSettings settings, Mending mending, long forgottenNanos) { }

    /**
     * Of a group that is well.
     *
     * @param lives makes numbers that no other rebuild has
     * @param told hears that this node has taken it
     */
    GroupRebuild(String self, long group, List<String> members, Parts parts, RebuildWay way, LongSupplier lives,
                 RebuildTaker.Told told) {
        this.group = group;
        this.peers = members.stream().filter(name -> !name.equals(self)).toList();
        this.parts = parts;
        this.way = way;
        this.lives = lives;
        this.told = told;
        giver = new RebuildGiver(self, group, new RebuildGiver.Source(parts.log(), parts.shard(), parts.partitions(), parts.store(),
            parts.readers(), parts.definitions(), parts.settings().littleBytes(), parts.mending()), way);
    }

    /** Whether it is being taken. */
    boolean taking() {
        return taker != null;
    }

    /** Takes it, unless that is going on. */
    void take(GroupPosition position) {
        if (taker == null) {
            taker = new RebuildTaker(group, lives.getAsLong(), peers, position, new RebuildTaker.Source(parts.log(), parts.shard(),
                parts.partitions(), parts.thread(), parts.store(), parts.writer(), parts.readers(), parts.definitions(),
                parts.settings().bytesPerSecond(), parts.forgottenNanos()), way, new RebuildTaker.Told() {
                    @Override
                    public void rebuilt(GroupPosition at) {
                        taker = null;
                        told.rebuilt(at);
                    }

                    @Override
                    public void fetched(int bytes) {
                        told.fetched(bytes);
                    }

                    @Override
                    public void failed(String why) {
                        told.failed(why);
                    }
                });
        }
    }

    /** Time passes; when it wants a turn again. */
    long turn(long now) {
        long next = giver.turn(now);
        return taker == null ? next : Math.min(next, taker.turn(now));
    }

    /** The group that a frame is about. */
    static long group(byte[] frame) {
        return ByteBuffer.wrap(frame).getLong(NodeFrames.HEADER + 1);
    }

    /** A frame arrived that is about this group. */
    void received(String peer, byte[] frame, GroupReplica replica, long now) {
        ByteBuffer in = NodeFrames.body(frame);
        try {
            byte what = in.get();
            in.getLong();
            long life = in.getLong();
            if (what == RebuildFrames.ASK) {
                giver.asked(peer, life, in, replica, now);
            } else if (what == RebuildFrames.FETCH) {
                giver.fetch(peer, life, in);
            } else if (taker != null) {
                taker.received(peer, life, what, in, now);
            }
        } catch (BufferUnderflowException e) {
            // of another release: whoever waits for it asks again
        }
    }

    /** A link has ended. */
    void unlinked(String peer) {
        giver.unlinked(peer);
        if (taker != null) {
            taker.unlinked(peer);
        }
    }
}
