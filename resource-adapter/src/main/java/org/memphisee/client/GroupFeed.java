package org.memphisee.client;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.memphisee.wire.ClientFrames;

/**
 * A member of a consumer group on one session: registered as an SDK registers it (wire-protocol.md 3.6), so that SDK clients
 * and beans share the group, and fed by pull requests for as many messages as it may hold. It does not deregister: that would
 * remove the group's position; the broker sees the member go with the connection.
 *
 * <p>Messages come on the link's thread; everything else may be called from any.
 */
public final class GroupFeed implements SubscriptionHandler {

    private static final byte[] NONE = {};
    private static final byte[] PROGRESS = bytes("+WPI");
    private static final long EXPIRES_MILLIS = 20_000;
    private static final long LOST_MILLIS = 25_000;
    private static final long CHECK_MILLIS = 5_000;
    /** Checks between two looks whether the group is still there, as SDKs do every 30 s. */
    private static final int CHECKS_PER_LOOK = 6;
    /** What the broker adds to the largest payload when it counts a message. */
    private static final long FRAME_BYTES = 8 << 10;

    private final BrokerSession session;
    private final GroupSpec spec;
    private final Listener listener;
    private final String inbox;
    private final long sid;
    private final int inboxTokens;
    private Map<Integer, PullBook> books = Map.of();
    private String created = "";
    private int capacity;
    private long capacityBytes;
    private boolean pulling;
    private boolean left;
    private int checks;

    /** Who gets the messages. Link's thread; must not block. */
    public interface Listener {

        /** One message. */
        void delivered(Delivery delivery);

        /** Everything that had arrived was handed over. */
        void readComplete();

        /** The group is no longer there: the station or the group was deleted. */
        void gone(String why);
    }

    private GroupFeed(BrokerSession session, GroupSpec spec, Listener listener) {
        this.session = session;
        this.spec = spec;
        this.listener = listener;
        inbox = session.inboxPrefix() + "g" + spec.hashCode() + "-" + System.identityHashCode(this) + ".";
        inboxTokens = inbox.length();
        sid = session.newSubscription(this);
    }

    /**
     * Joins the group, which is made if it is not there, as is the station. No message comes before {@link #capacity}.
     *
     * @return completes on the link's thread with the feed, or with the broker's refusal
     */
    public static CompletableFuture<GroupFeed> join(BrokerSession session, GroupSpec spec, Listener listener) {
        GroupFeed feed = new GroupFeed(session, spec, listener);
        return session.request(GroupRequests.JOIN, GroupRequests.join(session, spec)).thenCompose(answer -> {
            int[] partitions = StationTarget.partitions("Consuming from station " + spec.station(), answer);
            return GroupRequests.created(session, spec, partitions.length == 0 ? 0 : partitions[0]).thenApply(created -> {
                feed.begin(partitions, created);
                return feed;
            });
        });
    }

    private synchronized void begin(int[] partitions, String groupCreated) {
        created = groupCreated;
        Map<Integer, PullBook> made = new TreeMap<>();
        for (int partition : partitions.length == 0 ? new int[1] : partitions) {
            made.put(partition, new PullBook());
        }
        books = made;
        pulling = true;
        ClientFrames frames = new ClientFrames(128);
        frames.line("SUB " + inbox + "> " + sid);
        session.send(frames);
        session.schedule(this::check, CHECK_MILLIS);
    }

    /** The session it lives on. */
    public BrokerSession session() {
        return session;
    }

    /** When the group was made; feeds of the same group say the same. Empty if the broker does not tell. */
    public synchronized String created() {
        return created;
    }

    /** Number of partitions it is fed from. */
    public synchronized int partitions() {
        return books.size();
    }

    /**
     * How much the member may hold from now on, over all partitions; each partition gives at least one message. May be said
     * often: only a clear rise looks at all partitions at once, the others follow as their messages are settled.
     */
    public synchronized void capacity(int messages, long bytes) {
        boolean rises = messages > capacity + capacity / 4;
        if (rises || messages < capacity) {
            capacity = messages;
            capacityBytes = bytes;
        }
        if (rises) {
            pull(books.keySet());
        }
    }

    /** Asks for nothing more, and requests that still wait are void; messages that the broker had sent by then still come. */
    public synchronized void unsubscribe() {
        left = true;
        pulling = false;
        ClientFrames frames = new ClientFrames(32);
        frames.line("UNSUB " + sid);
        session.send(frames);
    }

    /** The messages are handled, each as the words say (wire-protocol.md 4.6): empty for acknowledged. */
    public void settle(List<Delivery> deliveries, byte[] words) {
        ClientFrames frames = new ClientFrames(64 + 96 * deliveries.size());
        for (Delivery delivery : deliveries) {
            frames.publish(delivery.ackSubject(), NONE, NONE, words);
        }
        session.send(frames);
        synchronized (this) {
            Set<Integer> touched = deliveries.size() == 1 ? Set.of(deliveries.get(0).partition()) : new TreeSet<>();
            for (Delivery delivery : deliveries) {
                PullBook book = books.get(delivery.partition());
                if (book != null) {
                    book.settled(delivery.size());
                    if (deliveries.size() > 1) {
                        touched.add(delivery.partition());
                    }
                }
            }
            pull(touched);
        }
    }

