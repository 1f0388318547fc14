package org.memphisee.cluster.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.memphisee.core.cluster.election.ElectionSettings;
import org.memphisee.core.cluster.journal.JournalEntry;
import org.memphisee.core.cluster.journal.JournalException;
import org.memphisee.core.cluster.journal.JournalGroup;
import org.memphisee.simulation.SimLinks;

/** Members that are away while the others' stores have everything: the journals keep what they lack, up to a limit. */
class LaggardTest {

    private static final long MILLIS = 1_000_000;
    private static final ReplicaSettings SETTINGS =
        new ReplicaSettings(ElectionSettings.DEFAULT, 200 * MILLIS, 2_000 * MILLIS, 1_000 * MILLIS);
    private static final List<String> NAMES = List.of("memphis-0", "memphis-1", "memphis-2");
    /** About a segment of the nodes' journals. */
    private static final int SEGMENT_OF_ENTRIES = 12;

    private final SimLinks<GroupMessage> links = new SimLinks<>(1);
    private final Map<String, ReplicaNode> nodes = new LinkedHashMap<>();
    /** Stands still; nobody when empty. */
    private String still = "";
    private final List<SimLinks.Flight<GroupMessage>> sockets = new ArrayList<>();
    private long now;
    private long number;

    @BeforeEach
    void start() throws JournalException {
        for (String name : NAMES) {
            ReplicaNode node = new ReplicaNode(name, NAMES, SETTINGS, 1);
            nodes.put(name, node);
            start(node);
        }
        pass(5_000);
        assertTrue(leader().replica.leading());
    }

    private void start(ReplicaNode node) throws JournalException {
        node.start(now, new GroupMachine() {
            @Override
            public byte[] opening(long term) {
                return Register.opening(term);
            }

            @Override
            public void apply(long index, long term, byte[] bytes, int offset, int length) {
                node.register.apply(index, bytes, offset, length);
            }

            @Override
            public void leads(long term) { }

            @Override
            public void follows() { }

            @Override
            public void behind() {
                node.behind = true;
            }
        }, (member, message) -> links.send(node.name, member, message, now));
    }

    private ReplicaNode leader() {
        return nodes.values().stream().filter(node -> node.alive && node.replica.leading()).findFirst().orElseThrow();
    }

    private void pass(long millis) {
        for (long end = now + millis * MILLIS; now < end;) {
            now += 5 * MILLIS;
            for (SimLinks.Flight<GroupMessage> flight : links.arrived(now)) {
                ReplicaNode node = nodes.get(flight.to());
                if (node.name.equals(still)) {
                    sockets.add(flight);
                } else if (node.alive) {
                    node.replica.received(flight.from(), flight.message(), node.clock(now));
                }
            }
            for (ReplicaNode node : nodes.values()) {
                if (node.alive && !node.name.equals(still)) {
                    node.replica.turn(node.clock(now));
                    node.journal.turn();
                    node.register.sync();
                    node.group.applied(node.register.synced());
                    node.journal.reclaim();
                }
            }
        }
    }

    private void write(int entries) {
        for (int i = 0; i < entries; i++) {
            assertTrue(leader().replica.propose(Register.put(++number, 1, 600), committed -> assertTrue(committed)));
            pass(40);
        }
    }

    /** A process stands still; its kernel goes on to take what comes. */
    private void standStill(String name) {
        still = name;
    }

    /** It goes on, and first reads what waits in its sockets. */
    private void goOn() {
        ReplicaNode node = nodes.get(still);
        still = "";
        sockets.forEach(flight -> node.replica.received(flight.from(), flight.message(), node.clock(now)));
        sockets.clear();
        links.heal();
    }

    /** Another group fills the journals of those that are there, with what their stores have at once. */
    private void fillJournals() throws JournalException {
        for (ReplicaNode node : nodes.values()) {
            if (node.name.equals(still)) {
                continue;
            }
            JournalGroup other = node.journal.group(2);
            other.begin(0, 0, 1, "");
            byte[] entry = new byte[600];
            for (long index = 1; index <= 8 * SEGMENT_OF_ENTRIES; index++) {
                other.append(List.of(new JournalEntry(index, 1, entry)));
                node.journal.turn();
                other.applied(index);
            }
        }
    }

