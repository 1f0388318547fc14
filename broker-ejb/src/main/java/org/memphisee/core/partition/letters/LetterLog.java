package org.memphisee.core.partition.letters;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

import org.memphisee.core.append.ShardTimer;
import org.memphisee.core.cluster.WriteOutcome;
import org.memphisee.core.consumer.MessageView;
import org.memphisee.core.consumer.PartitionView.Lookup;
import org.memphisee.core.letters.Letter;
import org.memphisee.core.letters.LetterChanges;
import org.memphisee.core.letters.LetterGroup;
import org.memphisee.core.letters.LetterRules;
import org.memphisee.core.letters.RetryPolicy;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.partition.cursor.ConsumerSlot;
import org.memphisee.core.partition.cursor.PartitionConsumers;
import org.memphisee.core.partition.letters.LetterFlight.Incoming;
import org.memphisee.core.partition.log.MessageRead;
import org.memphisee.core.partition.log.ShardResources;
import org.memphisee.core.partition.log.StoredMessages;
import org.memphisee.port.PublishRequest;

/**
 * The dead-letter log of a partition. What a group gave up stays with its consumer until a write stores the letter, and in the same
 * transaction the cursor that lets go of it: a crash leaves the message in exactly one of both places. Letters go when they are
 * too old, when there is no room for more (the oldest first), or when nobody needs them. Shard's thread only.
 */
public final class LetterLog implements PartitionConsumers.Letters {

    /** Reasons of messages that are still to be stored; of more than that the reasons are lost, not the messages. */
    private static final int MOST_CAUSES = 4_096;
    /** Schema failures take at most this part of the log, in letters and bytes. */
    private static final int SHARE = 4;
    private static final long AGAIN_NANOS = 1_000_000_000L;
    private static final long LOOK_NANOS = 1_000_000_000L;

    /** What a group said about a message when it gave it up. */
    private record Cause(LetterGroup.Cause cause, int deliveries, String reason) { }

    private record Key(String group, long sequence) { }

    private final ShardResources resources;
    private final StoredMessages messages;
    private final LetterNews news;
    private final LetterShelf shelf;
    private final LetterReads reads;
    private final LetterRules rules;
    private final long partition;
    private final Set<String> takes = new HashSet<>();
    private final Map<Key, Cause> causes = new LinkedHashMap<>();
    private final SchemaFailures failures = new SchemaFailures();
    private final MessageView view = new MessageView();
    private final ShardTimer again = new ShardTimer(this::again);
    private final ShardTimer expiry = new ShardTimer(this::look);
    private Runnable storeSoon = () -> { };
    private Runnable storeNow = () -> { };
    private boolean stopped;
    private boolean opened;
    private Predicate<String> consumerThere = name -> false;
    private LetterFlight flight;
    private boolean copies;
    private RetryPolicy retry = RetryPolicy.NONE;
    /** Whether messages that do not fit their schema become letters. */
    private volatile boolean keepsFailures;
    /** Of those, how many were not taken since the start; written by the shard only. */
    private volatile long notKept;
    private boolean refused;
    /** A write failed for good: nothing is written any more until a restart. */
    private boolean broken;
    private boolean loading;
    private boolean more;
    private long forRoom;
    private long givenUp;
    private volatile LetterFigures figures = LetterFigures.NONE;

    /** An empty one. {@code of} is the number of the partition. */
    public LetterLog(long of, ShardResources resources, StoredMessages messages) {
        this.resources = resources;
        this.messages = messages;
        this.partition = LetterRules.partition(of);
        this.rules = resources.letters();
        this.news = new LetterNews(rules);
        this.shelf = new LetterShelf(partition, messages.file(), resources.guard().memory()::add, news);
        this.reads = new LetterReads(partition, resources, shelf, messages::enter);
    }

    /**
     * Who writes it down.
     *
     * @param soon asks for a write after the interval
     * @param now asks for one at the end of the turn
     * @param there whether a consumer is there
     */
    public void bind(Runnable soon, Runnable now, Predicate<String> there) {
        storeSoon = soon;
        storeNow = now;
        consumerThere = there;
    }

