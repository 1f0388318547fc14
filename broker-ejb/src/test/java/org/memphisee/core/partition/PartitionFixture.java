package org.memphisee.core.partition;

import java.nio.charset.StandardCharsets;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import org.memphisee.contract.WatchedStore;
import org.memphisee.core.append.LogWriter;
import org.memphisee.core.append.Shard;
import org.memphisee.core.append.SoloGroup;
import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.consumer.PartitionView;
import org.memphisee.core.letters.LetterRules;
import org.memphisee.core.log.BatchSummary;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.partition.index.IndexBudget;
import org.memphisee.core.partition.log.BatchCache;
import org.memphisee.core.partition.log.BatchLoader;
import org.memphisee.core.partition.log.MessageRead;
import org.memphisee.core.partition.log.ShardResources;
import org.memphisee.core.partition.log.StorageGuard;
import org.memphisee.core.partition.log.StoredBatch;
import org.memphisee.core.partition.log.StoredMessage;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.core.tier.TierRules;
import org.memphisee.core.time.TestClock;
import org.memphisee.core.time.Timings;
import org.memphisee.port.PublishRequest;
import org.memphisee.store.memory.MemoryLogStore;

/** A partition on a shard, a writer and a disk that move only when told to: one thread, one seed, no waiting. */
final class PartitionFixture {

    static final long SECOND = 1_000_000_000L;

    final TestClock clock = new TestClock();
    final List<Throwable> escaped = new ArrayList<>();
    /** What the broker published itself. */
    final List<String> published = new ArrayList<>();
    final ArrayDeque<Runnable> reads = new ArrayDeque<>();
    final StorageGuard guard = new StorageGuard();
    /** Filters by name of consumer. */
    private final Map<String, List<String>> consumers = new TreeMap<>();
    private final HearingInboxes inbox = new HearingInboxes();
    MemoryLogStore store;
    Shard shard;
    LogWriter writer;
    Partition partition;
    StreamConfig config;
    long cacheBytes = 1 << 20;
    /** Memory for ids and subjects, and the part of it for subjects with text; from the next start on. */
    long indexBytes = 16 << 20;
    long exactBytes = 1 << 20;
    IndexBudget index;
    /** Batches that the store does not show to readers, by first sequence, as if their removal were seen before its commit. */
    final Set<Long> hidden = new HashSet<>();
    /** Whether it is a reader's turn, or the partition is being recovered: nobody else may read. */
    private boolean mayRead;
    /** So many reads are refused for lack of room on the disk. */
    int readsRefused;
    private BatchCache cache;
    /** Defines consumers of the test's own again, when the partition comes back after a crash. */
    Runnable comingBack = () -> { };
    /** What dead-letter logs may keep; from the next start on. */
    LetterRules rules = new LetterRules();
    /** Which partitions wait for the second tier; from the next start on. */
    final TierRules tier = new TierRules();
    /** Number of the partition; from the next start on. */
    long id = 1;
    /** Told of each write that the store took. */
    Consumer<List<StoreChange>> written = changes -> { };
    /** 0 leaves all writing to {@link #writer}. */
    int inlineBytes;

    /** Whether a partition is opened as soon as it was recovered. */
    private final boolean opens;

    PartitionFixture(StreamConfig config) {
        this(config, true);
    }

    /** With one that is opened by {@link #open()} when {@code opens} is false. */
    PartitionFixture(StreamConfig config, boolean opens) {
        this.config = config;
        this.opens = opens;
        store = new MemoryLogStore(MemoryLogStore.Disk.FORGETS);
        start();
    }

    static StreamConfig config(UnaryOperator<StreamBuilder> change) {
        return change.apply(new StreamBuilder()).build();
    }

    private void start() {
        shard = new Shard(0, clock, () -> { }, (s, e) -> escaped.add(e), 1 << 20);
        writer = new LogWriter(WatchedStore.of(store, changes -> written.accept(changes)), clock, SECOND);
        Random random = new Random(7);
        index = new IndexBudget(indexBytes, exactBytes);
        cache = new BatchCache(cacheBytes);
        ShardResources resources = new ShardResources(shard, new SoloGroup(shard, writer, inlineBytes), cache, index,
            new BatchLoader(reading(), reads::add), guard,
            (subject, header, payload) -> published.add(subject + " " + new String(header, StandardCharsets.UTF_8)
                .replace("\r\n", "|") + new String(payload, StandardCharsets.UTF_8)), inbox, random::nextLong,
            SECOND / 10, (p, c) -> { }, false, new Timings(), rules, tier);
        partition = new Partition(id, clock.wallNanos(), config, resources, new IgnoringListener());
        mayRead = true;
        try {
            partition.recover(store);
        } catch (StoreException e) {
            partition.failedRecovery(e);
        }
        mayRead = false;
        consumers.keySet().forEach(this::addConsumer);
        comingBack.run();
        if (opens) {
            open();
        }
    }

