package org.memphisee.core.client;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import org.memphisee.core.access.AccessRefusal;
import org.memphisee.core.access.StationAccess;
import org.memphisee.core.api.ClientIdentity;
import org.memphisee.core.control.StationLayout;
import org.memphisee.core.stations.RequestRefusal;
import org.memphisee.core.stations.StationNames;
import org.memphisee.core.wire.AckSubject;

/**
 * What one user of one door does: its producers and consumers, each registered once and shown like those of an SDK's
 * connection. Any thread; futures complete on a thread of the broker and fail with a {@link LocalRefusal}.
 */
public final class LocalConnection {

    private static final long TOUCH_NANOS = TimeUnit.SECONDS.toNanos(1);

    private record ProducerKey(String station, String producer) { }

    private final LocalParts parts;
    private final ClientIdentity client;
    private final StationAccess access;
    private final Registrations registrations;
    private final Map<ProducerKey, CompletableFuture<LocalPublisher>> publishers = new ConcurrentHashMap<>();
    private final Map<GroupKey, CompletableFuture<LocalGroup>> groups = new ConcurrentHashMap<>();
    private final AtomicInteger fetching = new AtomicInteger();
    private volatile long lastUsed;
    private volatile boolean closed;

    LocalConnection(LocalParts parts, ClientIdentity client) {
        this.parts = parts;
        this.client = client;
        this.access = new StationAccess(parts.users());
        this.registrations = new Registrations(parts.router(), client);
        this.lastUsed = parts.loop().nowNanos();
    }

    /** Its id, as its members show it. */
    public String id() {
        return client.connectionId();
    }

    ClientIdentity client() {
        return client;
    }

    void touch() {
        long now = parts.loop().nowNanos();
        if (now - lastUsed > TOUCH_NANOS) {
            lastUsed = now;
        }
    }

    boolean idleSince(long nanos) {
        return fetching.get() == 0 && lastUsed - nanos < 0;
    }

    /** Takes its producers back; its groups stay, as they do when an SDK's connection goes. */
    void close() {
        closed = true;
        publishers.forEach((key, publisher) -> registrations.producerGone(key.producer(), key.station()));
        publishers.clear();
        groups.clear();
    }

    // ---- publishing

    /**
     * Publishes a message; the result comes when it is durable. Registers the producer, and creates the station with the
     * defaults, if that was not done yet.
     */
    public CompletableFuture<Stored> publish(Destination to, LocalMessage message) {
        return guarded(() -> publish(to, message, true));
    }

    private CompletableFuture<Stored> publish(Destination to, LocalMessage message, boolean retry) {
        CompletableFuture<LocalPublisher> known = publisher(to);
        if (!known.isDone() || known.isCompletedExceptionally()) {
            return known.thenCompose(p -> publish(p, known, to, message, retry));
        }
        return publish(known.join(), known, to, message, retry);
    }

    private CompletableFuture<Stored> publish(LocalPublisher publisher, CompletableFuture<LocalPublisher> known,
                                              Destination to, LocalMessage message, boolean retry) {
        CompletableFuture<Void> room = publisher.room(message.size());
        if (!room.isDone()) { // and asked again then: others may have been quicker
            return room.thenCompose(relieved -> publish(publisher, known, to, message, retry));
        }
        CompletableFuture<Stored> result = publisher.publish(message, to.partition());
        return result != null ? result : again(known, retry, () -> publish(to, message, false));
    }

    /**
     * Publishes messages in their order and stops at the first that fails: those behind it are not stored, unless they
     * went to another partition already.
     *
     * @return a result for each message up to the one that failed, at least; those that are missing were not sent
     */
    public CompletableFuture<List<CompletableFuture<Stored>>> publishAll(Destination to, List<LocalMessage> messages) {
        return guarded(() -> publishAll(to, messages, true));
    }

    private CompletableFuture<List<CompletableFuture<Stored>>> publishAll(Destination to, List<LocalMessage> messages,
                                                                          boolean retry) {
        CompletableFuture<LocalPublisher> known = publisher(to);
        return known.thenCompose(publisher -> publishAll(publisher, known, to, messages, retry));
    }