    // ---- life

    /** Reads what the store has of it; consumers come later. */
    public void recover(LogStore store) throws StoreException {
        try {
            store.recoverPartition(partition, new LetterRecovery(shelf, rules));
        } catch (IllegalStateException e) {
            throw new StoreException(e.getMessage(), e, false);
        }
        shelf.recovered();
        publish();
    }

    /** All consumers are there: groups that are not went for good. */
    public void opened() {
        opened = true;
        for (Letter letter : List.copyOf(shelf.all())) {
            Letter left = letter;
            for (LetterGroup g : letter.groups()) {
                left = g.name().isEmpty() || consumerThere.test(g.name()) ? left : left.without(g.name());
            }
            if (left != letter) {
                shelf.replace(left);
            }
        }
        look();
    }

    /** Nothing is written or timed any more. */
    public void stop() {
        stopped = true;
        resources.shard().cancel(again);
        resources.shard().cancel(expiry);
        shelf.release();
        publish();
    }

    // ---- whose messages it takes

    /** Whether what a consumer gives up is kept from now on, that which it has given up before included. */
    public void takeFrom(String consumer, boolean take) {
        if (take ? takes.add(consumer) : takes.remove(consumer)) {
            storeSoon.run();
        }
    }

    @Override
    public boolean takesFrom(ConsumerSlot slot) {
        return takes.contains(slot.name());
    }

    @Override
    public void gaveUp(ConsumerSlot slot, long sequence, int deliveries, boolean terminated, String reason) {
        causes.put(new Key(slot.name(), sequence),
            new Cause(terminated ? LetterGroup.Cause.TERMINATED : LetterGroup.Cause.DELIVERIES, deliveries, reason));
        if (causes.size() > MOST_CAUSES) {
            causes.remove(causes.keySet().iterator().next());
        }
        storeSoon.run();
    }

    @Override
    public void removed(String consumer) {
        takes.remove(consumer);
        for (Letter letter : List.copyOf(shelf.all())) {
            if (letter.group(consumer).isPresent()) {
                shelf.replace(letter.without(consumer));
            }
        }
        storeSoon.run();
    }

    @Override
    public void dataReady() {
        if (loading) {
            loading = false;
            storeNow.run(); // what was read may leave the memory soon
        }
    }

    // ---- storing

    @Override
    public boolean unstored() {
        return !broken && (shelf.unstored() || !failures.isEmpty() && !refused);
    }

    @Override
    public void collect(List<ConsumerSlot> slots, List<StoreChange> changes) {
        expire();
        flight = new LetterFlight();
        more = false;
        if (!refused && !broken) {
            long now = resources.shard().clock().wallNanos();
            gatherFailures(now);
            for (ConsumerSlot slot : slots) {
                if (takesFrom(slot)) {
                    gather(slot, now);
                }
            }
        }
        if (messages.file()) {
            LetterRecord record = flight.record();
            if (record != null) {
                byte[] bytes = flight.sealed();
                changes.add(new StoreChange.PutBatch(partition, record.summary(), bytes, 0, bytes.length));
            }
        }
        shelf.collect(changes);
        if (messages.file()) { // behind those: a letter that looked otherwise before gets another group now
            flight.letters().forEach(incoming -> changes.add(shelf.put(incoming.letter)));
        }
    }

    private void gatherFailures(long now) {
        while (!failures.isEmpty() && !flight.full()) {
            SchemaFailures.Failure f = failures.next();
            Letter letter = new Letter(rules.nextId(now), Letter.Kind.SCHEMA, 0, now, now, (int) f.bytes(), f.error(),
                f.producer(), copies ? List.of(LetterGroup.of("", LetterGroup.Cause.TERMINATED, 0, "", now, false)) : List.of());
            flight.fresh(letter, f.subject(), f.header(), f.payload());
        }
    }

