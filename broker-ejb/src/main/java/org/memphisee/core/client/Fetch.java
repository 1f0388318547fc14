package org.memphisee.core.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Gathers messages of a group from its partitions: first those of dead letters that it is to have again, then what is
 * there, partition by partition from a rotating start; then it waits on them for more. Nothing beyond what was asked for is ever requested, because a delivery counts even
 * when it is not used. The loop's thread only.
 */
final class Fetch {

    /** How long to wait on some partitions when there are too few messages left to ask all at a time. */
    private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONG_ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    /** How long to wait on a single partition before dead letters are looked for again. */
    private static final long LETTERS_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** Messages that come again, at most so many and so large. */
    interface Again {
        CompletableFuture<List<LocalDelivery>> take(int messages, long bytes);
    }

    private final LocalLoop loop;
    private final List<String> streams;
    private final String consumer;
    private final FetchSize size;
    private final long deadline;
    private final ByteBudget budget;
    private final Again again;
    private final CompletableFuture<Fetched> result;
    private final List<LocalDelivery> got = new ArrayList<>();
    private int next;
    private int left;
    private long bytes;
    private int open;
    private boolean full;
    private boolean refused;
    private boolean gone;
    /** A partition cannot be read: the others are emptied, and nobody waits for what does not come. */
    private boolean unreadable;

    /**
     * @param first index of the partition to begin with
     * @param again asked for messages that come again, with each round
     * @param result completed on the loop; exceptionally with {@link Gone} when the group is not there,
     *     with a {@link LocalRefusal} when it was refused or nothing can be read
     */
    Fetch(LocalLoop loop, List<String> streams, String consumer, FetchSize size, int first, ByteBudget budget,
          Again again, CompletableFuture<Fetched> result) {
        this.loop = loop;
        this.streams = streams;
        this.consumer = consumer;
        this.size = size;
        this.deadline = loop.nowNanos() + TimeUnit.MILLISECONDS.toNanos(size.waitMillis());
        this.budget = budget;
        this.again = again;
        this.result = result;
        this.next = Math.floorMod(first, streams.size());
        this.left = size.messages();
    }

    /** The group or its station was removed. */
    static final class Gone extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Gone() {
            super("the consumer group was removed", null, false, false);
        }
    }

    /** Begins with what is there. */
    void start() {
        again(() -> drain(streams.size()));
    }

    private void again(Runnable then) {
        if (over()) {
            then.run();
            return;
        }
        CompletableFuture<List<LocalDelivery>> taken = again.take(left, room());
        if (taken.isDone()) { // mostly there is nothing
            came(taken, then);
        } else {
            taken.whenComplete((found, failure) -> loop.execute(() -> came(taken, then)));
        }
    }

    private void came(CompletableFuture<List<LocalDelivery>> taken, Runnable then) {
        if (!taken.isCompletedExceptionally()) { // else they come with another fetch
            taken.join().forEach(this::got);
        }
        then.run();
    }

    private long room() {
        return Math.max(1, size.bytes() - bytes);
    }

    private void got(LocalDelivery delivery) {
        got.add(delivery);
        left--;
        bytes += delivery.bytes();
        budget.force(delivery.bytes());
        loop.traffic().delivered(delivery.headers().length + delivery.payload().length);
    }

    private void drain(int more) {
        if (over()) {
            finish();
        } else if (more == 0) {
            await();
        } else {
            pull(left, 0, () -> drain(more - 1));
        }
    }

    private void await() {
        long remaining = deadline - loop.nowNanos();
        if (over() || unreadable || remaining <= 0) {
            finish();
            return;
        }
        int asked = Math.min(streams.size(), left);
        long round = streams.size() == 1 ? Math.min(remaining, LETTERS_NANOS)
            : Math.min(remaining, asked < streams.size() ? ROUND_NANOS : LONG_ROUND_NANOS);
        int share = left / asked;
        open = asked;
        for (int i = 0; i < asked; i++) {
            pull(share, round, () -> {
                if (--open == 0) {
                    again(this::await);
                }
            });
        }
    }

    private boolean over() {
        return left == 0 || full || refused || gone || result.isDone();
    }

    private void pull(int messages, long waitNanos, Runnable then) {
        String stream = streams.get(next);
        next = (next + 1) % streams.size();
        loop.pull(new LocalPull(stream, consumer, messages, room(), waitNanos, new LocalPull.Listener() {
            @Override
            public void message(LocalDelivery delivery) {
                got(delivery);
            }

            @Override
            public void ended(LocalPull.End how) {
                full |= how == LocalPull.End.FULL;
                refused |= how == LocalPull.End.REFUSED;
                unreadable |= how == LocalPull.End.UNREADABLE;
                gone |= how == LocalPull.End.GONE || how == LocalPull.End.SILENCE;
                then.run();
            }
        }));
    }

    private void finish() {
        boolean taken;
        if (got.isEmpty() && gone) {
            taken = result.completeExceptionally(new Gone());
        } else if (got.isEmpty() && unreadable) {
            taken = result.completeExceptionally(new LocalRefusal(LocalRefusal.Kind.UNAVAILABLE, "messages of the group"
                + " cannot be read: the stream is offline or a record is damaged, see the server's health"));
        } else if (got.isEmpty() && refused) {
            taken = result.completeExceptionally(
                new LocalRefusal(LocalRefusal.Kind.BUSY, "too many requests wait for this group, try again"));
        } else {
            taken = result.complete(new Fetched(got, bytes, budget));
        }
        if (!taken) {
            budget.give(bytes); // the caller gave up meanwhile
        }
    }
}
