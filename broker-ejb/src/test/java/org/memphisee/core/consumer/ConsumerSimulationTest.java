package org.memphisee.core.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.core.consumer.ConsumerFixture.MILLI;
import static org.memphisee.core.consumer.ConsumerFixture.SECOND;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.memphisee.core.consumer.ConsumerConfig.AckPolicy;
import org.memphisee.core.consumer.ConsumerConfig.DeliverPolicy;
import org.memphisee.core.consumer.SimulatedEnvironment.Frame;
import org.memphisee.core.wire.PullRequest;

/** Random lives of a consumer against the rules of jetstream-api.md 6.16. A failure names its seed. */
class ConsumerSimulationTest {

    private static final int SEEDS = 300;
    private static final int STEPS = 250;

    @Test
    void shouldKeepItsPromisesInRandomLives() {
        for (long seed = 0; seed < SEEDS; seed++) {
            try {
                new Life(seed).live();
            } catch (AssertionError | RuntimeException broken) {
                throw new AssertionError("seed " + seed + ": " + broken.getMessage(), broken);
            }
        }
    }

    /** One life; what it remembers is the model. */
    private static final class Life {
        private final Random random;
        private final ConsumerFixture f = new ConsumerFixture();
        private final SubjectFilter filter;
        private final AckPolicy policy;
        private final List<Frame> answerable = new ArrayList<>();
        /** Matching messages that were stored after the consumer began, or before and within its start. */
        private final Set<Long> wanted = new HashSet<>();
        private final Set<Long> done = new HashSet<>();
        private final Map<Long, Integer> deliveries = new HashMap<>();
        private int seen;
        private int inboxes;
        private long floor;
        private long highest;
        private byte[] durable;

        Life(long seed) {
            random = new Random(seed);
            List<List<String>> filters = List.of(List.of(), List.of("a.*"), List.of("a.x", "b.>"));
            ConfigBuilder builder = new ConfigBuilder();
            builder.filters = filters.get(random.nextInt(filters.size()));
            builder.ackPolicy = random.nextInt(4) == 0 ? AckPolicy.ALL : AckPolicy.EXPLICIT;
            builder.ackWaitNanos = (1 + random.nextInt(5)) * SECOND;
            builder.maxAckPending = random.nextBoolean() ? -1 : 1 + random.nextInt(20);
            if (random.nextInt(3) == 0) {
                builder.backoff(SECOND, 2 * SECOND, 4 * SECOND);
            }
            filter = SubjectFilter.of(builder.filters);
            policy = builder.ackPolicy;
            publish(random.nextInt(20));
            if (random.nextInt(3) == 0) {
                builder.startSeq(1 + random.nextInt(25));
            } else if (random.nextInt(4) == 0) {
                builder.deliver(DeliverPolicy.LAST_PER_SUBJECT);
            }
            f.start(builder);
            if (builder.deliverPolicy == DeliverPolicy.LAST_PER_SUBJECT) {
                wanted.clear();
                for (long sequence : f.partition.lasts(filter)) {
                    wanted.add(sequence);
                }
            } else {
                wanted.removeIf(sequence -> sequence < f.startSequence);
            }
            floor = f.consumer.info().ackFloorStreamSeq();
            durable = f.consumer.encodeState();
        }

        void live() {
            for (int step = 0; step < STEPS; step++) {
                step();
                check();
            }
            finish();
        }

        private void step() {
            switch (random.nextInt(12)) {
                case 0, 1 -> {
                    publish(random.nextInt(8));
                    f.consumer.committed();
                }
                case 2, 3 -> pull();
                case 4, 5, 6, 7 -> answer();
                case 8 -> f.pass(random.nextInt(3000) * MILLI);
                case 9 -> remove();
                case 10 -> {
                    if (random.nextInt(3) == 0) {
                        crash();
                    } else {
                        durable = f.consumer.encodeState();
                        f.env.becomeDurable();
                    }
                }
                default -> interest();
            }
        }

        private void publish(int count) {
            List<String> subjects = List.of("a.x", "a.y", "b.z", "b.z.q", "c");
            for (int i = 0; i < count; i++) {
                String subject = subjects.get(random.nextInt(subjects.size()));
                long sequence = f.partition.store(subject, "p".repeat(random.nextInt(50)), f.env.wallNanos());
                if (sequence >= f.startSequence
                    && SimulatedPartition.matches(filter, f.partition.messages().get(sequence))) {
                    wanted.add(sequence);
                }
            }
        }

        private void pull() {
            String inbox = "in" + (random.nextInt(4) == 0 ? inboxes++ : random.nextInt(1 + inboxes));
            boolean noWait = random.nextInt(4) == 0;
            long expires = random.nextInt(3) == 0 ? 0 : (1 + random.nextInt(5)) * SECOND;
            long bytes = random.nextInt(4) == 0 ? 60 + random.nextInt(500) : 0;
            long heartbeat = expires > 0 && random.nextInt(3) == 0 ? expires / 2 : 0;
            f.consumer.pull(new PullRequest(inbox, 1 + random.nextInt(10), expires, noWait, bytes, heartbeat));
        }

        private void interest() {
            if (inboxes > 0) {
                var inbox = f.env.inbox("in" + random.nextInt(inboxes));
                if (random.nextBoolean()) {
                    f.env.listen(inbox.subject, !inbox.interest);
                    f.consumer.interestChanged();
                } else {
                    inbox.congested = !inbox.congested;
                }
            }
        }

