package org.memphisee.core.append;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;

import org.memphisee.stress.Races;

class IntakeTest {

    private static final class Item extends Intake.Linked<Item> {
        private final String name;

        private Item(String name) {
            this.name = name;
        }
    }

    private static List<String> names(Item first) {
        List<String> names = new ArrayList<>();
        for (Item item = first; item != null; item = item.next()) {
            names.add(item.name);
        }
        return names;
    }

    @Test
    void shouldGiveWhatWasAddedInThatOrderOnce() {
        Intake<Item> intake = new Intake<>();
        assertTrue(intake.isEmpty());
        assertNull(intake.takeAll());
        intake.add(new Item("a"));
        intake.add(new Item("b"));
        intake.add(new Item("c"));
        assertFalse(intake.isEmpty());
        assertEquals(List.of("a", "b", "c"), names(intake.takeAll()));
        assertTrue(intake.isEmpty());
        intake.add(new Item("d"));
        assertEquals(List.of("d"), names(intake.takeAll()));
        assertNull(intake.takeAll());
    }

    /** Two threads add two each while a third takes. */
    private static final class Round implements Races.Round {
        private final Intake<Item> intake = new Intake<>();
        private final List<String> taken = new ArrayList<>();

        @Override
        public List<Runnable> actors() {
            return List.of(() -> {
                intake.add(new Item("a1"));
                intake.add(new Item("a2"));
            }, () -> {
                intake.add(new Item("b1"));
                intake.add(new Item("b2"));
            }, () -> taken.addAll(names(intake.takeAll())));
        }

        @Override
        public String outcome() {
            taken.addAll(names(intake.takeAll()));
            return String.join(" ", taken);
        }
    }

    /**
     * Each add replaces exactly the head that it linked to, or tries again: nothing is lost and nothing comes twice. One
     * thread's second item is linked above its first, or added after that one was taken, so it comes later; items of two
     * threads may come in any order. That leaves the six ways to mix two pairs.
     */
    @Test
    void shouldLoseNothingAndKeepTheOrderOfEachThreadWhenSeveralAddAndOneTakes() throws InterruptedException {
        Map<String, Long> outcomes = Races.count(Round::new);
        Set<String> forbidden = new TreeSet<>(outcomes.keySet());
        forbidden.removeAll(Set.of("a1 a2 b1 b2", "a1 b1 a2 b2", "a1 b1 b2 a2", "b1 a1 a2 b2", "b1 a1 b2 a2", "b1 b2 a1 a2"));
        assertEquals(Set.of(), forbidden, outcomes.toString());
    }
}
