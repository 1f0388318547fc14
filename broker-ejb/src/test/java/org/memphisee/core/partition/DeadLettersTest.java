package org.memphisee.core.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.consumer.ConsumerInfo;
import org.memphisee.core.letters.Letter;
import org.memphisee.core.letters.LetterGroup;
import org.memphisee.core.letters.LetterRules;
import org.memphisee.core.letters.RetryPolicy;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.partition.letters.LetterFigures;
import org.memphisee.core.partition.log.MessageRead;
import org.memphisee.core.partition.log.StoredMessage;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.port.PublishRequest;
import org.memphisee.store.memory.MemoryLogStore;

/** What groups give up is kept in the dead-letter log of the partition, and let go of in the same write. */
class DeadLettersTest {

    private static final long SECOND = PartitionFixture.SECOND;
    private static final long HOUR = 3_600 * SECOND;

    private PartitionFixture f = new PartitionFixture(PartitionFixture.config(c -> c));

    private void ackBased() {
        f = new PartitionFixture(PartitionFixture.config(c -> {
            c.retention = StreamConfig.Retention.INTEREST;
            c.unclaimedAge = 14 * 24 * HOUR;
            return c;
        }));
    }

    private void group(long id, String name) {
        define(id, name, true);
        f.settle();
        Runnable before = f.comingBack;
        f.comingBack = () -> {
            before.run();
            define(id, name, true);
        };
    }

    private void define(long id, String name, boolean kept) {
        ConsumerConfig config = new ConsumerConfig(name, true, "", ConsumerConfig.DeliverPolicy.ALL, 0, 0,
            ConsumerConfig.AckPolicy.EXPLICIT, SECOND, 2, List.of(), List.of("s.final"), true, false, 0, 0, 512, -1, 0,
            false, false, 0, 0, 0, "", "", 0, 0, false, Map.of());
        f.partition.run(p -> {
            p.deadLetters(name, kept);
            p.addConsumer(id, config, f.clock.wallNanos(), 1, () -> { });
        });
    }

    private void ask(String group, int batch) {
        byte[] bytes = (group + "{\"batch\":" + batch + ",\"expires\":3600000000000}").getBytes(StandardCharsets.UTF_8);
        int name = group.length();
        f.shard.execute(() -> f.partition.pull(new PublishRequest(bytes, 0, name, name, 0, name, 0, bytes.length - name), 0,
            name, "in"));
    }

    /** Gives the group a message and answers its ack subject. */
    private String next(String group) {
        int before = f.deliveries().size();
        ask(group, 1);
        f.settle();
        assertEquals(before + 1, f.deliveries().size());
        return f.deliveries().get(before);
    }

    private void say(String ackSubject, String word) {
        byte[] bytes = (ackSubject + word).getBytes(StandardCharsets.UTF_8);
        int subject = ackSubject.length();
        f.shard.execute(() -> f.partition.acknowledge(new PublishRequest(bytes, 0, subject, subject, 0, subject, 0,
            bytes.length - subject), ""));
        f.settle();
    }

    private void store(String... payloads) {
        for (String payload : payloads) {
            f.publish("s.final", payload);
            f.settle();
        }
    }

    /** Everything that is stored goes to the group as often as it may. */
    private void useUp(String group) {
        ask(group, 2_000);
        f.settle();
        for (int i = 0; i < 3; i++) {
            f.advance(1_100 * SECOND / 1_000);
        }
        f.advance(SECOND);
    }

    private List<Letter> letters() {
        List<Letter> all = new ArrayList<>(on(() -> f.partition.letters().newest(Letter.Kind.UNACKED, Long.MAX_VALUE, 1_000)));
        java.util.Collections.reverse(all);
        return all;
    }

    private <T> T on(Supplier<T> question) {
        List<T> answer = new ArrayList<>();
        f.partition.run(p -> answer.add(question.get()));
        f.settle();
        return answer.get(0);
    }

