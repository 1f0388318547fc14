package org.memphisee.ra.outbound;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.memphisee.client.Backoff;
import org.memphisee.client.Publisher;
import org.memphisee.ra.api.BrokerException;
import org.memphisee.ra.api.BrokerUnavailableException;
import org.memphisee.ra.api.OutboundMessage;
import org.memphisee.ra.api.PublishReceipt;

/**
 * Publishes the messages of a transaction until all are stored. When the broker is lost on the way, those that are not
 * acknowledged are sent again on a new connection; their ids keep the broker from storing them twice.
 */
final class CommitRun {

    private final Connections connections;
    private final Backoff backoff;
    private final long deadline;
    private final Ticker ticker;
    /** Whether anything may have reached the broker. */
    private boolean asked;

    /** Where publishers come from. */
    interface Connections {

        /** One that works, the same as before if it still does. */
        Publisher publisher();
    }

    /** Time. */
    interface Ticker {

        long nanoTime();

        void sleep(long millis) throws InterruptedException;

        Ticker SYSTEM = new Ticker() {
            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public void sleep(long millis) throws InterruptedException {
                Thread.sleep(millis);
            }
        };
    }

    /**
     * @param limitMillis how long it may be tried
     */
    CommitRun(Connections connections, Backoff backoff, long limitMillis, Ticker ticker) {
        this.connections = connections;
        this.backoff = backoff;
        this.ticker = ticker;
        deadline = ticker.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMillis);
    }

    /**
     * Publishes all.
     *
     * @throws BrokerException if some could not be stored; the text says how many were
     */
    List<PublishReceipt> run(List<OutboundMessage> messages) {
        PublishReceipt[] stored = new PublishReceipt[messages.size()];
        BrokerException last = new BrokerUnavailableException("The broker is not there");
        while (ticker.nanoTime() - deadline < 0) {
            try {
                last = attempt(messages, stored);
                if (last == null) {
                    return List.of(stored);
                }
            } catch (BrokerException e) {
                last = e;
            }
            if (!(last instanceof BrokerUnavailableException) || !pause()) {
                break;
            }
        }
        int count = 0;
        for (PublishReceipt receipt : stored) {
            count += receipt == null ? 0 : 1;
        }
        throw new BrokerException(count + " of " + messages.size() + " messages of the transaction were stored: "
            + last.getMessage() + (count < stored.length && asked && last instanceof BrokerUnavailableException
                ? "; it is not known whether the others were" : ""), last);
    }

    /** Null when all are stored, else what the first that was not stored failed with. */
    private BrokerException attempt(List<OutboundMessage> messages, PublishReceipt[] stored) {
        List<Integer> missing = new ArrayList<>();
        List<OutboundMessage> again = new ArrayList<>();
        for (int i = 0; i < stored.length; i++) {
            if (stored[i] == null) {
                missing.add(i);
                again.add(messages.get(i));
            }
        }
        Publisher publisher = connections.publisher();
        publisher.check(again);
        asked = true;
        List<CompletableFuture<PublishReceipt>> receipts = publisher.publish(again);
        BrokerException first = null;
        for (int i = 0; i < receipts.size(); i++) {
            try {
                stored[missing.get(i)] = Publisher.await(receipts.get(i), publisher.patienceMillis());
            } catch (BrokerException e) {
                first = first == null || first instanceof BrokerUnavailableException ? e : first;
            }
        }
        return first;
    }

    private boolean pause() {
        try {
            ticker.sleep(backoff.nextMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