    private void gather(ConsumerSlot slot, long now) {
        long[] away = new long[16];
        int count = 0;
        for (long sequence = slot.consumer().nextGivenUp(1); sequence > 0;
             sequence = slot.consumer().nextGivenUp(sequence + 1)) {
            if (flight.full()) {
                more = true;
                break;
            }
            Incoming incoming = incoming(sequence, now);
            if (incoming == null && loading) {
                break;
            }
            if (incoming != null) {
                LetterGroup group = group(slot.name(), sequence, now);
                incoming.added.add(group);
                incoming.letter = incoming.letter.with(group).at(now);
                away = count == away.length ? Arrays.copyOf(away, count * 2) : away;
                away[count++] = sequence;
            }
        }
        if (count > 0) {
            slot.givesAway(Arrays.copyOf(away, count));
        }
    }

    private LetterGroup group(String name, long sequence, long now) {
        Cause c = causes.getOrDefault(new Key(name, sequence), new Cause(LetterGroup.Cause.DELIVERIES, 0, ""));
        return retry.begin(LetterGroup.of(name, c.cause, c.deliveries, c.reason, now, !copies), now);
    }

    /** The letter of a message; null when the message is gone, cannot be read, or must be read first. */
    private Incoming incoming(long sequence, long now) {
        Incoming incoming = flight.ofMessage(sequence);
        if (incoming != null) {
            return incoming;
        }
        Letter known = shelf.ofMessage(sequence);
        if (known != null) {
            return flight.known(known);
        }
        Lookup lookup = messages.view().read(sequence, view);
        loading |= lookup == Lookup.LOADING;
        if (lookup != Lookup.FOUND) {
            return null;
        }
        return flight.fresh(new Letter(rules.nextId(now), Letter.Kind.UNACKED, sequence, view.timestampNanos, now,
            view.headerLength + view.payloadLength, "", "", List.of()), view);
    }

    @Override
    public void ended(WriteOutcome outcome) {
        LetterFlight ended = flight;
        flight = null;
        if (outcome instanceof WriteOutcome.Committed) {
            shelf.stored();
            if (ended.record() != null) {
                shelf.record(ended.record().first(), messages.file() ? null : ended.sealed());
            }
            ended.letters().forEach(this::stored);
            failures.stored();
            makeRoom();
        } else {
            shelf.notStored();
            failures.notStored();
            broken = !(outcome instanceof WriteOutcome.Refused);
            refused = outcome instanceof WriteOutcome.Refused && !ended.letters().isEmpty();
            if (refused) {
                resources.shard().set(again, resources.shard().clock().nowNanos() + AGAIN_NANOS);
            }
        }
        publish();
        if (more) {
            storeNow.run(); // the next ones do not wait for the interval: what groups gave up follows one another as writes do
        } else if (unstored()) {
            storeSoon.run();
        }
    }

    private void stored(Incoming incoming) {
        Letter stored = incoming.letter;
        givenUp += incoming.added.size();
        Letter now = incoming.fresh ? stored : shelf.get(stored.id());
        if (now == null) {
            return; // it was dropped meanwhile
        }
        for (LetterGroup added : incoming.added) {
            Cause said = causes.remove(new Key(added.name(), stored.sequence()));
            // a member may say why while the letter is written
            LetterGroup group = said == null || said.reason.equals(added.reason()) ? added : added.because(said.reason);
            now = consumerThere.test(group.name()) ? now.with(group) : now.without(group.name());
        }
        if (incoming.fresh) {
            shelf.add(stored);
        } else {
            now = now.at(stored.updatedNanos());
        }
        if (now.equals(stored)) {
            shelf.replaceStored(now);
        } else {
            shelf.replace(now);
        }
    }

    private void again() {
        messages.enter();
        refused = false;
        storeSoon.run();
    }

    // ---- going

    private void look() {
        messages.enter();
        expire();
        publish();
        if (shelf.unstored()) {
            storeSoon.run();
        }
    }

    private void expire() {
        long before = resources.shard().clock().wallNanos() - rules.retentionNanos();
        for (Letter oldest = shelf.oldest(); oldest != null && oldest.updatedNanos() <= before; oldest = shelf.oldest()) {
            shelf.remove(oldest.id());
        }
    }

