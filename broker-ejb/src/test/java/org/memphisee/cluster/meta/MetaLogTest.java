package org.memphisee.cluster.meta;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.cluster.UndecidedException;
import org.memphisee.core.cluster.UndecidedException.Outcome;
import org.memphisee.core.log.SideLog;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.SystemEventStore;
import org.memphisee.core.log.SystemLog;

class MetaLogTest {

    private final List<String> told = new ArrayList<>();
    private final ArrayDeque<Runnable> loop = new ArrayDeque<>();
    private final ArrayDeque<SystemLog.Outcome> puts = new ArrayDeque<>();
    private final ArrayDeque<MetaGroup.Ending> endings = new ArrayDeque<>();
    private final MetaLog log = new MetaLog(new Store(), loop::add);

    private final class Store implements SystemEventStore {
        @Override
        public void put(long first, List<Stored> events, StoreChange position, SystemLog.Outcome outcome) {
            told.add("put " + first + " " + events.stream().map(each -> text(each.event())).toList());
            puts.add(outcome);
        }

        @Override
        public void snapshot(long index, byte[] snapshot, long keepFrom) {
            told.add("snapshot " + index);
        }

        @Override
        public void begin(long index, byte[] snapshot, StoreChange position, SystemLog.Outcome outcome) {
            throw new AssertionError();
        }
    }

