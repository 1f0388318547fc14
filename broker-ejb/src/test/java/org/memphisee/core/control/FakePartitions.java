package org.memphisee.core.control;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.consumer.ConsumerInfo;
import org.memphisee.core.consumer.PartitionView.Answer;
import org.memphisee.core.partition.KnownPartition;
import org.memphisee.core.partition.PartitionHandle;
import org.memphisee.core.partition.PartitionImport;
import org.memphisee.core.partition.PartitionLife;
import org.memphisee.core.partition.PartitionOperations;
import org.memphisee.core.partition.PartitionRegistry;
import org.memphisee.core.partition.StreamState;
import org.memphisee.core.partition.letters.LetterFigures;
import org.memphisee.core.partition.log.MessageRead;
import org.memphisee.core.partition.log.RecordCopy;
import org.memphisee.core.partition.log.StoredMessage;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.core.subject.Subjects;

/** Partitions in memory on one shard thread, with messages that tests put there. */
public final class FakePartitions implements PartitionRegistry, AutoCloseable {

    public final ExecutorService shard;
    public final AtomicInteger created = new AtomicInteger();
    public final List<String> order = Collections.synchronizedList(new ArrayList<>());
    /** Replication group by partition. */
    public final Map<Long, Long> groups = new ConcurrentHashMap<>();
    private final Map<Long, Fake> byId = new ConcurrentHashMap<>();
    private final Map<String, Fake> byName = new ConcurrentHashMap<>();

    public FakePartitions() {
        this(Executors.newSingleThreadExecutor(task -> new Thread(task, "fake-shard")));
    }

    public FakePartitions(ExecutorService shard) {
        this.shard = shard;
    }

    @Override
    public void create(long id, long group, long station, long createdNanos, StreamConfig config, Runnable done) {
        Fake fake = new Fake(id, createdNanos, config);
        byId.put(id, fake);
        byName.put(config.name(), fake);
        groups.put(id, group);
        created.incrementAndGet();
        order.add(config.name());
        shard.execute(done);
    }

    @Override
    public void update(long id, StreamConfig config, Runnable done) {
        byId.get(id).config = config;
        shard.execute(done);
    }

    @Override
    public void share(long id, long station, Runnable done) {
        order.add("share " + byId.get(id).name());
        shard.execute(done);
    }

    @Override
    public void remove(long id, Runnable done) {
        byName.remove(byId.remove(id).name());
        shard.execute(done);
    }

    @Override
    public PartitionImport importing(long id) {
        throw new UnsupportedOperationException("nothing is imported here");
    }

    @Override
    public Optional<PartitionHandle> byName(String streamName) {
        return Optional.ofNullable(byName.get(streamName));
    }

    @Override
    public Optional<KnownPartition> known(long id) {
        return Optional.ofNullable(byId.get(id));
    }

    public Fake fake(String streamName) {
        return byName.get(streamName);
    }

    public List<String> names() {
        return byName.keySet().stream().sorted().toList();
    }

    @Override
    public void close() {
        shard.shutdownNow();
    }

    /** One partition. */
    public final class Fake implements PartitionHandle, PartitionOperations {
        public final ConcurrentSkipListMap<Long, StoredMessage> messages = new ConcurrentSkipListMap<>();
        public final Map<String, ConsumerInfo> consumers = new TreeMap<>();
        public final Map<String, Long> starts = new TreeMap<>();
        public volatile boolean pushBound;
        private final long id;
        private final long createdNanos;
        private volatile StreamConfig config;
        private volatile long last;

        private Fake(long id, long createdNanos, StreamConfig config) {
            this.id = id;
            this.createdNanos = createdNanos;
            this.config = config;
        }

        @Override
        public void opened() { }

        public void put(String subject, String header, String payload) {
            last++;
            messages.put(last, new StoredMessage(subject, last, 1_000_000_000L * last, header.getBytes(),
                payload.getBytes()));
        }

        @Override
        public long id() {
            return id;
        }

        @Override
        public String name() {
            return config.name();
        }

        @Override
        public StreamConfig config() {
            return config;
        }

        @Override
        public long createdNanos() {
            return createdNanos;
        }

        @Override
        public StreamState state() {
            long first = messages.isEmpty() ? last == 0 ? 0 : last + 1 : messages.firstKey();
            return new StreamState(messages.size(), 100L * messages.size(), first, 0, last, 0,
                messages.values().stream().map(StoredMessage::subject).distinct().count(),
                messages.isEmpty() ? 0 : last - first + 1 - messages.size(), consumers.size(),
                PartitionLife.SERVING);
        }

        @Override
        public String fault() {
            return "";
        }

        @Override
        public void run(Consumer<PartitionOperations> operation) {
            shard.execute(() -> operation.accept(this));
        }

