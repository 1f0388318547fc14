package org.memphisee.core.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

class LeadersTest {

    private final Leaders leaders = new Leaders("a");

    @Test
    void shouldNameTheLeaderOfThePartitionsGroup() {
        leaders.inGroup(7, 3);
        leaders.leads(3, "b");
        assertEquals("b", leaders.leader(7));
        assertFalse(leaders.here(7));
        leaders.leads(3, "a");
        assertTrue(leaders.here(7));
    }

    @Test
    void shouldNameTheNodeOfAPartitionThatIsAlone() {
        leaders.atNode(7, "a");
        assertEquals("a", leaders.leader(7));
        assertTrue(leaders.here(7));
    }

    @Test
    void shouldNameNobodyWhenNobodyIsKnown() {
        leaders.inGroup(7, 3);
        assertEquals("", leaders.leader(7));
        assertFalse(leaders.here(7));
        assertEquals("", leaders.leader(8));
        leaders.leads(3, "b");
        leaders.leads(3, "");
        assertEquals("", leaders.leader(7));
        leaders.leads(3, "b");
        leaders.removed(7);
        assertEquals("", leaders.leader(7));
    }

    @Test
    void shouldBeCertainWhileNobodyElseCanLead() {
        leaders.inGroup(7, 3);
        leaders.leads(3, "a");
        assertFalse(leaders.certain(7, 5, 5));
        leaders.leased(3, 4, 6);
        assertTrue(leaders.certain(7, 6, 6));
        assertFalse(leaders.certain(7, 5, 7));
        assertTrue(leaders.certain(7, 4, 7), "a majority has confirmed it since");
        assertFalse(leaders.certain(8, 4, 6), "of which nothing is known");
        leaders.atNode(8, "a");
        assertTrue(leaders.certain(8, 9, Long.MAX_VALUE));
    }

    @Test
    void shouldTellListenersOfWhatChangedAndNothingElse() {
        AtomicInteger told = new AtomicInteger();
        PartitionLeaders.Subscription subscription = leaders.whenChanged(told::incrementAndGet);
        leaders.inGroup(7, 3);
        leaders.leads(3, "b");
        assertEquals(2, told.get());
        leaders.inGroup(7, 3);
        leaders.leads(3, "b");
        assertEquals(2, told.get());
        subscription.close();
        leaders.leads(3, "");
        assertEquals(2, told.get());
    }
}
