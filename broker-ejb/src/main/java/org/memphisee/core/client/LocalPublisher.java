package org.memphisee.core.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

import org.memphisee.core.routing.Router;
import org.memphisee.port.DeliverySink;
import org.memphisee.port.PublishRequest;

/**
 * A registered producer of one station. Any thread; messages of different threads meet in the shards' inboxes, where one
 * commit takes all that wait (D6).
 */
final class LocalPublisher {

    private static final CompletableFuture<Void> ROOM = CompletableFuture.completedFuture(null);

    private final Router router;
    private final StationRoute route;
    private final byte[][] subjects;
    private final IntSupplier maxPayload;
    private final ByteBudget budget;
    private final LocalTraffic traffic;
    private final AtomicInteger turn = new AtomicInteger();

    LocalPublisher(Router router, StationRoute route, IntSupplier maxPayload, ByteBudget budget, LocalTraffic traffic) {
        this.router = router;
        this.route = route;
        this.subjects = route.subjects();
        this.maxPayload = maxPayload;
        this.budget = budget;
        this.traffic = traffic;
    }

    String station() {
        return route.station();
    }

    /**
     * Done when nobody who is subscribed to one of the station's subjects has to read first (ADR 0051); not later than they are
     * waited for at all. Until then the bytes count as kept.
     *
     * @throws LocalRefusal when no more may be kept
     */
    CompletableFuture<Void> room(long bytes) {
        for (byte[] subject : subjects) {
            DeliverySink behind = router.behind(subject);
            if (behind != null) {
                take(bytes);
                CompletableFuture<Void> relieved = new CompletableFuture<>();
                behind.whenRelieved(() -> {
                    budget.give(bytes);
                    relieved.complete(null);
                });
                return relieved;
            }
        }
        return ROOM;
    }

    private void take(long bytes) {
        if (!budget.take(bytes)) {
            throw new LocalRefusal(LocalRefusal.Kind.BUSY, "the broker is busy, try again");
        }
    }

    /** Publishes one message; null when the station has gone. */
    CompletableFuture<Stored> publish(LocalMessage message, PartitionChoice choice) {
        requireSize(message);
        PendingPublish pending = submit(message, choice, null);
        router.handOver();
        return pending;
    }

    /**
     * Publishes messages in their order and stops at the first that fails: those behind it are not stored, as far as
     * they go to the same partition. Null when the station has gone.
     */
    List<CompletableFuture<Stored>> publishAll(List<LocalMessage> messages, PartitionChoice choice) {
        AtomicBoolean stopped = new AtomicBoolean();
        List<CompletableFuture<Stored>> results = new ArrayList<>(messages.size());
        for (LocalMessage message : messages) {
            try {
                requireSize(message);
                PendingPublish pending = submit(message, choice, stopped);
                if (pending == null) {
                    return results.isEmpty() ? null : gone(results, messages.size());
                }
                results.add(pending);
            } catch (LocalRefusal refusal) {
                results.add(CompletableFuture.failedFuture(refusal));
                break;
            }
        }
        router.handOver();
        return results;
    }

    private List<CompletableFuture<Stored>> gone(List<CompletableFuture<Stored>> results, int wanted) {
        router.handOver();
        if (results.size() < wanted) {
            results.add(CompletableFuture.failedFuture(
                new LocalRefusal(LocalRefusal.Kind.UNAVAILABLE, "the station was removed meanwhile")));
        }
        return results;
    }

    private void requireSize(LocalMessage message) {
        int most = maxPayload.getAsInt();
        if (message.size() > most) {
            throw new LocalRefusal(LocalRefusal.Kind.TOO_LARGE, "message of " + message.size()
                + " bytes with its headers is larger than the maximum of " + most);
        }
    }

    private PendingPublish submit(LocalMessage message, PartitionChoice choice, AtomicBoolean stopped) {
        int index = choice.index(route.partitions(), turn.getAndIncrement());
        take(message.size());
        PendingPublish pending = new PendingPublish(route.partitions().get(index), message.size(), budget, stopped);
        Router.Storing storing = router.publish(request(subjects[index], message), pending);
        if (storing == Router.Storing.NOT_STORED) {
            pending.cancel(false);
            return null;
        }
        traffic.published(message.size());
        if (storing == Router.Storing.UNANSWERED) {
            pending.unacknowledged();
        }
        return pending;
    }

    private static PublishRequest request(byte[] subject, LocalMessage message) {
        int headers = message.headers().length;
        int payload = message.payload().length;
        int body = subject.length;
        byte[] all = new byte[body + headers + payload];
        System.arraycopy(subject, 0, all, 0, body);
        System.arraycopy(message.headers(), 0, all, body, headers);
        System.arraycopy(message.payload(), 0, all, body + headers, payload);
        return new PublishRequest(all, 0, body, 0, 0, body, headers, payload);
    }
}
