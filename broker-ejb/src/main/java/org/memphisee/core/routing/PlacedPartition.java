package org.memphisee.core.routing;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

import org.memphisee.core.partition.publish.PublishOrigin;
import org.memphisee.core.partition.publish.PublishOutcome;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.core.wire.PullRequest;
import org.memphisee.port.PublishRequest;

/**
 * A partition of a cluster: what is sent to it goes to the node that serves it, which may be this one, another one, or none for a
 * moment. What other nodes are to get is handed to the routes' thread; what comes while something is still there waits behind it,
 * so that the order of a client's messages is kept when the leader changes.
 */
final class PlacedPartition implements PartitionRef {

    private final long id;
    private final PeerRoutes routes;
    /** Messages that were handed over to the routes and not yet handed on to a partition here, or answered. */
    private final AtomicInteger away = new AtomicInteger();
    private volatile StreamConfig config;
    /** What serves it here; null while it is not served here. */
    private volatile PartitionRef here;
    /** Another node is about to serve it: messages and acknowledgements wait, requests for messages are still taken here. */
    private volatile boolean handing;

    PlacedPartition(long id, StreamConfig config, PeerRoutes routes) {
        this.id = id;
        this.config = config;
        this.routes = routes;
    }

    // ---- any thread

    /** It is defined no more. */
    void removed() {
        here = null;
        routes.shard().execute(() -> routes.forwards().removed(this));
    }

    long id() {
        return id;
    }

    StreamConfig config() {
        return config;
    }

    void config(StreamConfig next) {
        config = next;
    }

    /** What serves it here, null when it is not served here. */
    PartitionRef here() {
        return here;
    }

    /** What takes messages and acknowledgements for it here, null when they are to wait, or to go elsewhere. */
    PartitionRef takes() {
        return handing ? null : here;
    }

    void handsOver(boolean now) {
        handing = now;
        routes.leadersChanged();
    }

    void here(PartitionRef now) {
        here = now;
        handing = false;
        routes.leadersChanged();
    }

    /** So many messages are handed on or answered. */
    void back(int messages) {
        away.addAndGet(-messages);
    }

    // ---- the thread of the lane

    @Override
    public boolean acknowledges() {
        return !config.noAck();
    }

    @Override
    public void publish(Lane lane, PublishRequest r, PublishOrigin origin, int bytes) {
        PartitionRef local = takes();
        if (local != null && away.get() == 0) {
            local.publish(lane, r, origin, bytes);
        } else {
            away.incrementAndGet();
            lane.command(routes.shard(), () -> routes.forwards().publish(this, r, origin, bytes), bytes);
        }
    }

    @Override
    public void refuse(Lane lane, PublishRequest r, PublishOrigin origin, PublishOutcome.Refused refused, int bytes) {
        lane.command(routes.shard(), () -> origin.ended(r, refused), bytes);
    }

    @Override
    public void failed(Lane lane, PublishRequest r, String problem) {
        // messages are looked at where it is served
    }

    @Override
    public void acknowledge(Lane lane, PublishRequest r, String reply, int bytes, Runnable unknown) {
        PartitionRef local = takes();
        if (local != null) {
            local.acknowledge(lane, r, reply, bytes, unknown);
        } else {
            lane.command(routes.shard(), () -> routes.pulls().acknowledge(this, r, reply, unknown), bytes);
        }
    }

    @Override
    public void pull(Lane lane, PublishRequest r, int consumerOffset, int consumerLength, String inbox, int bytes,
                     Runnable unknown) {
        PartitionRef local = here;
        if (local != null) {
            local.pull(lane, r, consumerOffset, consumerLength, inbox, bytes, unknown);
            return;
        }
        byte[] consumer = Arrays.copyOfRange(r.bytes(), consumerOffset, consumerOffset + consumerLength);
        lane.command(routes.shard(), () -> routes.pulls().pull(this, consumer, r, inbox, unknown), bytes);
    }

    /** What is left of a request of a client here goes to whoever serves the partition next. */
    void handOn(Lane lane, byte[] consumer, PullRequest rest) {
        lane.command(routes.shard(), () -> routes.pulls().handedOn(this, consumer, rest), 0);
    }

    /** An acknowledgement that was taken here, and is durable nowhere, goes to whoever serves the partition next. */
    void handOn(Lane lane, byte[] subject, byte[] payload, String reply) {
        byte[] all = Arrays.copyOf(subject, subject.length + payload.length);
        System.arraycopy(payload, 0, all, subject.length, payload.length);
        PublishRequest r = new PublishRequest(all, 0, subject.length, 0, 0, subject.length, 0, payload.length);
        lane.command(routes.shard(), () -> routes.pulls().acknowledge(this, r, reply, () -> { }), all.length);
    }

    @Override
    public void flowControl(Lane lane, String consumer, String subject, int bytes) {
        PartitionRef local = here;
        if (local != null) {
            local.flowControl(lane, consumer, subject, bytes);
        } else {
            lane.command(routes.shard(), () -> routes.pulls().flowControl(this, consumer, subject), bytes);
        }
    }
}
