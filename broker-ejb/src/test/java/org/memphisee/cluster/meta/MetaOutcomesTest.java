package org.memphisee.cluster.meta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.api.Author;
import org.memphisee.core.cluster.UndecidedException;
import org.memphisee.core.control.ChangeResult;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.SystemEvent;
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
    void shouldSayUnknownWhenTheLeaderDiesWithARequestAndNeverSendItTwice() {
        story.slowNetwork();
        ask(one, "station unknown");
        story.steps(2);
        story.kill(leader);
        story.until(() -> !told.isEmpty());
        assertTrue(told.get(0).startsWith("UNKNOWN: it is not known whether it was done: the link to " + leader
            + ", which leads"), told::toString);
        story.until(() -> !story.life(one).meta.leader().isEmpty());
        story.steps(400);
        assertEquals(1, told.size());
        assertEquals(there(one, "unknown"), there(other, "unknown"));
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
        engine.resume(() -> engine.change(Author.BROKER, new SystemEvent.UserCreated(engine.allocateId(), user,
            SystemEvent.UserType.APPLICATION, "", Map.of(), 0, SystemEvent.StationPatterns.NONE), new ChangeResult() {
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
        assertTrue(told.get(1).startsWith("REFUSED: the change was not made: this node does not lead"), told::toString);
        assertFalse(story.life(leader).engine.frozen());
        story.calm();
        story.converge();
        ask(leader, "user after");
        story.until(() -> told.size() == 3);
        assertEquals("made", told.get(2));
    }

    @Test
    void shouldRefuseWhatTheEngineOfANodeDecidesThatDoesNotLead() {
        change(one, "own");
        story.until(() -> !told.isEmpty());
        assertTrue(told.get(0).startsWith("REFUSED: the change was not made: this node does not lead"), told::toString);
        assertFalse(story.life(one).engine.frozen());
    }

    @Test
    void shouldRefuseWhatIsTooLarge() {
        story.life(one).meta.ask(new byte[(8 << 20) + 1], new MetaAnswer() {
            @Override
            public void answered(byte[] answer) {
                told.add("answered");
            }

            @Override
            public void failed(UndecidedException why) {
                told.add(why.getMessage());
            }
        });
        story.until(() -> !told.isEmpty());
        assertEquals(List.of("it was not asked: it takes 8388609 bytes, and may take 8388608; make it smaller"), told);
    }
}
