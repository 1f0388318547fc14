package org.memphisee.meta.jpa;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.memphisee.core.letters.Letter;
import org.memphisee.core.letters.LetterChanges;
import org.memphisee.core.letters.LetterSource;

/**
 * Keeps the rows about dead letters in step with the letters, which lie in the logs of their partitions. What happens to letters is
 * taken from there some hundred at a time; a partition of which nothing is known, or of which too much happened to be remembered, is
 * compared as a whole, page by page. It begins with that: a new one after each failure needs no memory of what was written. The
 * metadata thread only; partitions do not wait for it.
 */
final class LetterPointers {

    /** Letters of one transaction. */
    static final int PAGE = 500;
    /** Transactions of one look: definitions wait no longer than these take. */
    private static final int PAGES_PER_LOOK = 8;
    private static final long ANSWER_SECONDS = 10;

    /** What is known of the rows of a partition. */
    private static final class Known {
        private final Object identity;
        /** Letters up to this number are compared; {@code Long.MAX_VALUE} when all are. */
        private long compared;
        /** As far as changes are in the rows. */
        private long changes = -1;

        private Known(Object identity) {
            this.identity = identity;
        }

        private boolean complete() {
            return compared == Long.MAX_VALUE;
        }
    }

    /** Does something in a transaction. */
    interface Transactions {
        void with(Consumer<Connection> work);
    }

    private final Transactions transactions;
    private final Supplier<List<LetterSource>> sources;
    private final Map<Long, Known> known = new HashMap<>();
    /** Partitions of which the tables had rows at first; null before that is known. */
    private Set<Long> rows;

    LetterPointers(Transactions transactions, Supplier<List<LetterSource>> sources) {
        this.transactions = transactions;
        this.sources = sources;
    }

    /** The tables were emptied. */
    void anew() {
        known.clear();
        rows = null;
    }

    /** Writes what has happened. Whether there is more to do at once. */
    boolean look() throws InterruptedException {
        Map<Long, LetterSource> now = sources.get().stream().collect(Collectors.toMap(LetterSource::partition, s -> s, (a, b) -> b));
        if (rows == null) {
            write(r -> rows = r.partitions());
        }
        forget(now);
        int pages = PAGES_PER_LOOK;
        for (LetterSource source : now.values()) {
            Known k = known(source);
            while (pages > 0 && due(k, source)) {
                pages--;
                if (!(k.complete() ? changes(k, source) : compare(k, source))) {
                    break; // not defined yet, or it does not answer: another time
                }
            }
            if (pages == 0) {
                return true;
            }
        }
        return false;
    }

    private static boolean due(Known k, LetterSource source) {
        return !k.complete() || k.changes != source.changes();
    }

    /** Rows of what does not decide here any more, or is gone, go. */
    private void forget(Map<Long, LetterSource> now) {
        known.keySet().stream().filter(id -> !now.containsKey(id)).forEach(rows::add);
        known.keySet().retainAll(now.keySet());
        for (long id : List.copyOf(rows)) {
            if (!now.containsKey(id)) {
                write(r -> r.removeAll(id));
                rows.remove(id);
            }
        }
    }

    private Known known(LetterSource source) {
        Known k = known.get(source.partition());
        if (k == null || k.identity != source.identity()) {
            k = new Known(source.identity());
            long changes = source.changes();
            if (source.count() == 0 && changes == 0 && !rows.contains(source.partition())) {
                k.compared = Long.MAX_VALUE; // as most: there is nothing to compare
                k.changes = changes;
            }
            known.put(source.partition(), k);
        }
        return k;
    }

    private boolean compare(Known k, LetterSource source) throws InterruptedException {
        if (k.compared == 0) {
            k.changes = -1; // what happens from now on is taken when all are compared
        }
        long after = k.compared;
        List<Letter> there = this.<List<Letter>>answer(then -> source.above(after, PAGE, then));
        if (there == null) {
            return false;
        }
        long last = there.size() < PAGE ? Long.MAX_VALUE : there.get(PAGE - 1).id();
        boolean[] written = new boolean[1];
        write(r -> {
            if (r.defined(source.partition())) {
                r.match(source.partition(), after, last, there);
                written[0] = true;
            }
        });
        if (written[0]) {
            k.compared = last;
            rows.add(source.partition());
        }
        return written[0];
    }

    private boolean changes(Known k, LetterSource source) throws InterruptedException {
        long before = source.changes();
        LetterChanges taken = this.<LetterChanges>answer(then -> source.take(PAGE, then));
        if (taken == null) {
            return false;
        }
        boolean[] written = new boolean[1];
        write(r -> {
            if (r.defined(source.partition())) {
                r.remove(source.partition(), taken.gone());
                r.put(source.partition(), taken.there());
                written[0] = true;
            }
        });
        if (taken.lost() || !written[0]) {
            k.compared = 0;
        } else if (!taken.more()) {
            k.changes = before;
        }
        return written[0];
    }

    private interface Asking<T> {
        void ask(Consumer<T> then);
    }

    /** Null when the partition gives none in time: it is on its way out. */
    private <T> T answer(Asking<T> asking) throws InterruptedException {
        CompletableFuture<T> answer = new CompletableFuture<>();
        asking.ask(answer::complete);
        try {
            return answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            return null;
        } catch (ExecutionException e) {
            throw new MetadataException("dead letters cannot be read: " + e, e);
        }
    }

    private interface Writing {
        void on(LetterRows rows) throws SQLException;
    }

    private void write(Writing writing) {
        transactions.with(connection -> {
            try {
                writing.on(new LetterRows(connection));
            } catch (SQLException e) {
                throw new MetadataException("pointers to dead letters: " + e.getMessage(), e);
            }
        });
    }
}