    /** Schema failures have a share of the log: a client of which nothing fits does not push out what groups gave up. */
    private void makeRoom() {
        while (tooMany(Letter.Kind.SCHEMA, rules.maxCount() / SHARE, rules.maxBytes() / SHARE)) {
            shelf.remove(shelf.oldest(Letter.Kind.SCHEMA).id());
            forRoom++;
        }
        while (shelf.count() > rules.maxCount() || shelf.count() > 1 && (shelf.bytes() > rules.maxBytes() || !memoryLeft())) {
            Letter unacked = shelf.oldest(Letter.Kind.UNACKED);
            shelf.remove((unacked == null ? shelf.oldest() : unacked).id());
            forRoom++;
        }
    }

    private boolean tooMany(Letter.Kind kind, int count, long bytes) {
        return shelf.count(kind) > Math.max(1, count) || shelf.count(kind) > 1 && shelf.bytes(kind) > bytes;
    }

    private boolean memoryLeft() {
        return messages.file() || resources.guard().memory().admits(0);
    }

    private void publish() {
        figures = new LetterFigures(shelf.count(Letter.Kind.UNACKED), shelf.count(Letter.Kind.SCHEMA), shelf.bytes(), shelf.toCopy(),
            shelf.toResend(), forRoom, notKept, givenUp, shelf.first(), shelf.last(), opened && !stopped ? news.count() : -1);
        if (shelf.count() > 0 && !stopped && !expiry.set()) {
            resources.shard().set(expiry, resources.shard().clock().nowNanos() + LOOK_NANOS);
        }
    }

    // ---- asking

    /** A letter. */
    public Optional<Letter> get(long id) {
        return Optional.ofNullable(shelf.get(id));
    }

    /** The letter of a message that groups gave up. */
    public Optional<Letter> ofMessage(long sequence) {
        return Optional.ofNullable(shelf.ofMessage(sequence));
    }

    /**
     * The newest letters of a kind.
     *
     * @param below only those with a smaller number
     * @param limit at most so many
     */
    public List<Letter> newest(Letter.Kind kind, long below, int limit) {
        return first(shelf.below(below), l -> l.kind() == kind, limit);
    }

    /** The letters with the lowest numbers above {@code id}, at most so many. */
    public List<Letter> above(long id, int limit) {
        return first(shelf.above(id), l -> true, limit);
    }

    /** Takes what has happened to letters since the last time, at most so much. */
    public LetterChanges changes(int most) {
        return news.take(most, shelf::get);
    }

    /** The letters with the lowest numbers above {@code id} that somebody is interested in, at most {@code limit}. */
    public List<Letter> above(long id, Predicate<Letter> which, int limit) {
        return first(shelf.above(id), which, limit);
    }

    /** Not by a stream: the part of a tree counts all that it has before it gives one to a stream. */
    private static List<Letter> first(NavigableMap<Long, Letter> some, Predicate<Letter> which, int limit) {
        List<Letter> found = new ArrayList<>();
        Iterator<Letter> each = some.values().iterator();
        while (found.size() < limit && each.hasNext()) {
            Letter letter = each.next();
            if (which.test(letter)) {
                found.add(letter);
            }
        }
        return found;
    }

    /** The letters with the lowest numbers above {@code id} of which a copy is missing, at most so many and so large. */
    public List<Letter> toCopy(long id, int most, long bytes) {
        return shelf.toCopy(id, most, bytes);
    }

    /** Reads the message of a letter; told once, at once when it is in memory. */
    public void read(long id, Consumer<MessageRead> whenRead) {
        reads.read(id, whenRead);
    }

    // ---- changing: durable with the next write, see PartitionOperations.whenCursorsDurable

    /** Whether messages that do not fit their schema become letters from now on; at first they do not. */
    public void keepFailures(boolean kept) {
        keepsFailures = kept;
    }

    /** Whether they do. Any thread, a moment old. */
    public boolean keepsFailures() {
        return keepsFailures;
    }

    /** A published message does not fit its schema: becomes a letter if such are kept and there is not too much of it. */
    public void failed(PublishRequest r, String problem) {
        if (keepsFailures) {
            taken(!broken && failures.add(r, Letter.text(problem), resources.shard().clock().nowNanos()));
        }
    }

