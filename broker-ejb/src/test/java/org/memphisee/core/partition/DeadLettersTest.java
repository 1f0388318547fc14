package org.memphisee.core.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.memphisee.core.letters.Letter;
import org.memphisee.core.letters.LetterGroup;
import org.memphisee.core.letters.LetterRules;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.partition.log.MessageRead;
import org.memphisee.core.partition.log.StoredMessage;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.store.memory.MemoryLogStore;

/** What groups give up is kept in the dead-letter log of the partition, and let go of in the same write. */
class DeadLettersTest extends DeadLettersFixture {

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
    void shouldKeepTheReasonThatComesWhileTheLetterIsWritten() {
        group(5, "g");
        store("a");
        say(next("g"), "+TERM");
        f.clock.now += SECOND;
        for (int i = 0; i < 5; i++) {
            f.shard.turn(); // the writer has it, and does nothing yet
        }
        assertEquals(0, f.partition.deadLetters().letters());
        boolean[] known = new boolean[1];
        f.partition.run(p -> known[0] = p.gaveUp("g", 1, "while it is written"));
        f.shard.turn();
        assertTrue(known[0]);
        f.advance(SECOND);
        assertEquals("while it is written", letters().get(0).groups().get(0).reason());
        f.advance(SECOND); // with the next write it is stored so
        f.crash();
        assertEquals("while it is written", letters().get(0).groups().get(0).reason());
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

    /** The interval is waited for once: at 1,000 letters in each, moving them would take ten times as long as storing them. */
    @Test
    void shouldHaveTheNextWriteFollowWhileThereIsMore() {
        group(5, "g");
        for (int i = 0; i < 2_500; i++) {
            f.publish("s.final", "m" + i);
        }
        f.settle();
        ask("g", 2_500);
        f.settle();
        List<String> given = List.copyOf(f.deliveries());
        assertEquals(2_500, given.size());
        int[] writes = {0};
        f.written = changes -> writes[0]++;
        given.forEach(subject -> send(subject, "+TERM"));
        f.settle();
        f.advance(SECOND / 10);
        assertEquals(2_500, figures().unacked());
        assertEquals(3, writes[0], "many go with one write");
        assertEquals(0, info("g").numAckPending());
    }

    /** Letters that are wanted together were stored together: their record is read once. */
    @Test
    void shouldReadARecordOnceForAllThatAskForItTogether() {
        group(5, "g");
        store("a", "b", "c");
        useUp("g");
        List<Long> ids = letters().stream().map(Letter::id).toList();
        List<MessageRead> read = new ArrayList<>();
        f.partition.run(p -> ids.forEach(id -> p.letters().read(id, read::add)));
        f.settleWithoutReading();
        assertEquals(1, f.waitingReads());
        f.settle();
        assertEquals(List.of("a", "b", "c"), read.stream()
            .map(r -> new String(r.found().orElseThrow().payload(), StandardCharsets.UTF_8)).toList());
        f.partition.run(p -> ids.forEach(id -> p.letters().read(id, read::add)));
        f.settle();
        assertEquals(6, read.size(), "and again for those who ask later");
    }

    @Test
    void shouldKnowWhichLettersLackACopyInTheOrderOfTheirNumbers() {
        group(5, "g");
        group(6, "h");
        f.partition.run(p -> p.letters().copies(true));
        store("aaaa", "bbbb", "cccc");
        useUp("g");
        List<Long> ids = letters().stream().map(Letter::id).toList();
        assertEquals(ids, toCopy(0, 10, 100));
        assertEquals(ids.subList(0, 2), toCopy(0, 2, 100));
        assertEquals(ids.subList(0, 2), toCopy(0, 10, 11));
        assertEquals(ids.subList(0, 1), toCopy(0, 10, 1), "one is always given");
        assertEquals(ids.subList(1, 3), toCopy(ids.get(0), 10, 100));
        copied(ids.get(1), "g");
        assertEquals(List.of(ids.get(0), ids.get(2)), toCopy(0, 10, 100));
        f.crash();
        assertEquals(List.of(ids.get(0), ids.get(2)), toCopy(0, 10, 100));
        f.partition.run(p -> p.letters().copies(true));
        useUp("h");
        assertEquals(ids, toCopy(0, 10, 100));
        copied(ids.get(0), "g");
        assertEquals(List.of(ids.get(0)), toCopy(0, 1, 100), "the copy of the other group is missing");
        assertEquals(1, on(() -> f.partition.letters().remove(List.of(ids.get(0)))));
        assertEquals(List.of(ids.get(2)), toCopy(ids.get(1), 10, 100));
    }

    private List<Long> toCopy(long above, int most, long bytes) {
        return on(() -> f.partition.letters().toCopy(above, most, bytes)).stream().map(Letter::id).toList();
    }

    private void copied(long id, String group) {
        assertTrue(on(() -> {
            Letter letter = f.partition.letters().get(id).orElseThrow();
            return f.partition.letters().replace(letter.with(letter.group(group).orElseThrow().withCopy()));
        }));
        f.advance(SECOND);
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