    private MessageRead read(long id) {
        List<MessageRead> read = new ArrayList<>();
        f.partition.run(p -> p.letters().read(id, read::add));
        f.settle();
        assertEquals(1, read.size());
        return read.get(0);
    }

    private List<String> payloads() {
        return letters().stream().map(l -> new String(read(l.id()).found().orElseThrow().payload(), StandardCharsets.UTF_8)).toList();
    }

    private ConsumerInfo info(String group) {
        return f.partition.operations().consumerInfos().stream().filter(i -> i.config().name().equals(group)).findFirst().orElseThrow();
    }

    private LetterFigures figures() {
        return f.partition.letters().figures();
    }

    @ParameterizedTest
    @EnumSource(StreamConfig.Storage.class)
    void shouldKeepWhatRanOutOfDeliveries(StreamConfig.Storage storage) {
        f = new PartitionFixture(PartitionFixture.config(c -> {
            c.storage = storage;
            return c;
        }));
        group(5, "g");
        f.publish("s.final", "bad", "k", "v");
        f.settle();
        long sent = f.message(1).orElseThrow().timestampNanos();
        useUp("g");
        Letter letter = letters().get(0);
        assertEquals(1, letters().size());
        assertEquals(1, letter.sequence());
        assertEquals(sent, letter.sentNanos());
        LetterGroup g = letter.groups().get(0);
        assertEquals("g", g.name());
        assertEquals(LetterGroup.Cause.DELIVERIES, g.cause());
        assertEquals(2, g.deliveries());
        StoredMessage m = read(letter.id()).found().orElseThrow();
        assertEquals("bad", new String(m.payload(), StandardCharsets.UTF_8));
        assertEquals("NATS/1.0\r\nk: v\r\n\r\n", new String(m.header(), StandardCharsets.UTF_8));
        assertEquals("s.final", m.subject());
        assertEquals(m.header().length + 3, letter.size());
        assertEquals(1, info("g").numExhausted());
        assertEquals(0, info("g").numRedelivered());
    }

    @Test
    void shouldKeepWhatAMemberTerminatedWithItsReason() {
        group(5, "g");
        store("a");
        say(next("g"), "+TERM no good");
        f.advance(SECOND);
        LetterGroup g = letters().get(0).groups().get(0);
        assertEquals(LetterGroup.Cause.TERMINATED, g.cause());
        assertEquals("no good", g.reason());
        assertEquals(1, g.deliveries());
        assertEquals(List.of("a"), payloads());
    }

    @Test
    void shouldKeepTheReasonThatComesAfterTheMessageWasGivenUp() {
        group(5, "g");
        store("a", "b", "c");
        say(next("g"), "+TERM");
        assertTrue(on(() -> f.partition.operations().gaveUp("g", 1, "at once")));
        f.advance(SECOND);
        say(next("g"), "+TERM");
        f.advance(SECOND);
        assertTrue(on(() -> f.partition.operations().gaveUp("g", 2, "later")));
        next("g");
        assertTrue(on(() -> f.partition.operations().gaveUp("g", 3, "said nothing else")));
        f.advance(SECOND);
        assertFalse(on(() -> f.partition.operations().gaveUp("g", 4, "not there")));
        assertFalse(on(() -> f.partition.operations().gaveUp("h", 1, "no such group")));
        f.crash();
        assertEquals(List.of("at once", "later", "said nothing else"),
            letters().stream().map(l -> l.groups().get(0).reason()).toList());
    }

    @Test
    void shouldAddTheSecondGroupToTheSameLetter() {
        group(5, "g");
        group(6, "h");
        store("a");
        say(next("g"), "+TERM");
        f.advance(SECOND);
        long id = letters().get(0).id();
        say(next("h"), "+TERM as well");
        f.advance(SECOND);
        assertEquals(1, letters().size());
        assertEquals(id, letters().get(0).id());
        assertEquals(List.of("g", "h"), letters().get(0).groups().stream().map(LetterGroup::name).toList());
        f.crash();
        assertEquals(List.of("g", "h"), letters().get(0).groups().stream().map(LetterGroup::name).toList());
        assertEquals(List.of("a"), payloads());
    }

