package org.memphisee.core.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.core.partition.PartitionFixture.SECOND;
import static org.memphisee.core.partition.PartitionFixture.config;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.memphisee.core.consumer.ConsumerInfo;
import org.memphisee.core.log.BatchSummary;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.SubjectCount;
import org.memphisee.core.partition.log.MessageBatch;
import org.memphisee.core.partition.log.PartitionState;
import org.memphisee.core.stream.StreamConfig;

/**
 * A partition decides, its store is told; what the store was told is applied to another one, and recovered by a third: all
 * three have the same.
 */
class FollowerTest {

    private static final int SUBJECTS = 5;

    static List<Long> seeds() {
        long first = Long.getLong("memphisee.seed", 1);
        List<Long> seeds = new ArrayList<>();
        for (long s = first; s < first + Integer.getInteger("memphisee.seeds", 150); s++) {
            seeds.add(s);
        }
        return seeds;
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @Timeout(20)
    void shouldHaveWhatTheOneThatDecidesHas(long seed) throws StoreException {
        new Run(seed).play();
    }

    /** As many as a purge of a large stream has: they are not applied one inside the other. */
    @Test
    @Timeout(60)
    void shouldApplyAsManyRemovalsAsOneWriteMayHave() throws StoreException {
        int batches = 20_000;
        PartitionFixture f = new PartitionFixture(config(c -> c), false);
        f.crash();
        Followed followed = Followed.empty(f);
        List<StoreChange> puts = new ArrayList<>();
        List<StoreChange> removals = new ArrayList<>();
        List<Long> keys = new ArrayList<>();
        for (long sequence = 1; sequence <= batches; sequence++) {
            puts.add(put(f.id, sequence));
            if (sequence % 2 == 0) {
                keys.add(sequence);
            } else {
                removals.add(new StoreChange.DropBatches(f.id, List.of(sequence)));
            }
        }
        removals.add(new StoreChange.DropBatches(f.id, keys));
        followed.write(puts);
        assertEquals(batches, f.partition.batchCount());
        followed.write(removals);
        assertEquals(0, f.partition.batchCount());
        assertEquals(Map.of(), messages(f));
    }

    /** Found by seed 6671: a follower begins with what later messages replaced, and no tombstone says so yet. */
    @Test
    @Timeout(20)
    void shouldTakeTombstonesOfWhatWentWithTheBatchesBeforeIt() throws StoreException {
        PartitionFixture f = new PartitionFixture(config(c -> {
            c.perSubject = 1;
            return c;
        }), false);
        f.store.write(List.of(put(f.id, 1), put(f.id, 2), put(f.id, 3), put(f.id, 4)), true);
        f.crash();
        byte[] all = ByteBuffer.allocate(14).put((byte) 1).putLong(MessageBatch.accounted(true, 3, 0, 1)).putInt(1).put((byte) 1)
            .array(); // the first, and only, message
        Followed.empty(f).write(List.of(new StoreChange.DropBatches(f.id, List.of(1L)),
            new StoreChange.PutTombstones(f.id, 2, all), new StoreChange.PutTombstones(f.id, 3, all)));
        assertEquals(Set.of(4L), messages(f).keySet());
    }

    /**
     * Found by seed 4 of the simulation of data groups: who recovered knows of more that was replaced than the next tombstones
     * name.
     */
    @Test
    @Timeout(20)
    void shouldTakeTombstonesOfLessThanItKnowsToBeReplaced() throws StoreException {
        PartitionFixture f = new PartitionFixture(config(c -> {
            c.perSubject = 1;
            return c;
        }), false);
        List<StoreChange> writes = new ArrayList<>();
        f.written = changes -> changes.stream().filter(StoreChange.PutBatch.class::isInstance).forEach(writes::add);
        f.open();
        f.publish("s.0", "1");
        f.publish("s.1", "2");
        f.publish("s.2", "3");
        f.settle();
        f.publish("s.0", "4");
        f.settle();
        f.publish("s.1", "5");
        f.settle();
        PartitionFixture follower = new PartitionFixture(f.config, false);
        follower.store.write(writes, true);
        follower.crash();
        byte[] first = ByteBuffer.allocate(14).put((byte) 1).putLong(MessageBatch.accounted(true, 3, 0,
            1)).putInt(1).put((byte) 1).array();
        Followed.empty(follower).write(List.of(new StoreChange.PutTombstones(follower.id, 1, first)));
        assertEquals(Set.of(3L, 4L, 5L), messages(follower).keySet());
    }

    private static StoreChange put(long partition, long sequence) {
        byte[] subject = "s.0".getBytes(StandardCharsets.UTF_8);
        int index = MessageBatch.HEADER + MessageBatch.ENTRY + subject.length + 1;
        byte[] record = new byte[index + Integer.BYTES];
        MessageBatch.putEntry(record, MessageBatch.HEADER, 0, sequence, 0, 1, subject.length);
        System.arraycopy(subject, 0, record, MessageBatch.HEADER + MessageBatch.ENTRY, subject.length);
        MessageBatch.putInt(record, index, MessageBatch.HEADER);
        MessageBatch.putHeader(record, 1, index, sequence);
        int accounted = (int) MessageBatch.accounted(true, subject.length, 0, 1);
        BatchSummary summary = new BatchSummary(sequence, sequence, 1, sequence, sequence, accounted, record.length,
            List.of(new SubjectCount("s.0", sequence, sequence, 1, accounted)), List.of());
        return new StoreChange.PutBatch(partition, summary, record, 0, record.length);
    }

    private static Map<Long, String> messages(PartitionFixture f) {
        Map<Long, String> all = new TreeMap<>();
        for (long s = 1; s <= f.partition.view().lastSequence(); s++) {
            long sequence = s;
            f.message(s).ifPresent(m -> all.put(sequence, m.subject() + " " + m.timestampNanos() + " "
                + new String(m.header(), StandardCharsets.UTF_8) + new String(m.payload(), StandardCharsets.UTF_8)));
        }
        return all;
    }

    private record Write(long atNanos, List<StoreChange> changes) { }

    private static final class Run {
        private final Random random;
        private final StreamConfig config;
        private final PartitionFixture leader;
        private final List<Write> writes = new ArrayList<>();
        private final Set<String> consumers = new TreeSet<>();
        private final Set<String> ids = new TreeSet<>();
        private int payloads;
        private int consumersMade;

        Run(long seed) {
            random = new Random(seed * 0x9E3779B97F4A7C15L);
            int perSubject = random.nextInt(2) == 0 ? -1 : 1 + random.nextInt(3);
            int most = random.nextInt(3) == 0 ? 5 + random.nextInt(60) : -1;
            StreamConfig.Retention[] all = StreamConfig.Retention.values();
            StreamConfig.Retention retention = all[random.nextInt(all.length)];
            config = config(c -> {
                c.perSubject = perSubject;
                c.maxMsgs = most;
                c.retention = retention;
                c.rollup = true;
                return c;
            });
            leader = fixture(true);
            leader.written = changes -> writes.add(new Write(leader.clock.now, changes));
        }

        private PartitionFixture fixture(boolean opens) {
            PartitionFixture f = new PartitionFixture(config, opens);
            f.inlineBytes = random.nextInt(3) * 400;
            f.cacheBytes = new long[] {2_000, 20_000, 1 << 20}[random.nextInt(3)];
            f.exactBytes = random.nextBoolean() ? 0 : 1 << 20;
            f.crash();
            return f;
        }

        void play() throws StoreException {
            for (int step = 0; step < 200; step++) {
                step();
            }
            leader.settle();
            leader.store.free(Long.MAX_VALUE);
            leader.advance(2 * SECOND);
            leader.advance(2 * SECOND);
            PartitionFixture follower = follow();
            PartitionFixture recovered = recover();
            same(messages(leader), messages(follower));
            same(messages(leader), messages(recovered));
            assertEquals(state(leader), state(follower));
            assertEquals(state(leader), state(recovered));
            ends(follower);
            ends(recovered);
            assertEquals(leader.partition.batchCount(), follower.partition.batchCount());
            follower.partition.applied().complete();
            open(follower);
            open(recovered);
            same(messages(recovered), messages(follower));
            assertEquals(cursors(leader), cursors(follower));
            assertEquals(infos(recovered), infos(follower));
            if (leader.state().lastSeq() == follower.state().lastSeq()) {
                for (String id : ids) {
                    assertEquals(probe(leader, id), probe(follower, id), id);
                }
                if (config.retention() == StreamConfig.Retention.LIMITS) {
                    same(messages(leader), messages(follower)); // else what is removed depends on what consumers did before
                }
            }
        }

        private static void same(Map<Long, String> expected, Map<Long, String> found) {
            assertEquals(expected.keySet(), found.keySet());
            expected.forEach((sequence, message) -> assertEquals(message, found.get(sequence), "message " + sequence));
        }

        private void step() {
            switch (random.nextInt(24)) {
                case 0 -> leader.partition.run(p -> p.deleteMessage(1 + random.nextInt(payloads + 1), there -> { }, why -> { }));
                case 1 -> {
                    if (random.nextInt(4) == 0) {
                        leader.partition.run(p -> p.purge(random.nextBoolean() ? "" : subject(),
                            random.nextBoolean() ? 0 : 1 + random.nextInt(payloads + 1), random.nextInt(3), n -> { }, why -> { }));
                    }
                }
                case 2 -> leader.advance(random.nextInt(3) * SECOND / 10);
                case 3 -> leader.store.free(random.nextBoolean() ? Long.MAX_VALUE : random.nextInt(600));
                case 4 -> leader.settle();
                case 5 -> leader.shard.turn();
                case 6 -> leader.writer.turn();
                case 7 -> consumer();
                case 8, 9, 10 -> consume();
                case 11 -> {
                    leader.store.free(Long.MAX_VALUE);
                    for (int i = random.nextInt(40); i > 0; i--) {
                        publish();
                        leader.settle();
                    }
                }
                case 12 -> leader.publish(subject(), "p" + ++payloads, "Nats-Rollup", random.nextInt(3) == 0 ? "all" : "sub");
                case 13 -> leader.advance(random.nextInt(20) == 0 ? 200 * SECOND : 0);
                default -> {
                    for (int i = random.nextInt(random.nextInt(8) == 0 ? 60 : 5); i >= 0; i--) {
                        publish();
                    }
                }
            }
        }

        private String subject() {
            return "s." + random.nextInt(SUBJECTS);
        }

        private void publish() {
            payloads++;
            if (random.nextInt(3) == 0) {
                String id = "id" + (random.nextInt(5) == 0 ? random.nextInt(payloads) : payloads);
                ids.add(id);
                leader.publish(subject(), "p" + payloads, "Nats-Msg-Id", id);
            } else {
                leader.publish(subject(), "p" + payloads);
            }
        }

        private void consumer() {
            if (consumers.size() == 3 || !consumers.isEmpty() && random.nextInt(3) == 0) {
                String name = List.copyOf(consumers).get(random.nextInt(consumers.size()));
                consumers.remove(name);
                leader.removeConsumer(name);
            } else {
                String name = String.valueOf((char) ('a' + consumersMade++));
                consumers.add(name);
                leader.consumer(name);
            }
        }

        private void consume() {
            for (String name : consumers) {
                leader.pull(name, 1 + random.nextInt(20));
            }
            if (random.nextInt(3) > 0) {
                leader.acknowledgeAll();
            }
        }

        private PartitionFixture follow() throws StoreException {
            PartitionFixture f = fixture(false);
            Followed followed = Followed.empty(f);
            for (Write write : writes) {
                f.clock.now = Math.max(f.clock.now, write.atNanos);
                followed.write(write.changes);
            }
            f.clock.now = leader.clock.now;
            return f;
        }

        private PartitionFixture recover() throws StoreException {
            PartitionFixture f = fixture(false);
            for (Write write : writes) {
                f.store.write(write.changes, true);
            }
            f.clock.now = leader.clock.now;
            f.crash();
            return f;
        }

        private void open(PartitionFixture f) {
            consumers.forEach(f::consumer);
            f.open();
        }

        /** What consumers and monitors are told of all messages. */
        private static String state(PartitionFixture f) {
            f.partition.run(p -> f.partition.consumersChanged()); // it says anew how it is
            f.settle();
            StreamState s = f.state();
            return s.messages() + " messages, " + s.bytes() + " bytes, from " + (s.messages() == 0 ? 0 : s.firstSeq()) + ", "
                + s.numSubjects() + " subjects, " + f.subjectCounts("") + " " + f.subjectCounts("s.1");
        }

        /** A sequence that was taken back, because the disk was full, is one more that the store may have been told of. */
        private void ends(PartitionFixture f) {
            long told = writes.stream().flatMap(w -> w.changes.stream()).filter(StoreChange.PutPartitionState.class::isInstance)
                .mapToLong(c -> PartitionState.decode(((StoreChange.PutPartitionState) c).state()).last()).max().orElse(0);
            StreamState expected = leader.state();
            StreamState found = f.state();
            assertTrue(found.lastSeq() >= expected.lastSeq() && found.lastSeq() <= Math.max(expected.lastSeq(), told),
                () -> found + " is not " + expected);
            assertTrue(found.lastTimeNanos() >= expected.lastTimeNanos(), () -> found + " is not " + expected);
        }

        private static List<String> cursors(PartitionFixture f) {
            return infos(f).stream().map(i -> i.config().name() + " " + i.deliveredConsumerSeq() + " " + i.deliveredStreamSeq()
                + " " + i.ackFloorConsumerSeq() + " " + i.ackFloorStreamSeq() + " " + i.numAckPending() + " " + i.numPending())
                .toList();
        }

        private static List<ConsumerInfo> infos(PartitionFixture f) {
            List<ConsumerInfo> infos = new ArrayList<>();
            f.partition.run(p -> p.whenCounted(() -> infos.addAll(p.consumerInfos())));
            f.settle();
            return infos;
        }

        private static String probe(PartitionFixture f, String id) {
            PublishAnswer answer = f.publish("s.0", "again", "Nats-Msg-Id", id);
            f.settle();
            return answer.text();
        }
    }
}