    private CompletableFuture<List<CompletableFuture<Stored>>> publishAll(LocalPublisher publisher,
                                                                          CompletableFuture<LocalPublisher> known,
                                                                          Destination to, List<LocalMessage> messages,
                                                                          boolean retry) {
        CompletableFuture<Void> room = publisher.room(messages.stream().mapToLong(LocalMessage::size).sum());
        if (!room.isDone()) {
            return room.thenCompose(relieved -> publishAll(publisher, known, to, messages, retry));
        }
        List<CompletableFuture<Stored>> results = publisher.publishAll(messages, to.partition());
        return results != null ? CompletableFuture.completedFuture(results)
            : again(known, retry, () -> publishAll(to, messages, false));
    }

    /** The station was removed: as a fresh producer would, register again, which makes a new one. */
    private <T> CompletableFuture<T> again(CompletableFuture<LocalPublisher> known, boolean retry,
                                           Supplier<CompletableFuture<T>> repeat) {
        publishers.values().remove(known);
        return retry ? repeat.get() : CompletableFuture.failedFuture(
            new LocalRefusal(LocalRefusal.Kind.UNAVAILABLE, "the station was removed meanwhile"));
    }

    private CompletableFuture<LocalPublisher> publisher(Destination to) {
        touch();
        CompletableFuture<LocalPublisher> known = publishers.get(new ProducerKey(to.station(), to.producer()));
        String station = known == null ? StationNames.external(StationNames.Kind.STATION, to.station()) : to.station();
        access.requireWrite(client.user(), station);
        if (known != null) {
            return known;
        }
        ProducerKey key = new ProducerKey(station, StationNames.external(StationNames.Kind.PRODUCER, to.producer()));
        return registered(publishers, key, () -> registrations.producer(key.producer(), station).thenApply(numbers -> {
            if (closed) { // it was taken for idle in the moment it was used
                registrations.producerGone(key.producer(), station);
            }
            return new LocalPublisher(parts.router(), StationRoute.of(station, numbers), parts.maxPayload(),
                parts.publishBudget(), parts.loop().traffic());
        }));
    }

    // ---- consuming

    /**
     * Fetches messages of a group. Registers the consumer, and creates the group and the station with the defaults, if
     * that was not done yet. Whoever fetches from the same group shares its messages. A caller that does not want the
     * result any more cancels it.
     */
    public CompletableFuture<Fetched> fetch(GroupKey wanted, FetchSize size) {
        return guarded(() -> {
            touch();
            GroupKey key = new GroupKey(StationNames.external(StationNames.Kind.STATION, wanted.station()),
                StationNames.external(StationNames.Kind.CONSUMER, wanted.consumer()),
                StationNames.external(StationNames.Kind.CONSUMER, wanted.group()), wanted.maxAckMillis(), wanted.maxDeliveries());
            access.requireRead(client.user(), key.station());
            fetching.incrementAndGet();
            long bytes = Math.max(size.bytes(), parts.maxPayload().getAsInt() + 4096L);
            CompletableFuture<Fetched> wantedByCaller = new CompletableFuture<>();
            fetch(key, new FetchSize(size.messages(), size.waitMillis(), bytes), true).whenComplete((fetched, error) -> {
                fetching.decrementAndGet();
                touch();
                if (error != null) {
                    wantedByCaller.completeExceptionally(unwrapped(error));
                } else if (!wantedByCaller.complete(fetched)) {
                    fetched.close(); // the caller gave up: nobody else would give the bytes back
                }
            });
            return wantedByCaller;
        });
    }

    private CompletableFuture<Fetched> fetch(GroupKey key, FetchSize size, boolean retry) {
        CompletableFuture<LocalGroup> known = registered(groups, key, () -> registrations.consumer(key).thenApply(
            numbers -> new LocalGroup(parts, key.station(), StationRoute.of(key.station(), numbers), key.group())));
        return known.thenCompose(group -> group.fetch(size)).exceptionallyCompose(error -> {
            if (!(unwrapped(error) instanceof Fetch.Gone)) {
                return CompletableFuture.failedFuture(unwrapped(error));
            }
            groups.remove(key, known);
            return retry ? fetch(key, size, false) : CompletableFuture.failedFuture(
                new LocalRefusal(LocalRefusal.Kind.UNAVAILABLE, "the consumer group was removed meanwhile"));
        });
    }

