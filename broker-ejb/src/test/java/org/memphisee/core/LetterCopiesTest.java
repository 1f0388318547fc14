package org.memphisee.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.memphisee.core.log.StoreException;
import org.memphisee.store.memory.MemoryLogStore;
import org.memphisee.support.Await;

/** Copies of many dead letters on their way into a dead-letter station: all, each once, in their order, whatever breaks. */
class LetterCopiesTest extends LetterFixture {

    /** More than are taken together. */
    private static final int MANY = 1_200;

    private void giveUpMany(String stream) {
        List<CompletableFuture<String>> stored = IntStream.range(0, MANY)
            .mapToObj(i -> client.ask(stream + ".final", "m" + i)).toList();
        stored.forEach(CoreClient::get);
        client.fetch(stream, "g", MANY).forEach(m -> client.publish(m.reply(), "", "+TERM"));
    }

    private void awaitCopies() {
        Await.until("each letter has its copy", () -> view("s").deadLetters().unacked() == MANY && !wanting());
    }

    private boolean wanting() {
        return broker.control().engine().registry().byName("s$1").orElseThrow().deadLetters().toCopy() > 0;
    }

    private void assertCopies() {
        assertEquals(MANY, view("dead").messages());
        join("dead", "r");
        Set<Integer> all = new TreeSet<>();
        for (String stream : List.of("dead$1", "dead$2")) {
            List<Integer> copies = client.fetch(stream, "r", (int) messages(stream)).stream()
                .map(m -> Integer.valueOf(m.payload().substring(1))).toList();
            assertFalse(copies.isEmpty(), "all partitions are used");
            assertEquals(copies.stream().sorted().toList(), copies, "each has them in their order");
            all.addAll(copies);
        }
        assertEquals(MANY, all.size());
    }

    private long messages(String stream) {
        return broker.control().engine().registry().byName(stream).orElseThrow().state().messages();
    }

    @Test
    void shouldCopyAllInTheirOrder() {
        station("dead", "");
        station("s", "dead");
        join("s", "g");
        giveUpMany("s$1");
        awaitCopies();
        assertCopies();
    }

    /** The power goes in one of the writes in which copies and what their letters know of them become durable. */
    @ParameterizedTest
    @EnumSource(MemoryLogStore.Moment.class)
    void shouldCopyEachOnceThoughThePowerGoes(MemoryLogStore.Moment moment) throws StoreException {
        int cuts = 0;
        for (int write = 1; write <= 6; write++) {
            station("dead", "");
            station("s", "dead");
            join("s", "g");
            giveUpMany("s$1");
            Await.until("all letters", () -> view("s").deadLetters().unacked() == MANY);
            cutPower(write, moment);
            Await.until("the power has gone", () -> powerCut() || !wanting());
            cuts += powerCut() ? 1 : 0;
            restart();
            awaitCopies();
            assertCopies();
            stop();
            clean();
            start();
        }
        assertTrue(cuts >= 3, cuts + " writes were cut");
    }
}