        @Override
        public void deletedSequences(int limit, Answer<long[]> answer) {
            answer.known(messages.isEmpty() ? new long[0] : java.util.stream.LongStream.rangeClosed(messages.firstKey(), last)
                .filter(seq -> !messages.containsKey(seq)).limit(limit).toArray());
        }

        @Override
        public void subjectCounts(String filter, Answer<Map<String, Long>> answer) {
            Map<String, Long> counts = new TreeMap<>();
            messages.values().stream().filter(m -> Subjects.matches(filter, m.subject()))
                .forEach(m -> counts.merge(m.subject(), 1L, Long::sum));
            answer.known(counts);
        }

        @Override
        public void message(long sequence, Consumer<MessageRead> whenRead) {
            whenRead.accept(read(Optional.ofNullable(messages.get(sequence))));
        }

        @Override
        public void lastMessage(String filter, Consumer<MessageRead> whenRead) {
            whenRead.accept(read(messages.descendingMap().values().stream()
                .filter(m -> Subjects.matches(filter, m.subject())).findFirst()));
        }

        @Override
        public void nextMessage(long from, String filter, Consumer<MessageRead> whenRead) {
            whenRead.accept(read(messages.tailMap(from).values().stream()
                .filter(m -> Subjects.matches(filter, m.subject())).findFirst()));
        }

        private static MessageRead read(Optional<StoredMessage> message) {
            return message.<MessageRead>map(MessageRead.Found::new).orElse(MessageRead.GONE);
        }

        @Override
        public void deleteMessage(long sequence, Consumer<Boolean> whenDurable, Consumer<String> whenFrozen) {
            whenDurable.accept(messages.remove(sequence) != null);
        }

        @Override
        public void purge(String filter, long below, long keep, Consumer<Long> whenDurable,
                          Consumer<String> whenFrozen) {
            List<Long> found = new ArrayList<>(messages.values().stream()
                .filter(m -> filter.isEmpty() || Subjects.matches(filter, m.subject()))
                .filter(m -> below == 0 || m.sequence() < below).map(StoredMessage::sequence).toList());
            List<Long> gone = found.subList(0, (int) Math.max(0, found.size() - keep));
            gone.forEach(messages::remove);
            whenDurable.accept((long) gone.size());
        }

        @Override
        public void resolveStart(ConsumerConfig config, Answer<Long> answer) {
            answer.known(switch (config.deliverPolicy()) {
                case NEW -> last + 1;
                case BY_START_SEQUENCE -> config.optStartSeq();
                default -> 1L;
            });
        }

        @Override
        public void addConsumer(long consumerId, ConsumerConfig config, long createdNanos, long startSequence,
                                Runnable done) {
            consumers.put(config.name(), info(config, createdNanos));
            starts.put(config.name(), startSequence);
            done.run();
        }

        private ConsumerInfo info(ConsumerConfig config, long createdNanos) {
            return new ConsumerInfo(name(), config, createdNanos, 0, 0, 0, 0, 0, 0, 0, 0, 0, messages.size(),
                0, 0, pushBound);
        }

        @Override
        public void deadLetters(String consumer, boolean kept) {
            // nobody gives anything up here
        }

        @Override
        public void copyDeadLetters(boolean wanted) {
            // nobody gives anything up here
        }

        @Override
        public void retryDeadLetters(org.memphisee.core.letters.RetryPolicy policy) {
            // nobody gives anything up here
        }

        @Override
        public void keepSchemaFailures(boolean kept) {
            // no message is looked at here
        }

        @Override
        public boolean gaveUp(String consumer, long sequence, String reason) {
            return false;
        }

        @Override
        public org.memphisee.core.tier.Retirement retirement() {
            throw new UnsupportedOperationException("no second tier here");
        }

        @Override
        public org.memphisee.core.partition.letters.LetterLog letters() {
            throw new UnsupportedOperationException("no dead letters here");
        }

        @Override
        public LetterFigures letterFigures() {
            return LetterFigures.NONE;
        }

        @Override
        public void updateConsumer(String name, ConsumerConfig config) {
            consumers.put(name, info(config, consumers.get(name).createdNanos()));
        }

        @Override
        public void removeConsumer(String name) {
            consumers.remove(name);
        }

        @Override
        public String noRoomFor(StreamConfig next) {
            return "";
        }

        @Override
        public void whenCounted(Runnable action) {
            action.run();
        }

        @Override
        public void whenCursorsDurable(Runnable action) {
            action.run();
        }

        @Override
        public Optional<ConsumerInfo> consumerInfo(String name) {
            return Optional.ofNullable(consumers.get(name)).map(c -> info(c.config(), c.createdNanos()));
        }

        @Override
        public Map<String, byte[]> consumerStates() {
            return Map.of();
        }

        @Override
        public void record(long from, long upTo, Answer<Optional<RecordCopy>> answer) {
            answer.known(Optional.empty());
        }

        @Override
        public List<ConsumerInfo> consumerInfos() {
            return List.copyOf(consumers.values());
        }
    }
}
