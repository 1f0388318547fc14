package org.memphisee.core.consumer;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/**
 * Pull requests with an expiry on whose inbox nobody listens. A client that loses its connection comes back and listens
 * again within the time, so they are kept until they expire; they get nothing meanwhile and keep nothing alive. Only the
 * latest {@value #MOST} are kept. Shard's thread.
 */
final class UnheardPulls {

    private static final int MOST = 512;

    private final ConsumerEnvironment env;
    private final Consumer<WaitingPull> heardAgain;
    private final List<Unheard> pulls = new ArrayList<>(0);
    /** A lower bound. */
    private long nextExpiry = RedeliverySchedule.NEVER;

    /** A request and the way to hear no more of its listeners. */
    private static final class Unheard {
        private final WaitingPull pull;
        private AutoCloseable watch = () -> { };

        Unheard(WaitingPull pull) {
            this.pull = pull;
        }
    }

    /**
     * None yet.
     *
     * @param heardAgain takes a request that somebody listens for again; never called inside {@link #keep}
     */
    UnheardPulls(ConsumerEnvironment env, Consumer<WaitingPull> heardAgain) {
        this.env = env;
        this.heardAgain = heardAgain;
    }

    /** Keeps the request, if it expires at all; nobody listens for it. */
    void keep(WaitingPull pull) {
        if (!pull.expires()) {
            return;
        }
        if (pulls.size() == MOST) {
            close(pulls.remove(0));
        }
        Unheard kept = new Unheard(pull);
        pulls.add(kept);
        nextExpiry = Math.min(nextExpiry, pull.expiresAt());
        kept.watch = env.watch(pull.subject(), () -> listenersChanged(kept));
        if (pull.inbox.hasInterest()) { // came back before it was watched
            env.soon(() -> listenersChanged(kept));
        }
    }

    private void listenersChanged(Unheard kept) {
        if (kept.pull.inbox.hasInterest() && pulls.remove(kept)) {
            close(kept);
            heardAgain.accept(kept.pull);
        }
    }

    /** Forgets what has expired; who listens after all is told so. */
    void expire(long now, String status) {
        if (now < nextExpiry) {
            return;
        }
        nextExpiry = RedeliverySchedule.NEVER;
        for (Iterator<Unheard> i = pulls.iterator(); i.hasNext();) {
            Unheard kept = i.next();
            if (kept.pull.expired(now)) {
                i.remove();
                close(kept);
                if (kept.pull.inbox.hasInterest()) {
                    kept.pull.end(status);
                }
            } else {
                nextExpiry = Math.min(nextExpiry, kept.pull.expiresAt());
            }
        }
    }

    /** When {@link #expire} may have something to do. */
    long nextExpiry() {
        return nextExpiry;
    }

    /** Forgets all, and tells what it had. */
    List<WaitingPull> take() {
        List<WaitingPull> all = pulls.stream().map(kept -> kept.pull).toList();
        clear();
        return all;
    }

    /** Forgets all. */
    void clear() {
        pulls.forEach(UnheardPulls::close);
        pulls.clear();
        nextExpiry = RedeliverySchedule.NEVER;
    }

    private static void close(Unheard kept) {
        try {
            kept.watch.close();
        } catch (Exception e) {
            throw new IllegalStateException("a watch does not fail to close", e);
        }
    }
}
