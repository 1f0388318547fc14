package org.memphisee.core.routing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

import org.memphisee.core.append.Shard;
import org.memphisee.core.append.ShardTimer;
import org.memphisee.core.routing.frame.RouteFrame;
import org.memphisee.port.PublishRequest;

/**
 * Acknowledgements of partitions that other nodes serve. They go to the leader; while there is none they wait in their order, for
 * a limited time and in limited memory, since what is lost of them only has a message come again (ADR 0230). One that came to a
 * node which does not lead is sent on from there once. The routes' thread.
 */
final class ForwardedAcks {

    /** How far one has come: of a client here, of a client of another node, sent on by a node that did not lead. */
    enum Way { OWN, PEERS, SENT_ON }

    private static final int MOST_UNKNOWN = 4_096;
    private static final int OVERHEAD_BYTES = 128;
    private static final long RETRY_NANOS = 20_000_000;

    /** An acknowledgement that waits; the reply is empty when nobody waits for an answer. */
    private record Held(byte[] subject, byte[] payload, String reply, Runnable unknown, Way way, long since) {

        private int bytes() {
            return OVERHEAD_BYTES + subject.length + payload.length + reply.length();
        }

        private PublishRequest request() {
            byte[] all = Arrays.copyOf(subject, subject.length + payload.length);
            System.arraycopy(payload, 0, all, subject.length, payload.length);
            return new PublishRequest(all, 0, subject.length, 0, 0, subject.length, 0, payload.length);
        }
    }

    private final PeerRoutes routes;
    private final Shard shard;
    private final LongSupplier numbers;
    private final Map<PlacedPartition, Deque<Held>> held = new LinkedHashMap<>();
    private final Map<Long, Runnable> unknowns = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Runnable> eldest) {
            return size() > MOST_UNKNOWN;
        }
    };
    private final ShardTimer retry = new ShardTimer(this::again);
    private long bytes;

    /** @param numbers gives each that wants an answer a number that no other traffic has */
    ForwardedAcks(PeerRoutes routes, Shard shard, LongSupplier numbers) {
        this.routes = routes;
        this.shard = shard;
        this.numbers = numbers;
    }

    /** Takes one; the request is not kept. */
    void acknowledge(PlacedPartition to, PublishRequest r, String reply, Runnable unknown, Way way) {
        Held ack = new Held(Arrays.copyOfRange(r.bytes(), r.subjectOffset(), r.subjectOffset() + r.subjectLength()),
            payload(r), reply, unknown, way, shard.clock().nowNanos());
        // a node that sent one here heard a moment ago that this one leads: better news come before long
        if (held.containsKey(to) || way != Way.OWN && to.takes() == null || !send(to, ack)) {
            hold(to, ack);
        }
    }

    private static byte[] payload(PublishRequest r) {
        int from = r.bodyOffset() + r.headerLength();
        return Arrays.copyOfRange(r.bytes(), from, from + r.payloadLength());
    }

    /** Whether some wait for a partition, behind which others have to stay. */
    boolean waits(PlacedPartition to) {
        return held.containsKey(to);
    }

    private void hold(PlacedPartition to, Held ack) {
        if (bytes + ack.bytes() > routes.settings().heldAcknowledgementBytes() || !shard.mayHold(ack.bytes())) {
            return; // its message comes again
        }
        bytes += ack.bytes();
        shard.hold(ack.bytes());
        held.computeIfAbsent(to, t -> new ArrayDeque<>()).addLast(ack);
        arm();
    }

    private void arm() {
        if (!retry.set()) {
            shard.set(retry, shard.clock().nowNanos() + RETRY_NANOS);
        }
    }

    /** False when it has to wait. */
    private boolean send(PlacedPartition to, Held ack) {
        PartitionRef here = to.takes();
        if (here != null) {
            here.acknowledge(Lane.current(), ack.request(), ack.reply(), 0, ack.unknown());
            return true;
        }
        Peer peer = routes.leader(to.id());
        if (peer == null || !peer.linked() || ack.way() == Way.SENT_ON) {
            return false;
        }
        long number = 0;
        if (!ack.reply().isEmpty()) {
            number = numbers.getAsLong();
            unknowns.put(number, ack.unknown());
        }
        byte[] reply = ack.reply().getBytes(StandardCharsets.UTF_8);
        peer.traffic(RouteFrame.entry(64 + ack.bytes())
            .u8(ack.way() == Way.OWN ? ForwardedPulls.ACKNOWLEDGE : ForwardedPulls.ACKNOWLEDGE_SENT_ON).i64(number).i64(to.id())
            .slice(ack.subject(), 0, ack.subject().length).slice(reply, 0, reply.length)
            .slice(ack.payload(), 0, ack.payload().length).take());
        return true;
    }

    /** Leaders have changed, or time has passed. */
    void again() {
        for (Iterator<Map.Entry<PlacedPartition, Deque<Held>>> i = held.entrySet().iterator(); i.hasNext();) {
            Map.Entry<PlacedPartition, Deque<Held>> lot = i.next();
            PlacedPartition to = lot.getKey();
            Deque<Held> waiting = lot.getValue();
            long limit = shard.clock().nowNanos() - routes.hold(to);
            waiting.removeIf(ack -> {
                boolean over = send(to, ack) || ack.since() <= limit;
                if (over) {
                    bytes -= ack.bytes();
                    shard.release(ack.bytes());
                }
                return over;
            });
            if (waiting.isEmpty()) {
                i.remove();
            }
        }
        if (!held.isEmpty()) {
            arm();
        }
    }

    /** The leader has no such consumer. */
    void unknown(long number) {
        Runnable told = unknowns.remove(number);
        if (told != null) {
            told.run();
        }
    }
}
