package org.memphisee.cluster.meta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.memphisee.cluster.meta.MetaRequest.By;

class NamesTest {

    private final Names names = new Names();
    private final List<String> given = new ArrayList<>();

    private static By by(String node, long number) {
        return new By(node, 1, number);
    }

    private void claim(By by, String name) {
        names.claim(by, name, () -> given.add(by.node() + by.number() + " " + name));
    }

    @Test
    void shouldGiveANameToOneAtATimeInTheirOrder() {
        claim(by("a", 1), "x");
        claim(by("b", 1), "x");
        claim(by("c", 1), "y");
        assertEquals(List.of("a1 x", "c1 y"), given);
        assertNull(names.has(by("b", 1)));
        names.release(by("a", 1));
        assertEquals(List.of("a1 x", "c1 y", "b1 x"), given);
        assertNotNull(names.has(by("b", 1)));
        assertNull(names.has(by("a", 1)));
    }

    @Test
    void shouldNotGiveAnybodyANameUnderWhichSomethingIsBeingAppended() {
        claim(by("a", 1), "x");
        claim(by("b", 1), "x");
        Names.Has has = names.has(by("a", 1));
        has.began();
        names.left("a");
        assertNull(names.has(by("a", 1)));
        assertEquals(List.of("a1 x"), given);
        has.ended();
        assertEquals(List.of("a1 x", "b1 x"), given);
    }

    @Test
    void shouldGiveNothingToWhoIsGone() {
        claim(by("a", 1), "x");
        claim(by("b", 1), "x");
        claim(by("b", 2), "x");
        claim(by("c", 1), "x");
        names.left("b");
        names.release(by("a", 1));
        assertEquals(List.of("a1 x", "c1 x"), given);
    }

    @Test
    void shouldForgetEverythingOfAnEarlierLeadership() {
        claim(by("a", 1), "x");
        Names.Has has = names.has(by("a", 1));
        has.began();
        names.clear();
        claim(by("b", 1), "x");
        names.release(by("a", 1));
        has.ended();
        assertEquals(List.of("a1 x", "b1 x"), given);
        assertNotNull(names.has(by("b", 1)));
    }

    @Test
    void shouldTakeAClaimOnce() {
        claim(by("a", 1), "x");
        claim(by("a", 1), "x");
        names.release(by("a", 1));
        claim(by("b", 1), "x");
        assertEquals(List.of("a1 x", "b1 x"), given);
    }
}
