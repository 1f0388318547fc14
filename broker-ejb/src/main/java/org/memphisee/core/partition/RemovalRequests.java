package org.memphisee.core.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.memphisee.core.consumer.PartitionView;
import org.memphisee.core.consumer.SubjectFilter;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.partition.cursor.PartitionConsumers;
import org.memphisee.core.partition.log.StoredMessages;
import org.memphisee.core.partition.publish.Appender;
import org.memphisee.core.partition.publish.PublishRefusal;
import org.memphisee.core.partition.retention.Removals;

/** Deletions that somebody asked for and who waits for them to be durable. Shard's thread only. */
final class RemovalRequests {

    private final StoredMessages messages;
    private final Appender appender;
    private final Removals removals;
    private final PartitionConsumers consumers;
    private final Runnable announce;
    /** Told when what they wait for can never become durable. */
    private final List<Consumer<String>> waiting = new ArrayList<>(0);
    /** Why nothing is removed any more, empty while something may be. */
    private String over = "";

    /** {@code announce} tells consumers what was removed so far. */
    RemovalRequests(StoredMessages messages, Appender appender, Removals removals, PartitionConsumers consumers,
                    Runnable announce) {
        this.messages = messages;
        this.appender = appender;
        this.removals = removals;
        this.consumers = consumers;
        this.announce = announce;
    }

    void delete(long sequence, Consumer<Boolean> whenDurable, Consumer<String> whenFrozen) {
        if (refused(whenFrozen)) {
            return;
        }
        removals.remove(sequence, what -> {
            if (what == Removals.Removal.REMOVED) {
                whenStored(() -> whenDurable.accept(true), whenFrozen);
            } else if (what == Removals.Removal.ABSENT) {
                whenDurable.accept(false);
            } else if (!refused(whenFrozen)) {
                throw new IllegalStateException("a record that cannot be read freezes its partition");
            }
        });
    }

    void purge(SubjectFilter filter, long below, long keep, Consumer<Long> whenDurable, Consumer<String> whenFrozen) {
        if (refused(whenFrozen)) {
            return;
        }
        long end = below > 0 ? below : messages.lastSequence() + 1;
        if (keep > 0) {
            messages.view().count(1, filter, new Surplus(n -> {
                long[] left = {n - keep};
                if (n <= keep) {
                    whenDurable.accept(0L);
                } else {
                    removals.removeIf(1, end - 1, filter, m -> left[0]-- > 0, k -> purged(k, whenDurable, whenFrozen));
                }
            }, whenFrozen));
            return;
        }
        long dropped = filter.everything() ? removals.dropBelow(end) : 0;
        removals.removeIf(1, end - 1, filter, m -> true, n -> purged(dropped + n, whenDurable, whenFrozen));
    }

    /** Counts what a purge is to keep some of. */
    private final class Surplus implements PartitionView.Tally {
        private final Consumer<Long> whenCounted;
        private final Consumer<String> whenFrozen;
        private long sum;

        private Surplus(Consumer<Long> whenCounted, Consumer<String> whenFrozen) {
            this.whenCounted = whenCounted;
            this.whenFrozen = whenFrozen;
            waiting.add(whenFrozen);
        }

        @Override
        public void add(long upTo, long matching) {
            sum += matching;
        }

        @Override
        public void done() {
            if (waiting.remove(whenFrozen)) {
                whenCounted.accept(sum);
            }
        }

        @Override
        public boolean wanted() {
            return waiting.contains(whenFrozen);
        }
    }

    private void purged(long removedCount, Consumer<Long> whenDurable, Consumer<String> whenFrozen) {
        whenStored(() -> whenDurable.accept(removedCount), whenFrozen);
    }

    /** Runs the action once everything removed so far is durable; tells the other one instead when that can never be. */
    void whenStored(Runnable action, Consumer<String> whenFrozen) {
        if (!over.isEmpty()) {
            whenFrozen.accept(over);
            return;
        }
        announce.run();
        if (!messages.file()) {
            action.run();
        } else if (!refused(whenFrozen)) {
            waiting.add(whenFrozen);
            consumers.whenStored(() -> {
                if (waiting.remove(whenFrozen)) {
                    action.run();
                }
            });
        }
    }

    private boolean refused(Consumer<String> whenFrozen) {
        if (!over.isEmpty()) {
            whenFrozen.accept(over);
            return true;
        }
        if (appender.frozen() == null || !messages.file()) {
            return false;
        }
        whenFrozen.accept(text(appender.frozen()));
        return true;
    }

    /** Nothing of what is waited for becomes durable any more. */
    void frozen(StoreException cause) {
        refuse(text(cause));
    }

    /** Nothing is removed any more, for the reason given. */
    void over(String why) {
        over = why;
        refuse(why);
    }

    private void refuse(String why) {
        List<Consumer<String>> refused = List.copyOf(waiting);
        waiting.clear();
        refused.forEach(r -> r.accept(why));
    }

    private static String text(StoreException cause) {
        return PublishRefusal.FROZEN.description() + cause.getMessage();
    }
}