    /**
     * Says something about deliveries of one station; the result comes when that is durable.
     *
     * @param station external name in any case
     * @param ackSubjects names of the deliveries
     * @return for each delivery whether it was said; false for what names no delivery of the station
     */
    public CompletableFuture<List<Boolean>> settle(String station, List<String> ackSubjects, LocalSettlement settlement) {
        return guarded(() -> {
            touch();
            String name = StationNames.external(StationNames.Kind.STATION, station);
            access.requireRead(client.user(), name);
            List<String> own = ackSubjects.stream().map(subject -> belongs(subject, name) ? subject : "").toList();
            CompletableFuture<List<Boolean>> result = new CompletableFuture<>();
            parts.loop().execute(() -> new Settling(parts.loop(), settlement, own.size(), result).send(own));
            return settleLetters(name, ackSubjects, settlement, result);
        });
    }

    /** Adds what was said about messages that came again. */
    private CompletableFuture<List<Boolean>> settleLetters(String station, List<String> ackSubjects, LocalSettlement settlement,
                                                           CompletableFuture<List<Boolean>> others) {
        Map<Integer, CompletableFuture<Boolean>> said = new TreeMap<>();
        for (int i = 0; i < ackSubjects.size(); i++) {
            int index = i;
            LetterAcks.parse(ackSubjects.get(i)).ifPresent(ack -> said.put(index,
                settlement instanceof LocalSettlement.Again again ? parts.letters().later(client.user(), station, ack.letter(), ack.group(), again.delayMillis())
                : parts.letters().acknowledged(client.user(), station, ack.letter(), ack.group())));
        }
        if (said.isEmpty()) {
            return others;
        }
        return CompletableFuture.allOf(said.values().toArray(CompletableFuture[]::new)).exceptionallyCompose(failure ->
            CompletableFuture.failedFuture(new LocalRefusal(LocalRefusal.Kind.BUSY, "the broker is busy, try again")))
            .thenCombine(others, (done, settled) -> {
                List<Boolean> all = new ArrayList<>(settled);
                said.forEach((index, one) -> all.set(index, one.join()));
                return all;
            });
    }

    private static boolean belongs(String ackSubject, String station) {
        byte[] bytes = ackSubject.getBytes(StandardCharsets.UTF_8);
        AckSubject parsed = new AckSubject();
        return parsed.parse(bytes, 0, bytes.length)
            && StationLayout.externalName(StationLayout.stationPart(parsed.stream())).equals(station);
    }

    // ---- both

    private <K, V> CompletableFuture<V> registered(Map<K, CompletableFuture<V>> all, K key,
                                                   Supplier<CompletableFuture<V>> register) {
        CompletableFuture<V> mine = new CompletableFuture<>();
        CompletableFuture<V> known = all.putIfAbsent(key, mine);
        if (known != null) {
            return known;
        }
        register.get().whenComplete((value, error) -> {
            if (error == null) {
                mine.complete(value);
            } else {
                all.remove(key, mine);
                mine.completeExceptionally(unwrapped(error));
            }
        });
        return mine;
    }

    private static <T> CompletableFuture<T> guarded(Supplier<CompletableFuture<T>> call) {
        try {
            return call.get();
        } catch (LocalRefusal refusal) {
            return CompletableFuture.failedFuture(refusal);
        } catch (RequestRefusal refusal) {
            return CompletableFuture.failedFuture(new LocalRefusal(LocalRefusal.Kind.INVALID, refusal.getMessage()));
        } catch (AccessRefusal refusal) {
            return CompletableFuture.failedFuture(
                new LocalRefusal(LocalRefusal.Kind.NOT_ALLOWED, refusal.getMessage()));
        }
    }

    static Throwable unwrapped(Throwable error) {
        Throwable e = error;
        while (e instanceof CompletionException && e.getCause() != null) {
            e = e.getCause();
        }
        return e;
    }
}
