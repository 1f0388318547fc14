package org.memphisee.core.stations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.stations.Members.Member;

/** Who is there as a node sees it whose members are connected to others also; what it is told comes in any order. */
class MembersTest {

    private static final long STATION = 7;
    private static final long AWAY = 100;

    private final Members members = new Members();

    private static Member consumer(long id, String connection) {
        return new Member(id, false, "c" + id, STATION, "g", connection, "application", "root", "app", "go", 4);
    }

    private void registeredElsewhere(long id, String connection, long now) {
        members.eventOfCluster(new SystemEvent.MemberRegistered(id, false, "c" + id, STATION, "g", connection, "application", "root",
            "app", "go", 4, 0), now);
    }

    @Test
    void shouldTakeTheConnectionAndTheRegistrationInEitherOrder() {
        registeredElsewhere(1, "late", 0);
        assertFalse(members.active(STATION, "g"));
        members.connected("late");
        assertTrue(members.active(STATION, "g"));
        members.disconnected("late", 1);
        assertFalse(members.active(STATION, "g"));

        members.connected("early");
        registeredElsewhere(2, "early", 2);
        assertTrue(members.active(STATION, "g"));
        registeredElsewhere(2, "early", 2);
        assertEquals(2, members.all().size(), "nobody is there twice");
    }

    @Test
    void shouldNeedTheGroupOfWhoRegisteredElsewhereBeforeItsConnectionIsHeardOf() {
        registeredElsewhere(1, "new", 0);
        assertTrue(members.needed(STATION, "g"));
        members.connected("new");
        members.disconnected("new", 1);
        assertFalse(members.needed(STATION, "g"), "its node says that it went");
        registeredElsewhere(2, "new", 2); // it is back, and registers once more
        assertTrue(members.needed(STATION, "g"));
    }

    @Test
    void shouldNeedTheGroupOfWhoMayBeAtANodeThatIsNotHeardOf() {
        members.connected("one");
        registeredElsewhere(1, "one", 0);
        members.disconnected("one", 1);
        assertFalse(members.needed(STATION, "g") || members.uncertain(STATION, "g"));
        members.unheard(Set.of("n2"), 2);
        assertTrue(members.needed(STATION, "g") && members.uncertain(STATION, "g"));
        assertFalse(members.needed(STATION, "other"), "nobody is registered there");
        members.unheard(Set.of(), 3);
        assertFalse(members.needed(STATION, "g") || members.uncertain(STATION, "g"));
    }

    @Test
    void shouldNeedTheGroupOfWhoseNodeIsNotHeardOfAnyMore() {
        registeredElsewhere(1, "one", 0);
        members.connected("one");
        members.awaited("one", 1);
        assertFalse(members.active(STATION, "g"));
        assertTrue(members.needed(STATION, "g"));
        members.gone("one", 2);
        assertFalse(members.needed(STATION, "g"), "its node is heard of again, and does not have it");
        members.connected("one");
        members.gone("one", 2);
        assertTrue(members.active(STATION, "g"), "it is at another node");
        members.connected("one"); // at another node too
        members.awaited("one", 2);
        assertTrue(members.active(STATION, "g"));
    }

    @Test
    void shouldForgetNobodyWhileANodeIsNotHeardOfAndTakeTheWholeTimeAfterwards() {
        registeredElsewhere(1, "one", 0);
        members.unheard(Set.of("n2"), 0);
        assertEquals(List.of(), members.sweep(10 * AWAY, AWAY));
        members.unheard(Set.of("n1"), 10 * AWAY);
        assertEquals(List.of(), members.sweep(20 * AWAY, AWAY));
        members.unheard(Set.of(), 20 * AWAY);
        assertEquals(List.of(), members.sweep(21 * AWAY, AWAY));
        members.unheard(Set.of(), 21 * AWAY); // nothing new
        assertEquals(List.of(consumer(1, "one")), members.sweep(21 * AWAY + 1, AWAY));
    }

    @Test
    void shouldTellOfConnectionsThatItCountsAsThereThoughNobodyAnnouncedThem() {
        List<String> assumed = new ArrayList<>();
        members.whenAssumed(assumed::add);
        members.register(consumer(1, "plain"), false, 0);
        members.register(consumer(2, "plain"), false, 0);
        members.register(consumer(3, "sdk"), true, 0);
        assertEquals(List.of("plain"), assumed);
    }
}
