package org.memphisee.core.consumer;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

import org.memphisee.core.consumer.PartitionView.Lasts;
import org.memphisee.core.consumer.SimulatedEnvironment.Frame;
import org.memphisee.core.wire.Ack;
import org.memphisee.core.wire.AckSubject;
import org.memphisee.core.wire.PullRequest;

/** A consumer with its simulated world, and the words tests are written in. */
final class ConsumerFixture {

    static final long MILLI = 1_000_000L;
    static final long SECOND = 1_000_000_000L;

    final SimulatedPartition partition = new SimulatedPartition();
    final SimulatedEnvironment env = new SimulatedEnvironment(1);
    ConsumerConfig config;
    Consumer consumer;
    /** As it stands in the consumer's definition. */
    long startSequence = 1;

    static ConfigBuilder pullConfig() {
        return new ConfigBuilder();
    }

    static ConfigBuilder pushConfig() {
        ConfigBuilder builder = new ConfigBuilder();
        builder.deliverSubject = "push.here";
        return builder;
    }

    ConsumerFixture start(ConfigBuilder builder) {
        config = builder.build();
        Consumer.resolveStart(config, partition, answer(start -> startSequence = start));
        AtomicReference<Lasts> lasts = new AtomicReference<>();
        if (Consumer.needsLasts(config, partition)) {
            partition.lastPerSubject(SubjectFilter.of(config.filterSubjects()), answer(lasts::set));
        }
        consumer = new Consumer(config, env.wallNanos(), startSequence, Optional.ofNullable(lasts.get()), partition, env);
        if (config.push()) {
            consumer.interestChanged();
        }
        return this;
    }

    private static <T> PartitionView.Answer<T> answer(java.util.function.Consumer<T> known) {
        return new PartitionView.Answer<>() {
            @Override
            public void known(T value) {
                known.accept(value);
            }

            @Override
            public void unknown(String why) {
                throw new AssertionError(why);
            }
        };
    }

    ConsumerFixture store(int count) {
        for (int i = 0; i < count; i++) {
            partition.store("orders.new", "payload", env.wallNanos());
        }
        return this;
    }

    /** Stores and tells the consumer, like a committed batch. */
    ConsumerFixture commit(int count) {
        store(count);
        consumer.committed();
        return this;
    }

    ConsumerFixture commit(String subject) {
        partition.store(subject, "payload", env.wallNanos());
        consumer.committed();
        return this;
    }

    void remove(long from, long to) {
        for (long sequence = from; sequence <= to; sequence++) {
            partition.remove(sequence);
        }
        consumer.batchDropped(from, to, filter -> -1);
        consumer.removalsAnnounced(from, to);
    }

    void pull(String inbox, int batch) {
        consumer.pull(new PullRequest(inbox, batch, 30 * SECOND, false, 0, 0));
    }

    void pullNoWait(String inbox, int batch, long expires) {
        consumer.pull(new PullRequest(inbox, batch, expires, true, 0, 0));
    }

    void pullBytes(String inbox, int batch, long maxBytes) {
        consumer.pull(new PullRequest(inbox, batch, 30 * SECOND, false, maxBytes, 0));
    }

    void say(Frame delivery, String payload) {
        say(delivery, payload, "");
    }

    /** Whether the consumer took it. */
    boolean say(Frame delivery, String payload, String reply) {
        AckSubject subject = new AckSubject();
        byte[] bytes = delivery.reply().getBytes(StandardCharsets.UTF_8);
        subject.parse(bytes, 0, bytes.length);
        return consumer.acknowledge(subject, Ack.parse(payload.getBytes(StandardCharsets.UTF_8)), reply);
    }

    void ack(Frame delivery) {
        say(delivery, "+ACK");
    }

    /** Lets time pass and fires the timer whenever it is due. */
    void pass(long nanos) {
        long end = env.now + nanos;
        while (env.wakeAt <= end) {
            env.now = Math.max(env.now, env.wakeAt);
            env.wakeAt = SimulatedEnvironment.NEVER;
            consumer.onTimer();
        }
        env.now = end;
    }

    void restart() {
        byte[] state = consumer.encodeState();
        env.wakeAt = SimulatedEnvironment.NEVER;
        consumer = Consumer.restore(config, env.wallNanos(), startSequence, state, partition, env);
    }

    List<Frame> frames(String inbox) {
        return env.frames.stream().filter(f -> f.inbox().equals(inbox)).toList();
    }

    /** Messages that an inbox got. */
    List<Frame> messages(String inbox) {
        return frames(inbox).stream().filter(Frame::isMessage).toList();
    }

    List<Long> sequences(String inbox) {
        return messages(inbox).stream().map(Frame::sequence).toList();
    }

    /** Statuses that an inbox got, without protocol and line ends. */
    List<String> statuses(String inbox) {
        return frames(inbox).stream().filter(f -> !f.isMessage()).map(ConsumerFixture::status).toList();
    }

    private static String status(Frame frame) {
        return frame.status().lines().filter(l -> !l.isEmpty()).collect(Collectors.joining("|"))
            .replaceFirst("NATS/1.0 ", "");
    }

    /** What inboxes got in order: sequences of messages, statuses without headers. */
    List<String> order(String inbox) {
        return frames(inbox).stream()
            .map(f -> f.isMessage() ? Long.toString(f.sequence()) : status(f).split("\\|")[0]).toList();
    }

    List<String> published(String subject) {
        return env.published.stream().filter(p -> p.subject().equals(subject)).map(p -> p.payload()).toList();
    }
}
