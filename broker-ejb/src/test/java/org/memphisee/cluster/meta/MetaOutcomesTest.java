package org.memphisee.cluster.meta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.api.Author;
import org.memphisee.core.cluster.UndecidedException;
import org.memphisee.core.control.ChangeResult;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.UserEvent;
import org.memphisee.core.log.StoreException;

/** What somebody who asks is told, in one thread. */
class MetaOutcomesTest {

    private MetaStory story;
    private String leader;
    private String one;
    private String other;
    private final List<String> told = new ArrayList<>();

    @BeforeEach
    void begin() throws Exception {
        story = new MetaStory(3);
        story.converge();
        next();
    }

    private void next() {
        leader = story.life("a").meta.leader();
        List<String> others = MetaStory.NAMES.stream().filter(name -> !name.equals(leader)).toList();
        story.until(() -> story.life(leader).log.deciding() > 0);
        one = others.get(0);
        other = others.get(1);
    }

    private void ask(String node, String request) {
        story.life(node).ask(request, new MetaAnswer() {
            @Override
            public void answered(byte[] answer) {
                told.add(new String(answer, StandardCharsets.UTF_8));
            }

            @Override
            public void failed(UndecidedException why) {
                told.add(why.outcome() + ": " + why.getMessage());
            }
        });
    }

    private boolean there(String node, String station) {
        return story.life(node).definitions().station(station).isPresent();
    }

    @Test
    void shouldTellAtTheOldLeaderThatAChangeIsLostWhenANewOneBeganWithoutIt() {
        story.isolate(leader);
        ask(leader, "station lost");
        story.until(() -> story.life(one).meta.leader().matches(one + "|" + other));
        assertEquals(List.of(), told);
        story.calm();
        story.until(() -> !told.isEmpty());
        assertEquals(List.of("LOST: the change was not made: the nodes chose a leader that does not have it; ask again"), told);
        story.converge();
        assertFalse(there(leader, "lost"));
        ask(leader, "station lost");
        story.until(() -> told.size() == 2);
        assertEquals("made", told.get(1));
    }

    @Test
    void shouldHoldWhatIsAskedWhileThereIsNoLeaderAndBringItToTheNext() {
        story.kill(leader);
        story.until(() -> story.life(one).meta.leader().isEmpty());
        ask(one, "station held");
        ask(other, "user held");
        story.until(() -> told.size() == 2);
        assertEquals(List.of("made", "made"), told);
    }

    @Test
    void shouldTellForCertainWhatBecameOfAChangeWhoseLeaderDiedWithIt() {
        for (int steps = 0; steps < 24; steps += 2) { // in all stages of its way
            told.clear();
            String station = "certain" + steps;
            story.slowNetwork();
            ask(one, "station " + station);
            story.steps(steps);
            String first = leader;
            story.kill(first);
            story.until(() -> !told.isEmpty());
            assertTrue(told.get(0).equals("made") || told.get(0).startsWith("LOST") || told.get(0).startsWith("REFUSED"), told::toString);
            assertEquals(told.get(0).equals("made"), there(one, station));
            story.calm();
            story.start(first);
            story.converge();
            for (String name : MetaStory.NAMES) {
                assertEquals(told.get(0).equals("made"), there(name, station), name);
            }
            assertEquals(1, told.size());
            next();
        }
    }

    @Test
    void shouldRefuseAfterAWhileWhereThereIsNoMajority() {
        story.kill(leader);
        story.kill(one);
        ask(other, "station alone");
        story.until(() -> !told.isEmpty());
        assertTrue(told.get(0).startsWith("REFUSED") || told.get(0).startsWith("UNKNOWN"), told::toString);
        ask(other, "station later");
        story.until(() -> told.size() == 2);
        assertEquals("REFUSED: it was not done: no node leads the definitions. They can be changed when a majority of the nodes "
            + "is "
            + "linked; ask again then", told.get(1));
    }

    /** What the broker changes by itself. */
    private void change(String node, String user) {
        ControlEngine engine = story.life(node).engine;
        engine.resume(() -> engine.change(Author.BROKER, new UserEvent.UserCreated(engine.allocateId(), user,
            UserEvent.UserType.APPLICATION, "", Map.of(), 0, UserEvent.StationPatterns.NONE), new ChangeResult() {
                @Override
                public void effective() {
                    told.add("effective");
                }

                @Override
                public void failed(StoreException cause) {
                    told.add(((UndecidedException) cause).outcome() + ": " + cause.getMessage());
                }
            }));
    }

    @Test
    void shouldTellTheEngineOfALeaderThatIsCutOffThatItIsNotKnownAndFreezeNothing() {
        story.isolate(leader);
        change(leader, "own");
        story.until(() -> !told.isEmpty());
        assertEquals(List.of("UNKNOWN: it is not known whether the change was made: no majority of the nodes answered in time; look "
            + "before you ask again"), told);
        change(leader, "later");
        story.until(() -> told.size() == 2);
        assertTrue(told.get(1).startsWith("REFUSED: it was not done: no node leads the definitions."), told::toString);
        assertFalse(story.life(leader).engine.frozen());
        story.calm();
        story.converge();
        ask(leader, "user after");
        story.until(() -> told.size() == 3);
        assertEquals("made", told.get(2));
    }

    @Test
    void shouldBringToTheLeaderWhatTheEngineOfAnotherNodeDecides() {
        change(one, "own");
        story.until(() -> !told.isEmpty());
        assertEquals(List.of("effective"), told);
        story.converge();
        for (String name : MetaStory.NAMES) {
            assertTrue(story.life(name).definitions().user("own").isPresent(), name);
        }
    }

    @Test
    void shouldRefuseWhatIsTooLarge() {
        change(one, "u".repeat(8 << 20));
        story.until(() -> !told.isEmpty());
        assertTrue(told.get(0).contains(" bytes, and may take 8388608; make it smaller"), told.get(0));
        assertFalse(story.life(one).engine.frozen());
    }

    @Test
    void shouldMakeOneStationWhenAllNodesAreAskedForItAtTheSameTime() {
        for (String name : MetaStory.NAMES) {
            ask(name, "station same");
        }
        story.until(() -> told.size() == 3);
        assertEquals(List.of("made", "there is", "there is"), told.stream().sorted(Comparator.reverseOrder()).sorted(
            Comparator.comparing((String answer) -> !answer.equals("made"))).toList());
        story.converge();
    }

    @Test
    void shouldNeverGiveANumberTwiceWhenNodesMakeThingsAtTheSameTime() {
        for (int i = 0; i < 20; i++) {
            for (String name : MetaStory.NAMES) {
                ask(name, "station s" + i + name);
            }
            int asked = 3 * (i + 1);
            story.until(() -> told.size() == asked); // the journals of these nodes are small
        }
        story.converge();
        assertEquals(60, told.stream().filter("made"::equals).count(), told::toString);
        List<Long> ids = story.life(one).definitions().stations().map(station -> station.id()).toList();
        assertEquals(60, ids.stream().distinct().count());
    }

    @Test
    void shouldGiveANameToTheNextWhenTheNodeThatHasItDies() {
        ControlEngine engine = story.life(one).engine;
        engine.resume(() -> engine.lock("kept", lock -> told.add("has it")));
        story.until(() -> told.size() == 1);
        ask(other, "station kept");
        story.steps(40);
        assertEquals(1, told.size());
        story.kill(one);
        story.until(() -> told.size() == 2);
        assertEquals("made", told.get(1));
    }
}
