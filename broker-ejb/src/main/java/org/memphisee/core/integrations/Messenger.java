package org.memphisee.core.integrations;

import java.util.concurrent.CompletableFuture;

/**
 * Speaks with a messaging service. Each call ends by itself within some seconds, whatever the other side does, and never
 * fails but with an {@link Answer}. Any thread; never blocks.
 */
public interface Messenger {

    /** Whether the token is good. */
    CompletableFuture<Answer> check(Target target);

    /**
     * Sends a message.
     *
     * @param title heading
     * @param text what happened
     * @param link where to look, empty for nowhere
     */
    CompletableFuture<Answer> send(Target target, String title, String text, String link);

    /**
     * Whom to speak to.
     *
     * @param url base of the service's API, empty for the service itself
     * @param token secret
     * @param channel where messages go
     */
    record Target(String url, String token, String channel) {
        @Override
        public String toString() { // never print the secret
            return "Target[url=" + url + ", channel=" + channel + "]";
        }
    }

    /** What the other side made of it. */
    enum Outcome {
        /** Done. */
        DONE,
        /** The token is not, or no longer, good. */
        BAD_TOKEN,
        /** There is no such channel, or the token may not write there. */
        BAD_CHANNEL,
        /** Too many at a time: try again later. */
        LIMITED,
        /** Not reached, or it failed: may be better later. */
        FAILED,
        /** The address is one that we do not speak to. */
        FORBIDDEN
    }

    /**
     * An answer.
     *
     * @param outcome what became of it
     * @param reason in words for people, without secrets, empty when done
     * @param waitNanos with {@link Outcome#LIMITED}: how long we were told to wait
     */
    record Answer(Outcome outcome, String reason, long waitNanos) {

        /** Done. */
        public static final Answer DONE = new Answer(Outcome.DONE, "", 0);

        /** An answer without a time. */
        public static Answer of(Outcome outcome, String reason) {
            return new Answer(outcome, reason, 0);
        }
    }
}