    @BeforeEach
    void begin() {
        log.begin(10, new MetaLog.Proposer() {
            @Override
            public void propose(long term, long index, byte[] event, MetaGroup.Ending ending) {
                told.add("propose " + text(event) + " as " + index + " in " + term);
                endings.add(ending);
            }

            @Override
            public void stored(long entry) {
                told.add("stored entry " + entry);
            }

            @Override
            public void full() {
                told.add("full");
            }

            @Override
            public void broken(StoreException cause) {
                told.add("broken: " + cause.getMessage());
            }
        });
        log.follow(new SystemLog.Follower() {
            @Override
            public SystemEventStore.Stored kept(byte[] event) {
                if (text(event).equals("newer")) {
                    throw new IllegalStateException("newer is unknown");
                }
                return new SystemEventStore.Stored(event, SideLog.AUDIT, 5);
            }

            @Override
            public void followed(long index, byte[] event) {
                told.add("followed " + index + " " + text(event));
            }
        });
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static List<byte[]> events(String... texts) {
        return Arrays.stream(texts).map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
    }

    private long append(String text) {
        return log.append(text.getBytes(StandardCharsets.UTF_8), SideLog.AUDIT, 5, new SystemLog.Outcome() {
            @Override
            public void durable() {
                told.add("durable " + text);
            }

            @Override
            public void failed(StoreException cause) {
                told.add(text + " " + ((UndecidedException) cause).outcome());
            }
        });
    }

    private void run() {
        while (!loop.isEmpty()) {
            loop.poll().run();
        }
    }

    private List<String> told() {
        run();
        List<String> all = List.copyOf(told);
        told.clear();
        return all;
    }

    @Test
    void shouldRefuseWhatIsAppendedWhereTheDefinitionsAreNotLed() {
        append("one");
        assertEquals(List.of("one REFUSED"), told());
        log.leads(3, 12); // and two events are not folded here
        append("two");
        assertEquals(List.of("two REFUSED"), told());
    }

    @Test
    void shouldTellWhatItAppendedWhenItsStoreHasItAndOthersInBetween() {
        log.committed(4, 1, 11, events("other"), Arrays.asList((MetaGroup.Ending) null));
        log.leads(3, 11);
        assertEquals(0, log.deciding());
        puts.poll().durable();
        assertEquals(3, log.deciding());
        assertEquals(List.of("put 11 [other]", "followed 11 other", "stored entry 4"), told());
        assertEquals(12, append("one"));
        assertEquals(13, append("two"));
        log.committed(6, 1, 12, events("one", "two"), List.of(endings.poll(), endings.poll()));
        log.whenFolded(13, () -> told.add("seen"), why -> told.add("not seen: " + why));
        assertEquals(11, log.folded());
        puts.poll().durable();
        assertEquals(List.of("propose one as 12 in 3", "propose two as 13 in 3", "put 12 [one, two]", "durable one",
            "durable two",
            "stored entry 6", "seen"), told());
        assertEquals(14, append("three"));
    }

    @Test
    void shouldTryAgainWhatTheStoreHasNoRoomForAndFoldNothingBeforeIt() {
        log.committed(4, 1, 11, events("a"), Arrays.asList((MetaGroup.Ending) null));
        log.committed(5, 1, 12, events("b"), Arrays.asList((MetaGroup.Ending) null));
        puts.poll().failed(new StoreException("full", null, true));
        assertEquals(List.of("put 11 [a]", "full"), told());
        log.again();
        puts.poll().durable();
        puts.poll().durable();
        log.again();
        assertEquals(List.of("put 11 [a]", "followed 11 a", "stored entry 4", "put 12 [b]", "followed 12 b", "stored entry 5"),
            told());
    }

    @Test
    void shouldStopFoldingWhenTheStoreFailsAndSayThatNobodyKnows() {
        log.leads(3, 10);
        append("one");
        log.committed(4, 1, 11, events("one"), List.of(endings.poll()));
        puts.poll().failed(new StoreException("the disk is gone", null, false));
        assertEquals(List.of("propose one as 11 in 3", "put 11 [one]", "broken: the disk is gone", "one UNKNOWN"), told());
        assertEquals(0, log.deciding());
        assertEquals(10, log.folded());
        log.committed(5, 1, 12, events("two"), Arrays.asList((MetaGroup.Ending) null));
        assertEquals(List.of(), told());
    }

    @Test
    void shouldStopBeforeAnEventThatThisReleaseDoesNotKnow() {
        log.committed(4, 1, 11, events("newer"), Arrays.asList((MetaGroup.Ending) null));
        assertEquals(List.of("broken: definitions are not followed any more: newer is unknown. Start this node with the release "
            + "of "
            + "the others"), told());
    }

    @Test
    void shouldPromiseANumberAgainWhenTheOneWhoHadItFailed() {
        log.leads(3, 10);
        append("one");
        append("two");
        endings.poll().failed(new UndecidedException(Outcome.LOST, "lost"));
        endings.poll().failed(new UndecidedException(Outcome.REFUSED, "refused"));
        run();
        append("three");
        assertEquals(List.of("propose one as 11 in 3", "propose two as 12 in 3", "one LOST", "two REFUSED",
            "propose three as 11 in 3"),
            told());
        log.follows();
        append("four");
        assertEquals(List.of("four REFUSED"), told());
    }

    private static UndecidedException unknown() {
        return new UndecidedException(Outcome.UNKNOWN, "not in time");
    }

    @Test
    void shouldNotBeQuietBeforeItIsKnownWhatBecameOfOneThatTookTooLong() {
        log.leads(3, 10);
        append("one");
        MetaGroup.Ending one = endings.poll();
        log.whenQuiet(() -> told.add("quiet"));
        one.late(unknown());
        assertEquals(List.of("propose one as 11 in 3", "one UNKNOWN"), told());
        log.whenQuiet(() -> told.add("quiet too"));
        append("two");
        assertEquals(List.of("propose two as 11 in 3"), told(), "in the place of the first, so that the group refuses it");
        endings.poll().failed(new UndecidedException(Outcome.REFUSED, "it has another place"));
        assertEquals(List.of("two REFUSED"), told());
        log.committed(5, 3, 11, events("one"), List.of(one));
        puts.poll().durable();
        assertEquals(List.of("put 11 [one]", "followed 11 one", "quiet", "quiet too", "stored entry 5"), told());
        append("three");
        assertEquals(List.of("propose three as 12 in 3"), told());
    }

    @Test
    void shouldBeQuietWhenOneThatTookTooLongIsLost() {
        log.leads(3, 10);
        append("one");
        MetaGroup.Ending one = endings.poll();
        one.late(unknown());
        assertEquals(List.of("propose one as 11 in 3", "one UNKNOWN"), told());
        log.whenQuiet(() -> told.add("quiet"));
        one.failed(new UndecidedException(Outcome.LOST, "another leader began without it"));
        assertEquals(List.of("quiet"), told());
        append("two");
        assertEquals(List.of("propose two as 11 in 3"), told());
    }
}
