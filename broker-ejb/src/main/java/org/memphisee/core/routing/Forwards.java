package org.memphisee.core.routing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

import org.memphisee.core.append.Shard;
import org.memphisee.core.append.ShardTimer;
import org.memphisee.core.partition.publish.PublishOrigin;
import org.memphisee.core.partition.publish.PublishOutcome;
import org.memphisee.core.partition.publish.PublishRefusal;
import org.memphisee.core.routing.frame.RouteFrame;
import org.memphisee.port.PublishRequest;

/**
 * Messages for partitions that other nodes serve, until it is known what became of them. For each partition they leave in the order
 * in which they came; while nobody serves it they wait. What may have reached a node that has gone is told as unknown and not sent
 * again, what certainly has not goes to the next one. The routes' thread.
 */
final class Forwards {

    /** Of an entry: the message is a dead letter. */
    static final int DEAD_LETTER = 1;
    /** Of an entry: all before it for its partition is answered. */
    static final int FIRST = 2;
    private static final long RETRY_NANOS = 20_000_000;

    /** A message on its way. */
    record Waiting(PlacedPartition to, PublishRequest request, PublishOrigin origin, int bytes, long since, long number) {

        private Waiting numbered(long next) {
            return new Waiting(to, request, origin, bytes, since, next);
        }
    }

    /** What waits for one partition. */
    private static final class Lot {
        private final Deque<Waiting> held = new ArrayDeque<>();
        /** Sent, and certainly not stored: they go first when all that was sent is answered. */
        private final List<Waiting> bounced = new ArrayList<>();
        private Peer sentTo;
        private int sent;

        private boolean idle() {
            return held.isEmpty() && bounced.isEmpty() && sent == 0;
        }
    }

    private final PeerRoutes routes;
    private final Shard shard;
    private final Map<PlacedPartition, Lot> lots = new HashMap<>();
    private final Set<PlacedPartition> waiting = new HashSet<>();
    private final ShardTimer retry = new ShardTimer(this::again);
    private long numbers;
    /** Of the routes' thread; read by any. */
    private final AtomicLong held = new AtomicLong();

    Forwards(PeerRoutes routes, Shard shard) {
        this.routes = routes;
        this.shard = shard;
        numbers = shard.clock().wallNanos() & ~1L; // never those of an earlier process, and even: odd ones are of requests
    }

    /** Messages that wait for somebody to serve their partition. */
    long held() {
        return held.get();
    }

    /** Takes a message. */
    void publish(PlacedPartition to, PublishRequest r, PublishOrigin origin, int bytes) {
        if (!origin.wanted()) {
            to.back(1);
            return;
        }
        Waiting w = new Waiting(to, r, origin, bytes, shard.clock().nowNanos(), 0);
        if (!shard.mayHold(bytes)) {
            to.back(1);
            refuse(w);
            return;
        }
        shard.hold(bytes);
        Lot lot = lots.computeIfAbsent(to, t -> new Lot());
        if (!lot.held.isEmpty() || !lot.bounced.isEmpty() || !send(lot, w)) {
            hold(lot, w);
        }
    }

    private void hold(Lot lot, Waiting w) {
        lot.held.addLast(w);
        held.incrementAndGet();
        waits(w.to());
    }

    private void waits(PlacedPartition to) {
        waiting.add(to);
        if (!retry.set()) {
            shard.set(retry, shard.clock().nowNanos() + RETRY_NANOS);
        }
    }

    /** False when it has to wait. */
    private boolean send(Lot lot, Waiting w) {
        PlacedPartition to = w.to();
        PartitionRef here = to.takes();
        if (here != null) {
            if (lot.sent > 0) {
                return false;
            }
            here.publish(Lane.current(), w.request(), w.origin(), w.bytes());
            shard.release(w.bytes());
            shard.afterHandOver(() -> to.back(1));
            return true;
        }
        Peer peer = routes.leader(to.id());
        if (peer == null || !peer.linked() || peer.full() || lot.sent > 0 && lot.sentTo != peer) {
            return false;
        }
        Waiting numbered = w.numbered(numbers += 2);
        PublishRequest r = w.request();
        RouteFrame entry = RouteFrame.entry(40 + r.subjectLength() + r.bodyLength());
        entry.i64(to.id()).u8((w.origin().deadLetter() ? DEAD_LETTER : 0) | (lot.sent == 0 ? FIRST : 0)).slice(r.bytes(), r.subjectOffset(), r.subjectLength())
            .i32(r.headerLength()).slice(r.bytes(), r.bodyOffset(), r.bodyLength());
        peer.publish(numbered, entry.take());
        lot.sentTo = peer;
        lot.sent++;
        return true;
    }