    @Test
    void shouldAddGroupsThatGiveUpInTheSameWrite() {
        group(5, "g");
        group(6, "h");
        store("a");
        useUp("g");
        ask("h", 1);
        String ack = next("h");
        say(ack, "+TERM");
        f.advance(SECOND);
        assertEquals(List.of("g", "h"), letters().get(0).groups().stream().map(LetterGroup::name).toList());
    }

    @Test
    void shouldLetAnAckBasedStationGoOfWhatIsALetter() {
        ackBased();
        group(5, "g");
        store("a", "b");
        say(next("g"), "+TERM");
        say(next("g"), "+ACK");
        f.advance(SECOND);
        assertEquals(List.of(), f.payloads());
        assertEquals(List.of("a"), payloads());
        f.crash();
        f.advance(SECOND);
        assertEquals(List.of(), f.payloads());
        assertEquals(List.of("a"), payloads());
        assertEquals(1, info("g").givenUp());
    }

    @Test
    void shouldKeepNothingOfAConsumerThatIsNotToBeKeptFrom() {
        define(5, "g", false);
        store("a", "b");
        say(next("g"), "+TERM");
        useUp("g");
        assertEquals(List.of(), letters());
        f.partition.run(p -> p.deadLetters("g", true)); // what it holds still goes there from now on
        f.settle();
        f.advance(SECOND);
        assertEquals(List.of("b"), payloads());
        f.partition.run(p -> p.deadLetters("g", false));
        store("c");
        useUp("g");
        assertEquals(List.of("b"), payloads());
    }

    /** Wherever the power goes, before or after a write: the message is with its group or among the letters, not in both, not in none. */
    @ParameterizedTest
    @EnumSource(MemoryLogStore.Moment.class)
    void shouldHaveAMessageInOnePlaceAfterACrash(MemoryLogStore.Moment moment) {
        int cuts = 0;
        for (int write = 1; write < 12; write++) {
            ackBased();
            group(5, "g");
            group(6, "h");
            store("a", "b", "c");
            f.store.cutPower(write, moment);
            say(next("g"), "+TERM");
            f.advance(SECOND / 5);
            say(next("h"), "+TERM");
            f.advance(SECOND / 5);
            say(next("g"), "+TERM");
            say(next("h"), "+TERM");
            f.advance(SECOND);
            boolean cut = f.store.powerCut();
            f.crash();
            f.advance(SECOND);
            List<Letter> letters = letters();
            List<String> inBoth = payloads();
            assertEquals(inBoth.stream().distinct().toList(), inBoth);
            for (int s = 1; s <= 3; s++) {
                long sequence = s;
                Optional<Letter> letter = letters.stream().filter(l -> l.sequence() == sequence).findFirst();
                for (String group : List.of("g", "h")) {
                    boolean kept = letter.flatMap(l -> l.group(group)).isPresent();
                    boolean held = f.payloads().contains(List.of("a", "b", "c").get(s - 1));
                    assertTrue(kept || held, "message " + s + " of " + group + " is lost by write " + write + ": " + letters);
                }
            }
            cuts += cut ? 1 : 0;
            useUp("g");
            useUp("h");
            assertEquals(List.of("a", "b", "c"), payloads());
            letters().forEach(l -> assertEquals(2, l.groups().size(), l.toString()));
            assertEquals(List.of(), f.payloads());
        }
        assertTrue(cuts >= 3, cuts + " writes were cut");
    }

    @Test
    void shouldLeaveTheMessageWithItsGroupWhileTheDiskIsFull() {
        ackBased();
        group(5, "g");
        store("a");
        String ack = next("g");
        f.store.free(0);
        say(ack, "+TERM");
        f.advance(10 * SECOND);
        assertEquals(List.of(), letters());
        assertEquals(List.of("a"), f.payloads());
        f.store.free(Long.MAX_VALUE);
        f.advance(2 * SECOND);
        assertEquals(List.of("a"), payloads());
        assertEquals(List.of(), f.payloads());
    }

