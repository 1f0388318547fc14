package org.memphisee.core.append;

import java.util.ArrayList;
import java.util.List;

import org.memphisee.core.cluster.Proposal;
import org.memphisee.core.cluster.ReplicationGroup;

/**
 * Replication without replicas: what the partitions of one shard propose is written on this node. Little is gathered until
 * the end of the turn, when everything the turn caused has been handed over, and then written by the shard itself if nobody
 * else writes; more, or what need not be durable at once, goes to the log writer's thread, so that the shard goes on
 * meanwhile (the other way round in a group that is {@link #unsynced}). Proposals keep their order. Shard's thread only.
 */
public final class SoloGroup implements ReplicationGroup {

    /** At most so many bytes are written by the shard itself. */
    private static final int INLINE_BYTES = 64 << 10;

    private final Shard shard;
    private final LogWriter writer;
    private final int inlineBytes;
    private final boolean synced;
    private final List<Proposal> gathered = new ArrayList<>();
    private final Runnable write = this::write;
    private int bytes;

    /**
     * @param inlineBytes at most so many bytes are written by the shard itself; 0 leaves everything to the writer's thread
     * @param synced which of those: what must be durable at once, or what need not
     */
    private SoloGroup(Shard shard, LogWriter writer, int inlineBytes, boolean synced) {
        this.shard = shard;
        this.writer = writer;
        this.inlineBytes = inlineBytes;
        this.synced = synced;
    }

    /** A group whose shard writes what must be durable at once itself, up to so many bytes. */
    public SoloGroup(Shard shard, LogWriter writer, int inlineBytes) {
        this(shard, writer, inlineBytes, true);
    }

    /** A group whose shard writes little itself. */
    public SoloGroup(Shard shard, LogWriter writer) {
        this(shard, writer, INLINE_BYTES);
    }

    /**
     * A group for what is durable elsewhere before it is proposed here: its shard writes itself what need not be synced, and leaves
     * to the writer's thread what waits for the disk.
     */
    public static SoloGroup unsynced(Shard shard, LogWriter writer, int inlineBytes) {
        return new SoloGroup(shard, writer, inlineBytes, false);
    }

    @Override
    public int smallBytes() {
        return inlineBytes;
    }

    @Override
    public void propose(Proposal request) {
        if (request.sync() != synced || bytes + request.bytes() >= inlineBytes) {
            forward();
            writer.submit(request);
            return;
        }
        if (gathered.isEmpty()) {
            shard.afterHandOver(write);
        }
        gathered.add(request);
        bytes += request.bytes();
    }

    private void write() {
        if (gathered.isEmpty()) {
            return;
        }
        if (writer.tryWrite(gathered)) {
            gathered.clear();
            bytes = 0;
        } else {
            forward();
        }
    }

    private void forward() {
        for (int i = 0; i < gathered.size(); i++) {
            writer.submit(gathered.get(i));
        }
        gathered.clear();
        bytes = 0;
    }
}