    /** What a peer says of a message; null for one that does not serve the partition, and has certainly not stored it. */
    void answered(Peer by, long number, PublishOutcome outcome) {
        Waiting w = by.answered(number);
        if (w == null) {
            return; // told as unknown already
        }
        Lot lot = lots.get(w.to());
        lot.sent--;
        if (outcome == null || outcome instanceof PublishOutcome.Refused r && r.reason() == PublishRefusal.NO_LEADER) {
            bounce(lot, w);
        } else {
            end(w, outcome);
        }
        settle(w.to(), lot);
    }

    /** A peer has it, and nobody will say what became of it. */
    void taken(Peer by, long number) {
        Waiting w = by.answered(number);
        if (w != null) {
            Lot lot = lots.get(w.to());
            lot.sent--;
            release(w);
            settle(w.to(), lot);
        }
    }

    private void bounce(Lot lot, Waiting w) {
        lot.bounced.add(w);
        held.incrementAndGet();
        waits(w.to());
    }

    /** All that was sent is answered: what waits may go on. */
    private void settle(PlacedPartition to, Lot lot) {
        if (lot.sent == 0) {
            for (int i = lot.bounced.size() - 1; i >= 0; i--) {
                lot.held.addFirst(lot.bounced.get(i));
            }
            boolean again = !lot.bounced.isEmpty();
            lot.bounced.clear();
            if (!again) { // else with the next look, by when it may be known who serves it
                sendHeld(to, lot);
            }
        }
        if (lot.idle()) {
            lots.remove(to);
        }
    }

    private void sendHeld(PlacedPartition to, Lot lot) {
        while (lot.bounced.isEmpty() && !lot.held.isEmpty() && send(lot, lot.held.peekFirst())) {
            lot.held.pollFirst();
            held.decrementAndGet();
        }
        if (lot.held.isEmpty() && lot.bounced.isEmpty()) {
            waiting.remove(to);
        }
    }

    /** Leaders have changed, or time has passed. */
    void again() {
        for (PlacedPartition to : List.copyOf(waiting)) {
            Lot lot = lots.get(to);
            if (lot == null) {
                waiting.remove(to);
                continue;
            }
            expire(to, lot);
            sendHeld(to, lot);
            if (lot.idle()) {
                lots.remove(to);
            }
        }
        if (!waiting.isEmpty() && !retry.set()) {
            shard.set(retry, shard.clock().nowNanos() + RETRY_NANOS);
        }
    }

    private void expire(PlacedPartition to, Lot lot) {
        long limit = shard.clock().nowNanos() - routes.hold(to);
        for (Iterator<Waiting> i = lot.held.iterator(); i.hasNext();) {
            Waiting w = i.next();
            if (w.since() <= limit) {
                i.remove();
                held.decrementAndGet();
                release(w);
                refuse(w);
            }
        }
    }

    /** A link has ended. */
    void gone(Peer peer, List<Waiting> left) {
        Set<PlacedPartition> touched = new HashSet<>();
        for (Waiting w : left) {
            Lot lot = lots.get(w.to());
            lot.sent--;
            if (peer.maySee(w)) {
                end(w, new PublishOutcome.Undecided(w.to().config().name(), "the connection to node " + peer.name()
                    + ", which serves the stream, ended before it answered"));
            } else {
                bounce(lot, w);
            }
            touched.add(w.to());
        }
        touched.forEach(to -> settle(to, lots.get(to)));
    }

    /** The partition is defined no more. */
    void removed(PlacedPartition to) {
        Lot lot = lots.get(to);
        if (lot != null) {
            for (Waiting w : lot.held) {
                release(w);
                w.origin().ended(w.request(), new PublishOutcome.Refused(to.config().name(), PublishRefusal.GONE, ""));
            }
            held.addAndGet(-lot.held.size());
            lot.held.clear();
            waiting.remove(to);
        }
    }

    /** Nobody is waited for any more. */
    void stop() {
        for (Map.Entry<PlacedPartition, Lot> lot : lots.entrySet()) {
            lot.getValue().held.forEach(w -> {
                release(w);
                refuse(w);
            });
            lot.getValue().held.clear();
        }
        waiting.clear();
    }

    private void end(Waiting w, PublishOutcome outcome) {
        release(w);
        w.origin().ended(w.request(), outcome);
    }

    private static void refuse(Waiting w) {
        w.origin().ended(w.request(), new PublishOutcome.Refused(w.to().config().name(), PublishRefusal.NO_LEADER, ""));
    }

    private void release(Waiting w) {
        shard.release(w.bytes());
        w.to().back(1);
    }
}