    @Test
    void shouldLetLettersGoWhenTheyAreTooOld() {
        group(5, "g");
        group(6, "h");
        store("a", "b");
        say(next("g"), "+TERM");
        f.advance(SECOND);
        f.advance(2 * HOUR);
        say(next("g"), "+TERM");
        f.advance(SECOND);
        assertEquals(2, figures().letters());
        f.advance(HOUR + SECOND);
        assertEquals(List.of("b"), payloads());
        say(next("h"), "+ACK");
        say(next("h"), "+TERM"); // whoever is added begins anew
        f.advance(SECOND);
        f.advance(2 * HOUR + 10 * SECOND);
        assertEquals(1, figures().letters());
        f.crash();
        assertEquals(List.of("b"), payloads());
        f.advance(HOUR);
        assertEquals(0, figures().letters());
        assertEquals(List.of(), f.store.batches(LetterRules.partition(f.id)));
        f.rules.hours(1);
    }

    @Test
    void shouldLetTheOldestGoWhenThereIsNoRoomForMore() {
        f.rules = new LetterRules(3, 3_000, 1_000);
        f.crash();
        group(5, "g");
        for (int i = 0; i < 10; i++) {
            store(i + "x".repeat(500));
        }
        useUp("g");
        assertTrue(figures().bytes() <= 3_000, figures().toString());
        assertEquals(10, figures().letters() + figures().forRoom());
        assertEquals("9", payloads().get(payloads().size() - 1).substring(0, 1));
        f.rules = new LetterRules(3, 1 << 20, 2);
        f.crash();
        store("last");
        useUp("g");
        assertEquals(2, figures().letters());
        assertEquals("last", payloads().get(1));
    }

    @Test
    void shouldTakeMoreThanOneWriteTakes() {
        group(5, "g");
        for (int i = 0; i < 300; i++) {
            f.publish("s.final", i + "x".repeat(10_000));
        }
        f.settle();
        useUp("g");
        f.crowdTheCache();
        for (int i = 0; i < 10; i++) {
            f.advance(SECOND);
        }
        assertEquals(300, letters().size());
        f.crash();
        assertEquals(300, letters().size());
        assertEquals("299x", payloads().get(299).substring(0, 4));
    }

    @Test
    void shouldForgetAGroupThatWasRemoved() {
        group(5, "g");
        group(6, "h");
        store("a");
        say(next("g"), "+TERM");
        say(next("h"), "+TERM");
        f.advance(SECOND);
        f.comingBack = () -> define(6, "h", true); // the process ends before the removal was carried out
        f.crash();
        f.advance(SECOND);
        assertEquals(List.of("h"), letters().get(0).groups().stream().map(LetterGroup::name).toList());
        f.partition.run(p -> p.removeConsumer("h"));
        f.advance(SECOND);
        assertEquals(List.of(), letters().get(0).groups());
        f.comingBack = () -> { };
        f.crash();
        assertEquals(List.of("a"), payloads());
    }

    @Test
    void shouldLetALetterGoWithItsLastGroup() {
        group(5, "g");
        group(6, "h");
        store("a");
        say(next("g"), "+TERM");
        say(next("h"), "+TERM");
        f.advance(SECOND);
        long id = letters().get(0).id();
        assertTrue(on(() -> f.partition.letters().done(id, "g")));
        assertFalse(on(() -> f.partition.letters().done(id, "g")));
        f.advance(SECOND);
        f.crash();
        assertEquals(1, letters().size());
        assertTrue(on(() -> f.partition.letters().done(id, "h")));
        f.advance(SECOND);
        assertEquals(MessageRead.GONE, read(id));
        f.crash();
        assertEquals(List.of(), letters());
        assertEquals(List.of(), f.store.batches(LetterRules.partition(f.id)));
    }

