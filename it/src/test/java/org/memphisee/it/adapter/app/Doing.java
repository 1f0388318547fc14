package org.memphisee.it.adapter.app;

import org.memphisee.ra.api.ReceivedMessage;

/** Does what a message says: {@code fail:n} fails n times, {@code poison} always, {@code slow:ms} takes its time. */
final class Doing {
    private Doing() {
    }

    static void as(String bean, ReceivedMessage message) {
        String text = message.text();
        Seen.line(bean + " " + text + " partition " + message.partition() + " sequence " + message.sequence() + " attempt "
                + message.attempt());
        if (text.startsWith("poison") || text.startsWith("fail:")
                && message.attempt() <= Integer.parseInt(text.substring(5, 6))) {
            throw new IllegalStateException("as the message says");
        }
        if (text.startsWith("slow:")) {
            Seen.enter(bean);
            try {
                Thread.sleep(Long.parseLong(text.substring(5).replaceAll("[^0-9].*", "")));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                Seen.leave(bean);
            }
        }
    }
}