    /**
     * Keeps a message that somebody says violates the schema of its station; it was never stored.
     *
     * @param stored told when it is durable; not when the partition fails before
     * @return false when it is too much
     */
    public boolean violation(String subject, byte[] header, byte[] payload, String producer, String error, Runnable stored) {
        return taken(!broken && failures.add(new SchemaFailures.Failure(subject, header, payload, producer, error, stored),
            resources.shard().clock().nowNanos()));
    }

    private boolean taken(boolean kept) {
        if (kept) {
            storeSoon.run();
        } else {
            notKept++;
        }
        return kept;
    }

    /** Letters go. How many of them were there. */
    public int remove(Iterable<Long> ids) {
        int removed = 0;
        for (long id : ids) {
            if (shelf.get(id) != null) {
                shelf.remove(id);
                removed++;
            }
        }
        changed();
        return removed;
    }

    /** All letters go. */
    public int removeAll() {
        return remove(shelf.all().stream().map(Letter::id).toList());
    }

    /** A member has done what was left to do: the group has nothing to do with the letter any more, which goes with its last group. */
    public boolean done(long id, String group) {
        Letter letter = shelf.get(id);
        if (letter == null || letter.group(group).isEmpty()) {
            return false;
        }
        Letter left = letter.without(group);
        if (left.groups().isEmpty()) {
            shelf.remove(id);
        } else {
            shelf.replace(left);
        }
        changed();
        return true;
    }

    /**
     * A member tells why its group gives a message up. When the group has it still, it gives it up now.
     *
     * @return false when the group has nothing to do with the message
     */
    public boolean because(ConsumerSlot slot, long sequence, String reason) {
        Letter letter = shelf.ofMessage(sequence);
        Optional<LetterGroup> group = letter == null ? Optional.empty() : letter.group(slot.name());
        if (group.isPresent()) {
            shelf.replace(letter.with(group.get().because(reason)));
            changed();
            return true;
        }
        Key key = new Key(slot.name(), sequence);
        Cause said = causes.get(key);
        if (said != null) {
            causes.put(key, new Cause(said.cause, said.deliveries, reason));
            return true;
        }
        return takesFrom(slot) && slot.consumer().terminate(sequence, reason);
    }

    /** Replaces a letter by one that looks otherwise and has the same number. False when it is gone. */
    public boolean replace(Letter letter) {
        if (shelf.get(letter.id()) == null) {
            return false;
        }
        shelf.replace(letter);
        changed();
        return true;
    }

    /** What becomes of letters by itself from now on; those that wait for their next attempt follow it too. */
    public void retry(RetryPolicy policy) {
        retry = policy;
        boolean any = false;
        for (Letter letter : shelf.due(shelf.due(Long.MAX_VALUE), Long.MAX_VALUE, Integer.MAX_VALUE)) {
            Letter left = letter;
            for (LetterGroup g : letter.groups()) {
                LetterGroup adopted = policy.adopted(g);
                left = adopted.equals(g) ? left : left.with(adopted);
            }
            if (left != letter) {
                shelf.replace(left);
                any = true;
            }
        }
        if (any) {
            changed();
        }
    }

    /** What becomes of letters by itself. */
    public RetryPolicy retry() {
        return retry;
    }

    /** Groups of which a letter may be due to be given again. */
    public Set<String> due(long nowNanos) {
        return shelf.due(nowNanos);
    }

    /** The letters of which one of the groups is due, those that are due longest first, at most {@code limit}. */
    public List<Letter> due(Set<String> groups, long nowNanos, int limit) {
        return shelf.due(groups, nowNanos, limit);
    }

    /** Whether letters to come wait for a copy in a dead-letter station. */
    public void copies(boolean wanted) {
        copies = wanted;
    }

    private void changed() {
        publish();
        storeSoon.run();
    }

    /** How much is there. Any thread, a moment old. */
    public LetterFigures figures() {
        LetterFigures known = figures;
        return known.notKept() == notKept ? known : known.withNotKept(notKept);
    }
}