    @Test
    void shouldDropWhatIsToBeDroppedAndGiveNoNumberTwice() {
        group(5, "g");
        store("a", "b", "c");
        useUp("g");
        List<Long> ids = letters().stream().map(Letter::id).toList();
        assertEquals(1, on(() -> f.partition.letters().remove(List.of(ids.get(1), 77L))));
        f.advance(SECOND);
        f.crash();
        assertEquals(List.of("a", "c"), payloads());
        assertEquals(2, on(() -> f.partition.letters().removeAll()));
        f.advance(SECOND);
        f.clock.now -= 100 * SECOND;
        f.crash();
        assertEquals(List.of(), letters());
        store("d");
        useUp("g");
        assertFalse(ids.contains(letters().get(0).id()));
    }

    @Test
    void shouldKeepWhatViolatesASchema() {
        List<String> stored = new ArrayList<>();
        assertTrue(on(() -> f.partition.letters().violation("s.final", new byte[0], "x".getBytes(StandardCharsets.UTF_8), "p",
            "not a number", () -> stored.add("x"))));
        f.advance(SECOND);
        assertEquals(List.of("x"), stored);
        f.crash();
        Letter letter = on(() -> f.partition.letters().newest(Letter.Kind.SCHEMA, Long.MAX_VALUE, 10)).get(0);
        assertEquals("not a number", letter.error());
        assertEquals("p", letter.producer());
        assertEquals(0, letter.sequence());
        assertEquals(1, figures().schema());
        assertEquals("x", new String(read(letter.id()).found().orElseThrow().payload(), StandardCharsets.UTF_8));
    }

    @Test
    void shouldKeepViolationsThatComeWhileTheDiskIsFullAndRefuseTooMany() {
        List<String> stored = new ArrayList<>();
        f.store.free(0);
        int[] taken = new int[1];
        for (int i = 0; i < 1_200; i++) {
            String producer = "p" + i % 10;
            taken[0] += on(() -> f.partition.letters().violation("s.final", new byte[0], new byte[] {'x'}, producer, "bad",
                () -> stored.add("x"))) ? 1 : 0;
            f.clock.now += SECOND / 20;
        }
        assertEquals(1_000, taken[0]);
        assertEquals(List.of(), stored);
        f.store.free(Long.MAX_VALUE);
        f.advance(3 * SECOND);
        f.advance(3 * SECOND);
        assertEquals(1_000, stored.size());
        assertEquals(1_000, figures().schema());
        assertEquals(200, figures().notKept());
    }

    private void fails(String producer, String payload) {
        byte[] subject = "s.final".getBytes(StandardCharsets.UTF_8);
        byte[] header = producer.isEmpty() ? new byte[0]
            : ("NATS/1.0\r\n$memphis_producedBy: " + producer + "\r\n\r\n").getBytes(StandardCharsets.UTF_8);
        byte[] body = payload.getBytes(StandardCharsets.UTF_8);
        byte[] all = java.util.Arrays.copyOf(subject, subject.length + header.length + body.length);
        System.arraycopy(header, 0, all, subject.length, header.length);
        System.arraycopy(body, 0, all, subject.length + header.length, body.length);
        PublishRequest request = new PublishRequest(all, 0, subject.length, 0, 0, subject.length, header.length, body.length);
        f.shard.execute(() -> f.partition.schemaFailure(request, "not a number"));
        f.settle();
    }

    private void keepFailures() {
        f.partition.run(p -> p.keepSchemaFailures(true));
        f.settle();
    }

    @Test
    void shouldKeepAPublishedMessageThatDoesNotFitItsSchemaIfSuchAreKept() {
        fails("p", "lost");
        f.advance(SECOND);
        assertEquals(0, figures().schema());
        keepFailures();
        fails("p", "bad");
        f.advance(SECOND);
        f.crash();
        Letter letter = on(() -> f.partition.letters().newest(Letter.Kind.SCHEMA, Long.MAX_VALUE, 10)).get(0);
        assertEquals("not a number", letter.error());
        assertEquals(0, letter.sequence());
        StoredMessage m = read(letter.id()).found().orElseThrow();
        assertEquals("bad", new String(m.payload(), StandardCharsets.UTF_8));
        assertEquals("s.final", m.subject());
        assertEquals("NATS/1.0\r\n$memphis_producedBy: p\r\n\r\n", new String(m.header(), StandardCharsets.UTF_8));
        assertEquals(1, figures().schema());
        assertEquals(0, figures().notKept());
    }