    void open() {
        partition.run(PartitionOperations::opened);
        settle();
    }

    /** Changes the configuration as an update of the stream does; not waited for. */
    void update(UnaryOperator<StreamBuilder> change) {
        config = change.apply(StreamBuilder.of(config)).build();
        StreamConfig next = config;
        shard.execute(() -> partition.configure(next));
    }

    /** Adds a pull consumer for some subjects, for all when none is named; it is there again after a crash. */
    void consumer(String name, String... filters) {
        consumers.put(name, List.of(filters));
        addConsumer(name);
        settle();
    }

    /** Adds a consumer that has a request waiting. */
    void waitingConsumer(int number) {
        String name = "w" + number;
        add(1_000 + number, name, List.of());
        byte[] bytes = (name + "{\"batch\":1,\"expires\":3600000000000}").getBytes(StandardCharsets.UTF_8);
        PublishRequest r = new PublishRequest(bytes, 0, name.length(), name.length(), 0, name.length(), 0,
            bytes.length - name.length());
        shard.execute(() -> partition.pull(r, 0, name.length(), "inbox"));
    }

    /** Nobody listens on any inbox. */
    void leave() {
        inbox.left = true;
    }

    void comeBack() {
        inbox.left = false;
    }

    private void addConsumer(String name) {
        add(100 + name.charAt(0), name, consumers.get(name));
    }

    private void add(long id, String name, List<String> filters) {
        ConsumerConfig c = new ConsumerConfig(name, true, "", ConsumerConfig.DeliverPolicy.ALL, 0, 0,
            ConsumerConfig.AckPolicy.EXPLICIT, 30 * SECOND, -1, List.of(), filters, false, false, 0, 0, 512,
            -1, 0, false, false, 0, 0, 0, "", "", 0, 0, false, Map.of());
        partition.run(p -> p.addConsumer(id, c, clock.wallNanos(), 1, () -> { }));
    }

    void removeConsumer(String name) {
        consumers.remove(name);
        partition.run(p -> p.removeConsumer(name));
    }

    /** Lets a consumer have so many messages; their payloads in order. */
    List<String> pull(String consumer, int batch) {
        int before = inbox.heard.size();
        byte[] bytes = (consumer + "{\"batch\":" + batch + ",\"no_wait\":true}").getBytes(StandardCharsets.UTF_8);
        int name = consumer.length();
        PublishRequest r = new PublishRequest(bytes, 0, name, name, 0, name, 0, bytes.length - name);
        shard.execute(() -> partition.pull(r, 0, name, "inbox"));
        settle();
        return List.copyOf(inbox.heard.subList(before, inbox.heard.size()));
    }

    /** Statuses that requests for messages were answered with, in order. */
    List<String> statuses() {
        return inbox.statuses;
    }

    /** Names of all deliveries ever made, in order. */
    List<String> deliveries() {
        return inbox.all;
    }

    /** Acknowledges everything delivered so far. */
    void acknowledgeAll() {
        acknowledge();
        settle();
    }

    /** Same, and nobody does anything yet. */
    void acknowledge() {
        List<String> subjects = List.copyOf(inbox.replies);
        inbox.replies.clear();
        for (String subject : subjects) {
            byte[] bytes = subject.getBytes(StandardCharsets.UTF_8);
            PublishRequest r = new PublishRequest(bytes, 0, bytes.length, bytes.length, 0, bytes.length, 0, 0);
            shard.execute(() -> partition.acknowledge(r, ""));
        }
    }

    /** The process dies; what was not synced is forgotten. A new one starts on the same disk. */
    void crash() {
        store.crash();
        store = store.reopen();
        reads.clear();
        inbox.replies.clear();
        start();
    }

    private LogStore reading() {
        return (LogStore) Proxy.newProxyInstance(LogStore.class.getClassLoader(), new Class<?>[] {LogStore.class},
            (proxy, method, args) -> {
                if (!mayRead) {
                    AssertionError blocked = new AssertionError(method.getName() + " on the shard's thread");
                    escaped.add(blocked);
                    throw blocked;
                }
                if (method.getName().equals("readBatch") && readsRefused > 0) {
                    readsRefused--;
                    throw new StoreException("Disk full: opened again", null, true);
                }
                if (method.getName().equals("readBatch") && hidden.contains(args[1])) {
                    throw new StoreException("no batch with first sequence " + args[1], null, false);
                }
                try {
                    return method.invoke(store, args);
                } catch (InvocationTargetException e) {
                    throw e.getCause();
                }
            });
    }

