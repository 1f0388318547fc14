package org.memphisee.core.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.consumer.ConsumerInfo;
import org.memphisee.core.letters.Letter;
import org.memphisee.core.partition.letters.LetterFigures;
import org.memphisee.core.partition.log.MessageRead;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.port.PublishRequest;

/** A partition whose groups give up, and what its dead-letter log has then. */
abstract class DeadLettersFixture {

    static final long SECOND = PartitionFixture.SECOND;
    static final long HOUR = 3_600 * SECOND;

    PartitionFixture f = new PartitionFixture(PartitionFixture.config(c -> c));

    void ackBased() {
        f = new PartitionFixture(PartitionFixture.config(c -> {
            c.retention = StreamConfig.Retention.INTEREST;
            c.unclaimedAge = 14 * 24 * HOUR;
            return c;
        }));
    }

    void group(long id, String name) {
        define(id, name, true);
        f.settle();
        Runnable before = f.comingBack;
        f.comingBack = () -> {
            before.run();
            define(id, name, true);
        };
    }

    void define(long id, String name, boolean kept) {
        ConsumerConfig config = new ConsumerConfig(name, true, "", ConsumerConfig.DeliverPolicy.ALL, 0, 0,
            ConsumerConfig.AckPolicy.EXPLICIT, SECOND, 2, List.of(), List.of("s.final"), true, false, 0, 0, 512, -1, 0,
            false, false, 0, 0, 0, "", "", 0, 0, false, Map.of());
        f.partition.run(p -> {
            p.deadLetters(name, kept);
            p.addConsumer(id, config, f.clock.wallNanos(), 1, () -> { });
        });
    }

    void ask(String group, int batch) {
        byte[] bytes = (group + "{\"batch\":" + batch + ",\"expires\":3600000000000}").getBytes(StandardCharsets.UTF_8);
        int name = group.length();
        f.shard.execute(() -> f.partition.pull(new PublishRequest(bytes, 0, name, name, 0, name, 0, bytes.length - name), 0,
            name, "in"));
    }

    /** Gives the group a message and answers its ack subject. */
    String next(String group) {
        int before = f.deliveries().size();
        ask(group, 1);
        f.settle();
        assertEquals(before + 1, f.deliveries().size());
        return f.deliveries().get(before);
    }

    void say(String ackSubject, String word) {
        send(ackSubject, word);
        f.settle();
    }

    /** The same, which takes effect with what comes next. */
    void send(String ackSubject, String word) {
        byte[] bytes = (ackSubject + word).getBytes(StandardCharsets.UTF_8);
        int subject = ackSubject.length();
        f.shard.execute(() -> f.partition.acknowledge(new PublishRequest(bytes, 0, subject, subject, 0, subject, 0,
            bytes.length - subject), ""));
    }

    void store(String... payloads) {
        for (String payload : payloads) {
            f.publish("s.final", payload);
            f.settle();
        }
    }

    /** Everything that is stored goes to the group as often as it may. */
    void useUp(String group) {
        ask(group, 2_000);
        f.settle();
        for (int i = 0; i < 3; i++) {
            f.advance(1_100 * SECOND / 1_000);
        }
        f.advance(SECOND);
    }

    List<Letter> letters() {
        List<Letter> all = new ArrayList<>(on(() -> f.partition.letters().newest(Letter.Kind.UNACKED, Long.MAX_VALUE, 1_000)));
        Collections.reverse(all);
        return all;
    }

    <T> T on(Supplier<T> question) {
        List<T> answer = new ArrayList<>();
        f.partition.run(p -> answer.add(question.get()));
        f.settle();
        return answer.get(0);
    }

    MessageRead read(long id) {
        List<MessageRead> read = new ArrayList<>();
        f.partition.run(p -> p.letters().read(id, read::add));
        f.settle();
        assertEquals(1, read.size());
        return read.get(0);
    }

    List<String> payloads() {
        return letters().stream().map(l -> new String(read(l.id()).found().orElseThrow().payload(), StandardCharsets.UTF_8)).toList();
    }

    ConsumerInfo info(String group) {
        return f.partition.operations().consumerInfos().stream().filter(i -> i.config().name().equals(group)).findFirst().orElseThrow();
    }

    LetterFigures figures() {
        return f.partition.letters().figures();
    }
}