    @Test
    void shouldTakeOfOneProducerOnlyItsShareOfAMinute() {
        keepFailures();
        for (int i = 0; i < 2_000; i++) {
            fails("flood", "x");
        }
        fails("other", "y");
        fails("", "z");
        f.settle();
        f.advance(SECOND);
        assertEquals(302, figures().schema());
        assertEquals(1_700, figures().notKept());
        f.advance(60 * SECOND);
        fails("flood", "again");
        f.advance(SECOND);
        assertEquals(303, figures().schema());
    }

    @Test
    void shouldTakeOfAllProducersOnlySoManyOrSoMuchInAMinute() {
        keepFailures();
        for (int i = 0; i < 3_000; i++) {
            fails("p" + i, "x");
            if (i % 500 == 0) {
                f.advance(SECOND / 5);
            }
        }
        f.settle();
        f.advance(SECOND);
        assertEquals(1_200, figures().schema());
        assertEquals(1_800, figures().notKept());
        f.advance(60 * SECOND);
        String large = "x".repeat(1 << 20);
        for (int i = 0; i < 40; i++) {
            fails("p" + i % 10, large);
            f.advance(SECOND / 5);
        }
        f.advance(2 * SECOND);
        assertEquals(1_215, figures().schema(), "15 MiB and their headers");
    }

    @Test
    void shouldHoldOnlySoManyBytesOfFailuresWhileTheDiskIsFull() {
        keepFailures();
        f.store.free(0);
        String large = "x".repeat(1 << 20);
        for (int minute = 0; minute < 3; minute++) {
            for (int i = 0; i < 20; i++) {
                fails("p" + i, large);
            }
            f.advance(60 * SECOND);
        }
        assertEquals(44, figures().notKept());
        f.store.free(Long.MAX_VALUE);
        for (int i = 0; i < 20; i++) {
            f.advance(SECOND);
        }
        assertEquals(16, figures().schema() + figures().forRoom());
    }

    /** A client of which nothing fits does not push out what groups gave up. */
    @Test
    void shouldLeaveWhatGroupsGaveUpItsPartOfTheLog() {
        f.rules = new LetterRules(3, 1 << 20, 8);
        f.crash();
        group(5, "g");
        for (int i = 0; i < 7; i++) {
            store("given up " + i);
        }
        useUp("g");
        keepFailures();
        for (int i = 0; i < 20; i++) {
            fails("p", "bad " + i);
            f.advance(SECOND);
        }
        assertEquals(6, figures().unacked());
        assertEquals(2, figures().schema());
        assertEquals("given up 1", payloads().get(0), "only what was more than its part made room");
        assertEquals(19, figures().forRoom());
        f.rules = new LetterRules(3, 4_000, 1_000);
        f.crash();
        group(5, "g");
        keepFailures();
        fails("p", "x".repeat(600));
        fails("p", "y".repeat(600));
        f.settle();
        f.advance(SECOND);
        assertEquals(1, figures().schema(), "bytes count too");
        assertEquals(6, figures().unacked());
    }

    private void retry(RetryPolicy policy) {
        f.partition.run(p -> p.retryDeadLetters(policy));
        f.settle();
    }

    private List<Long> due(String group) {
        return on(() -> f.partition.letters().due(Set.of(group), f.clock.wallNanos(), 100)).stream().map(Letter::sequence).toList();
    }

    private Set<String> groupsDue() {
        return on(() -> f.partition.letters().due(f.clock.wallNanos()));
    }

