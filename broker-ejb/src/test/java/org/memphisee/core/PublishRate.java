package org.memphisee.core;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** How many messages a second one client has stored. */
final class PublishRate {

    private PublishRate() { }

    /**
     * Publishes for so many seconds, to subjects in turn.
     *
     * @param window messages on their way at a time
     * @return acknowledged messages a second
     */
    static double of(CoreClient client, List<String> subjects, String message, int window, int seconds) {
        ArrayDeque<CompletableFuture<String>> open = new ArrayDeque<>();
        int sent = 0;
        long begin = System.nanoTime();
        long end = begin + seconds * 1_000_000_000L;
        while (System.nanoTime() < end) {
            while (open.size() < window) {
                open.add(client.ask(subjects.get(sent++ % subjects.size()), message));
            }
            for (int i = 0; i < window / 2; i++) {
                CoreClient.get(open.poll());
            }
        }
        while (!open.isEmpty()) {
            CoreClient.get(open.poll());
        }
        return sent * 1e9 / (System.nanoTime() - begin);
    }
}