    /** Pushes what it can out of the cache, as the records of other partitions do. */
    void crowdTheCache() {
        byte[] large = new byte[(int) cacheBytes * 2];
        shard.execute(() -> {
            StoredBatch other = new StoredBatch(new BatchSummary(1, 1, 1, 0, 0, 0, large.length, List.of(), List.of()), null,
                large, false);
            cache.addWritten(other);
            cache.addRead(other);
        });
    }

    /** How often consumers asked whether somebody listens. */
    int questionsOfInterest() {
        return inbox.asked;
    }

    PublishAnswer publish(String subject, String payload, String... headers) {
        return publish(subject, Requests.header(headers), payload.getBytes(StandardCharsets.UTF_8));
    }

    PublishAnswer publish(String subject, byte[] header, byte[] payload) {
        PublishAnswer answer = new PublishAnswer();
        PublishRequest r = Requests.publish(subject, header, payload);
        shard.execute(() -> partition.publish(r, answer));
        return answer;
    }

    /** Everybody does what there is to do, until nothing is left. */
    void settle() {
        boolean worked = true;
        while (worked) {
            worked = shard.turn() == 0;
            clock.now = Math.max(clock.now, shard.takeNap());
            worked |= writer.turn();
            worked |= read();
        }
        if (!escaped.isEmpty()) {
            throw new AssertionError("an exception escaped into the shard", escaped.get(0));
        }
    }

    /** Everybody but whoever reads records does what there is to do. */
    void settleWithoutReading() {
        boolean worked = true;
        while (worked) {
            worked = shard.turn() == 0;
            clock.now = Math.max(clock.now, shard.takeNap());
            worked |= writer.turn();
        }
    }

    /** What is asked of the disk is read; whether there was anything. */
    boolean read() {
        boolean some = !reads.isEmpty();
        mayRead = true;
        while (!reads.isEmpty()) {
            reads.poll().run();
        }
        mayRead = false;
        return some;
    }

    /** How many things are asked of the disk. */
    int waitingReads() {
        return reads.size();
    }

    /** The first thing that is asked of the disk is read. */
    void readOne() {
        mayRead = true;
        reads.poll().run();
        mayRead = false;
    }

    /** The answer to a question, which must come. */
    <T> T ask(BiConsumer<PartitionOperations, PartitionView.Answer<T>> question) {
        List<T> known = new ArrayList<>();
        partition.run(p -> question.accept(p, new PartitionView.Answer<>() {
            @Override
            public void known(T value) {
                known.add(value);
            }

            @Override
            public void unknown(String why) {
                throw new AssertionError(why);
            }
        }));
        settle();
        if (known.size() != 1) {
            throw new AssertionError("answers: " + known);
        }
        return known.get(0);
    }

    Map<String, Long> subjectCounts(String filter) {
        return ask((p, answer) -> p.subjectCounts(filter, answer));
    }

    long[] deletedSequences(int limit) {
        return ask((p, answer) -> p.deletedSequences(limit, answer));
    }

    void advance(long nanos) {
        clock.now += nanos;
        settle();
    }

    StreamState state() {
        return partition.state();
    }

    Optional<StoredMessage> message(long sequence) {
        return read(sequence).found();
    }

    /** What became of reading a message. */
    MessageRead read(long sequence) {
        List<MessageRead> read = new ArrayList<>();
        shard.execute(() -> partition.operations().message(sequence, read::add));
        settle();
        if (read.size() != 1) {
            throw new AssertionError("answers: " + read);
        }
        return read.get(0);
    }

    /** First sequences of the records in the store. */
    List<Long> storedBatches() {
        List<Long> found = new ArrayList<>();
        for (long s = 1; s <= state().lastSeq(); s++) {
            try {
                store.readBatch(id, s);
                found.add(s);
            } catch (StoreException e) {
                // no record begins here
            }
        }
        return found;
    }

    /** Payloads stored, in order. */
    List<String> payloads() {
        List<String> all = new ArrayList<>();
        for (long s = 1; s <= state().lastSeq(); s++) {
            message(s).ifPresent(m -> all.add(new String(m.payload(), StandardCharsets.UTF_8)));
        }
        return all;
    }

    /** Publishes m1, m2 and so on, each in a batch of its own. */
    void store(int count) {
        for (int i = 1; i <= count; i++) {
            publish("s.a", "m" + i);
            settle();
        }
    }

    /** Publishes one message; tells its sequence. */
    long store(String payload) {
        PublishAnswer answer = publish("s.a", payload);
        settle();
        return answer.sequence();
    }
}