    private void cut(String name) {
        NAMES.stream().filter(each -> !each.equals(name)).forEach(each -> {
            links.cut(name, each);
            links.cut(each, name);
        });
    }

    @Test
    void shouldKeepWhatAMemberThatIsAwayStillLacks() {
        ReplicaNode away = nodes.get("memphis-2");
        cut(away.name);
        write(3 * SEGMENT_OF_ENTRIES);
        assertTrue(leader().group.baseIndex() <= away.group.lastIndex(), () -> leader().group + " and " + away.group);
        links.heal();
        pass(5_000);
        assertFalse(away.behind);
        assertEquals(leader().register.values(), away.register.values());
    }

    @Test
    void shouldHaveAMemberRebuildWhenWhatItLacksIsDamagedInTheLeadersJournal() {
        ReplicaNode away = nodes.get("memphis-2");
        cut(away.name);
        write(2 * SEGMENT_OF_ENTRIES);
        ReplicaNode leader = leader();
        List<String> segments = leader.disk.list().stream().filter(name -> name.endsWith(".raft")).sorted().toList();
        for (String segment : segments.subList(0, segments.size() - 1)) {
            for (int at = 300; at < leader.disk.content(segment).length; at += 512) {
                leader.disk.flip(segment, at, 3); // in the bodies of entries, which are larger than a block
            }
        }
        links.heal();
        pass(3_000);
        assertTrue(away.behind, "nobody would ever bring it up");
        assertTrue(leader.replica.leading(), "it has what it needs itself");
    }

    @Test
    void shouldKeepItUnderTheNextLeaderToo() {
        ReplicaNode away = nodes.get("memphis-2");
        cut(away.name);
        write(2 * SEGMENT_OF_ENTRIES);
        ReplicaNode first = leader();
        first.replica.transfer(NAMES.get(first.name.equals("memphis-0") ? 1 : 0), first.clock(now));
        pass(1_000);
        assertFalse(first.replica.leading());
        write(SEGMENT_OF_ENTRIES);
        assertTrue(leader().group.baseIndex() <= away.group.lastIndex(), () -> leader().group + " and " + away.group);
        links.heal();
        pass(5_000);
        assertFalse(away.behind);
        assertEquals(leader().register.values(), away.register.values());
    }

    /**
     * A link ends when it was silent for a while; what was sent before lies in the sockets of a member that stands still, however long
     * it does. Then it lacks nothing that the journals of others would have had to keep.
     */
    @Test
    void shouldNotBeBehindInWhatWaitedInItsSockets() throws JournalException {
        ReplicaNode away = nodes.get("memphis-2");
        standStill(away.name);
        write(1);
        cut(away.name);
        pass(20_000);
        fillJournals();
        assertTrue(leader().group.baseIndex() > away.group.lastIndex(), () -> leader().group + " and " + away.group);
        goOn();
        pass(5_000);
        assertFalse(away.behind);
        assertEquals(leader().register.values(), away.register.values());
    }

    @Test
    void shouldBeBehindInOneEntryThatDidNotReachItsSockets() throws JournalException {
        ReplicaNode away = nodes.get("memphis-2");
        standStill(away.name);
        cut(away.name);
        pass(2_000);
        write(1);
        pass(20_000);
        assertTrue(leader().group.baseIndex() <= away.group.lastIndex(), "kept for it while there is room");
        fillJournals();
        assertTrue(leader().group.baseIndex() > away.group.lastIndex(), () -> leader().group + " and " + away.group);
        goOn();
        pass(5_000);
        assertTrue(away.behind);
    }

    @Test
    void shouldLetGoWhatAllHave() {
        write(4 * SEGMENT_OF_ENTRIES);
        pass(1_000);
        for (ReplicaNode node : nodes.values()) {
            assertTrue(node.group.baseIndex() > node.group.lastIndex() - 2 * SEGMENT_OF_ENTRIES, node.group::toString);
        }
    }

    @Test
    void shouldSayThatItIsBehindToAMemberThatWasAwayForMoreThanTheJournalTakes() {
        ReplicaNode away = nodes.get("memphis-2");
        cut(away.name);
        write(8 * SEGMENT_OF_ENTRIES);
        assertTrue(leader().group.baseIndex() > away.group.lastIndex());
        links.heal();
        pass(5_000);
        assertTrue(away.behind);
        write(SEGMENT_OF_ENTRIES); // the others go on
    }
}
