package org.memphisee.core.append;

import java.util.ArrayList;
import java.util.List;

/**
 * What the partitions of one shard want written. Little is gathered until the end of the turn, when everything the turn
 * caused has been handed over, and then written by the shard itself if nobody else writes; more, or what need not be
 * durable at once, goes to the log writer's thread, so that the shard goes on meanwhile. Requests keep their order. Shard's
 * thread only.
 */
public final class ShardWrites {

    /** At most so many bytes are written by the shard itself. */
    public static final int INLINE_BYTES = 64 << 10;

    private final Shard shard;
    private final LogWriter writer;
    private final int inlineBytes;
    private final List<WriteRequest> gathered = new ArrayList<>();
    private final Runnable write = this::write;
    private int bytes;

    /**
     * @param inlineBytes at most so many bytes are written by the shard itself; 0 leaves everything to the writer's thread
     */
    public ShardWrites(Shard shard, LogWriter writer, int inlineBytes) {
        this.shard = shard;
        this.writer = writer;
        this.inlineBytes = inlineBytes;
    }

    /** Has a request written; its completion is called on the thread that wrote it. */
    public void submit(WriteRequest request) {
        if (!request.sync() || bytes + request.bytes() >= inlineBytes) {
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