    @Test
    void shouldHaveGroupsWaitForTheirNextAttemptWhileTheStationSaysSo() {
        group(5, "g");
        store("a", "b", "c");
        say(next("g"), "+TERM");
        f.advance(SECOND);
        retry(new RetryPolicy(List.of(60_000L), 2));
        say(next("g"), "+TERM");
        f.advance(SECOND);
        assertEquals(1, figures().toResend(), "what was there before is left to people");
        assertEquals(List.of(), due("g"));
        assertEquals(Set.of(), groupsDue());
        f.advance(30 * SECOND);
        say(next("g"), "+TERM");
        f.advance(SECOND);
        f.advance(29 * SECOND);
        assertEquals(Set.of("g"), groupsDue());
        assertEquals(List.of(2L), due("g"));
        assertEquals(List.of(), due("h"));
        f.crash(); // the process knows nothing of the policy until it is told
        assertEquals(List.of(2L), due("g"));
        f.advance(40 * SECOND);
        assertEquals(List.of(2L, 3L), due("g"));
        assertEquals(List.of(2L), on(() -> f.partition.letters().due(Set.of("g"), f.clock.wallNanos(), 1)).stream()
            .map(Letter::sequence).toList());
        retry(RetryPolicy.NONE);
        assertEquals(Set.of(), groupsDue());
        assertEquals(0, figures().toResend());
        f.advance(SECOND);
        f.crash();
        assertEquals(List.of(LetterGroup.Again.NO, LetterGroup.Again.NO, LetterGroup.Again.NO),
            letters().stream().map(l -> l.groups().get(0).again()).toList());
    }

    @Test
    void shouldKnowWhenTheNextAttemptIsAfterEachChange() {
        group(5, "g");
        retry(new RetryPolicy(List.of(60_000L), 2));
        store("a", "b");
        useUp("g");
        long first = letters().get(0).id();
        f.advance(60 * SECOND);
        assertEquals(List.of(1L, 2L), due("g"));
        on(() -> {
            Letter letter = f.partition.letters().get(first).orElseThrow();
            return f.partition.letters().replace(letter.with(letter.groups().get(0).dueAt(f.clock.wallNanos() + 100 * SECOND)));
        });
        assertEquals(List.of(2L), due("g"));
        long second = letters().get(1).id();
        assertEquals(1, on(() -> f.partition.letters().remove(List.of(second))));
        assertEquals(List.of(), due("g"));
        assertEquals(Set.of(), groupsDue(), "nobody looks at all letters for nothing");
        f.advance(101 * SECOND);
        assertEquals(List.of(1L), due("g"));
        assertTrue(on(() -> f.partition.letters().done(first, "g")));
        assertEquals(Set.of(), groupsDue());
    }

    @Test
    void shouldGoWithItsPartition() {
        group(5, "g");
        store("a");
        useUp("g");
        assertEquals(1, f.store.batches(LetterRules.partition(f.id)).size());
        f.shard.execute(() -> f.partition.remove(() -> { }));
        f.settle();
        assertEquals(List.of(), f.store.batches(LetterRules.partition(f.id)));
    }

    @Test
    void shouldStepAsideWhenALetterIsDamaged() throws StoreException {
        group(5, "g");
        store("a");
        useUp("g");
        long id = letters().get(0).id();
        f.store.write(List.of(new StoreChange.PutCursor(LetterRules.partition(f.id), id, new byte[] {1, 2, 3, 4, 5, 6})), true);
        f.crash();
        assertTrue(f.partition.fault().contains("dead letter " + id + " is damaged"), f.partition.fault());
    }

    @Test
    void shouldTellThatTheRecordOfALetterCannotBeRead() {
        group(5, "g");
        store("a");
        useUp("g");
        Letter letter = letters().get(0);
        f.store.corruptBatch(LetterRules.partition(f.id), letter.id());
        assertTrue(read(letter.id()) instanceof MessageRead.Unreadable);
        assertEquals(List.of("a"), f.payloads());
    }
}
