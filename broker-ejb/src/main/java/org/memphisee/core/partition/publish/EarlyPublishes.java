package org.memphisee.core.partition.publish;

import java.util.ArrayDeque;

import org.memphisee.core.append.Shard;
import org.memphisee.port.PublishRequest;

/**
 * Publishes that came while their partition was opening, oldest first. They count as client data that the shard holds, so
 * that readers are paused; what comes nevertheless has no place any more once the shard holds twice its budget. Shard's
 * thread only.
 */
public final class EarlyPublishes {

    /** What a waiting publish costs besides its bytes: objects and their references. */
    private static final int OBJECT_BYTES = 96;

    private final Shard shard;
    private final ArrayDeque<Early> waiting = new ArrayDeque<>(0);

    private record Early(PublishRequest request, PublishOrigin origin) { }

    /** What becomes of one. */
    public interface Taker {
        void take(PublishRequest request, PublishOrigin origin);
    }

    public EarlyPublishes(Shard shard) {
        this.shard = shard;
    }

    /** Keeps one; false, and nothing is kept, when there is no room. */
    public boolean add(PublishRequest request, PublishOrigin origin) {
        int bytes = bytes(request);
        if (!shard.mayHold(bytes)) {
            return false;
        }
        shard.hold(bytes);
        waiting.add(new Early(request, origin));
        return true;
    }

    /** Hands all of them on, in their order; there are none then. */
    public void handOn(Taker taker) {
        Early early;
        while ((early = waiting.poll()) != null) {
            shard.release(bytes(early.request()));
            taker.take(early.request(), early.origin());
        }
    }

    /** The whole array is kept, whatever is in it besides. */
    private static int bytes(PublishRequest request) {
        return request.bytes().length + OBJECT_BYTES;
    }
}