    /** Settles what came over an earlier session. */
    public void settleEarlier(Delivery delivery, byte[] words) {
        ClientFrames frames = new ClientFrames(128);
        frames.publish(delivery.ackSubject(), NONE, NONE, words);
        session.send(frames);
    }

    /** The messages are still being handled: the broker begins to wait anew. */
    public void progress(Collection<Delivery> deliveries) {
        ClientFrames frames = new ClientFrames(64 + 96 * deliveries.size());
        deliveries.forEach(d -> frames.publish(d.ackSubject(), NONE, NONE, PROGRESS));
        session.send(frames);
    }

    /** Tells the broker why a message is given up (wire-protocol.md 3.10). */
    public void report(Delivery delivery, String why) {
        ClientFrames frames = new ClientFrames(256);
        frames.publish(bytes(GroupRequests.GIVEN_UP), NONE, NONE, GroupRequests.givenUp(spec, delivery, why));
        session.send(frames);
    }

    private void pull(Collection<Integer> partitions) {
        if (!pulling || capacity == 0) {
            return;
        }
        int share = Math.max(1, capacity / books.size());
        long shareBytes = Math.max(1, capacityBytes / books.size());
        long now = System.nanoTime();
        ClientFrames frames = new ClientFrames(256);
        for (int partition : partitions) {
            PullBook book = books.get(partition);
            int wanted = book == null ? 0 : book.wanted(share, shareBytes);
            if (wanted > 0) {
                long room = Math.max(book.room(shareBytes), session.maxPayload() + FRAME_BYTES);
                frames.publish(bytes(GroupRequests.next(spec, partition)),
                    bytes(inbox + partition + "." + book.asked(wanted, now)), NONE,
                    GroupRequests.pull(wanted, TimeUnit.MILLISECONDS.toNanos(EXPIRES_MILLIS), room));
            }
        }
        session.send(frames);
    }

    @Override
    public void message(byte[] bytes, int subjectOffset, int subjectLength, int replyOffset, int replyLength,
                        int bodyOffset, int headerLength, int payloadLength) {
        AckToken token = replyLength == 0 ? null : AckToken.parse(bytes, replyOffset, replyLength);
        if (token == null) {
            status(bytes, subjectOffset, subjectLength, bodyOffset, headerLength);
            return;
        }
        byte[] header = Arrays.copyOfRange(bytes, bodyOffset, bodyOffset + headerLength);
        int payloadAt = bodyOffset + headerLength;
        Delivery delivery = new Delivery(spec, token.partition(), token, header,
            Arrays.copyOfRange(bytes, payloadAt, payloadAt + payloadLength),
            Arrays.copyOfRange(bytes, replyOffset, replyOffset + replyLength), System.nanoTime());
        synchronized (this) {
            PullBook book = books.get(token.partition());
            if (book != null) {
                book.came(delivery.size());
            }
        }
        listener.delivered(delivery);
    }

    private void status(byte[] bytes, int subjectOffset, int subjectLength, int bodyOffset, int headerLength) {
        int status = headerLength == 0 ? 0 : HeaderBlock.status(bytes, bodyOffset, headerLength);
        if (status < 400 || left) {
            return;
        }
        String description = HeaderBlock.description(bytes, bodyOffset, headerLength);
        if (description.equals("Consumer Deleted")) {
            gone(description);
            return;
        }
        String pending = HeaderBlock.parse(bytes, bodyOffset, headerLength).getOrDefault("Nats-Pending-Messages", "-1");
        String[] names = new String(bytes, subjectOffset + inboxTokens, subjectLength - inboxTokens,
            StandardCharsets.US_ASCII).split("\\.");
        synchronized (this) {
            PullBook book = names.length == 2 ? books.get(Integer.valueOf(names[0])) : null;
            if (book != null) {
                book.ended(Long.parseLong(names[1]), Long.parseLong(pending));
                pull(List.of(Integer.valueOf(names[0])));
            }
        }
    }

    @Override
    public void readComplete() {
        listener.readComplete();
    }

    private void gone(String why) {
        synchronized (this) {
            if (left) {
                return;
            }
            unsubscribe();
        }
        listener.gone(why);
    }

    /** Regularly: requests whose end was lost are made again; the group is looked for, of one partition after the other. */
    private synchronized void check() {
        if (left || !session.open()) {
            return;
        }
        long lost = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(LOST_MILLIS);
        books.values().forEach(b -> b.forget(lost));
        pull(books.keySet());
        if (++checks % CHECKS_PER_LOOK == 0) {
            List<Integer> all = List.copyOf(books.keySet());
            look(all.get(checks / CHECKS_PER_LOOK % all.size()));
        }
        session.schedule(this::check, CHECK_MILLIS);
    }

    private void look(int partition) {
        GroupRequests.exists(session, spec, partition).thenAccept(there -> {
            if (!there) {
                session.schedule(() -> gone("Consumer Deleted"), 0);
            }
        });
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