        private void answer() {
            if (answerable.isEmpty()) {
                return;
            }
            Frame delivery = answerable.get(random.nextInt(answerable.size()));
            String reply = random.nextInt(5) == 0 ? "answer" : "";
            switch (random.nextInt(8)) {
                case 0 -> f.say(delivery, "-NAK", reply);
                case 1 -> f.say(delivery, "-NAK {\"delay\":" + random.nextInt(4000) * MILLI + "}", reply);
                case 2 -> f.say(delivery, "+WPI", reply);
                case 3 -> {
                    done.add(delivery.sequence());
                    f.say(delivery, "+TERM", reply);
                }
                default -> acknowledge(delivery, reply);
            }
        }

        private void acknowledge(Frame delivery, String reply) {
            if (policy == AckPolicy.EXPLICIT) {
                done.add(delivery.sequence());
            } else {
                deliveries.keySet().stream().filter(s -> s <= delivery.sequence()).forEach(done::add);
            }
            f.say(delivery, random.nextBoolean() ? "+ACK" : "", reply);
        }

        private void remove() {
            long last = f.partition.lastSequence();
            if (last == 0) {
                return;
            }
            long from = random.nextInt(4) == 0 ? 1 : 1 + random.nextInt((int) last);
            long to = random.nextInt(3) == 0 ? Math.min(last, from + random.nextInt(10)) : from;
            for (long sequence = from; sequence <= to; sequence++) {
                if (random.nextInt(3) > 0) {
                    f.partition.remove(sequence);
                }
            }
            f.consumer.batchDropped(1, to, filter -> -1);
            f.consumer.removalsAnnounced(from, to);
        }

        /** Everything since the last durable state is forgotten; acks of that time may have been in vain. */
        private void crash() {
            note();
            f.env.wakeAt = SimulatedEnvironment.NEVER;
            f.env.whenDurable.clear();
            f.env.forgetWatches();
            f.consumer = Consumer.restore(f.config, 0, f.startSequence, durable, f.partition, f.env);
            ConsumerInfo info = f.consumer.info();
            floor = info.ackFloorStreamSeq();
            highest = info.deliveredStreamSeq();
            answerable.clear();
            done.removeIf(this::stillNeeded);
            deliveries.keySet().removeIf(s -> s > highest);
        }

        private boolean stillNeeded(long sequence) {
            SimulatedPartition.Message message = f.partition.messages().get(sequence);
            if (message == null) {
                return false;
            }
            byte[] subject = message.subject().getBytes(StandardCharsets.UTF_8);
            return f.consumer.unsettled(sequence, subject, 0, subject.length);
        }

        /** Takes in what was delivered since the last look. */
        private void note() {
            for (; seen < f.env.frames.size(); seen++) {
                Frame frame = f.env.frames.get(seen);
                if (!frame.isMessage()) {
                    continue;
                }
                answerable.add(frame);
                assertTrue(wanted.contains(frame.sequence()), "unwanted message " + frame.sequence());
                assertTrue(!done.contains(frame.sequence()), "settled message came again: " + frame.sequence());
                int before = deliveries.getOrDefault(frame.sequence(), 0);
                if (frame.delivered() == 1) {
                    assertEquals(0, before, "two first deliveries of " + frame.sequence());
                    assertTrue(frame.sequence() > highest, "order of first deliveries");
                    highest = Math.max(highest, frame.sequence());
                }
                deliveries.put(frame.sequence(), (int) frame.delivered());
            }
        }

        private void check() {
            note();
            ConsumerInfo info = f.consumer.info();
            assertTrue(info.ackFloorStreamSeq() >= floor, "floor went back");
            floor = info.ackFloorStreamSeq();
            assertTrue(info.ackFloorStreamSeq() <= info.deliveredStreamSeq(), "floor beyond delivered");
            assertTrue(info.ackFloorConsumerSeq() <= info.deliveredConsumerSeq(), "floor beyond delivered");
            long undelivered = wanted.stream()
                .filter(s -> f.partition.stored(s) && !deliveries.containsKey(s)).count();
            assertEquals(undelivered, info.numPending(), "num_pending");
            Set<Long> open = new HashSet<>(deliveries.keySet());
            open.removeAll(done);
            open.removeIf(s -> !f.partition.stored(s));
            assertEquals(open.size(), info.numAckPending(), "num_ack_pending");
            for (long sequence : wanted) {
                boolean needed = f.partition.stored(sequence) && !done.contains(sequence);
                if (needed) {
                    assertTrue(stillNeeded(sequence), "message would be lost: " + sequence);
                }
            }
        }

        /** With a patient member that acknowledges everything, nothing is left. */
        private void finish() {
            f.consumer.interestChanged();
            for (int round = 0; round < 500 && left() > 0; round++) {
                f.pull("patient", 50);
                note();
                while (!answerable.isEmpty()) {
                    acknowledge(answerable.remove(0), "");
                    note();
                }
                f.pass(SECOND);
                check();
            }
            ConsumerInfo info = f.consumer.info();
            assertEquals(0, info.numPending(), "left undelivered");
            assertEquals(0, info.numAckPending(), "left unacknowledged");
            assertEquals(0, info.numRedelivered(), "left redelivered");
            assertEquals(info.deliveredStreamSeq(), info.ackFloorStreamSeq());
            assertEquals(info.deliveredConsumerSeq(), info.ackFloorConsumerSeq());
            for (long sequence : wanted) {
                assertTrue(!f.partition.stored(sequence) || done.contains(sequence), "lost: " + sequence);
            }
        }

        private long left() {
            ConsumerInfo info = f.consumer.info();
            return info.numPending() + info.numAckPending();
        }
    }
}
