package org.memphisee.cluster.meta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.junit.jupiter.api.Test;

import org.memphisee.core.cluster.journal.JournalException;
import org.memphisee.core.cluster.journal.Standing;
import org.memphisee.core.control.ClusterEvent;
import org.memphisee.core.control.SampleEvents;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.control.format.SystemEventCodec;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.store.memory.MemoryLogStore;

class FormationTest {

    private static final int SEEDS = 30;

    private static final List<SystemEvent> DEFINED_ALONE = SampleEvents.all().stream()
        .filter(event -> !(event instanceof ClusterEvent.ReplicationGroupsFormed)).toList();

    /** The store of a broker that was alone. */
    private static MemoryLogStore alone() throws StoreException {
        return with(DEFINED_ALONE);
    }

    private static MemoryLogStore with(List<SystemEvent> events) throws StoreException {
        MemoryLogStore store = new MemoryLogStore(MemoryLogStore.Disk.FORGETS);
        List<StoreChange> changes = new ArrayList<>();
        long index = 0;
        for (SystemEvent event : events) {
            changes.add(new StoreChange.PutSystemEvent(++index, SystemEventCodec.encode(event)));
        }
        store.write(changes, true);
        return store;
    }

    @Test
    void shouldTakeTheDefinitionsOfTheOneNodeThatHasSome() throws Exception {
        MetaStory story = new MetaStory(1, Map.of("b", alone()));
        story.converge();
        assertEquals(story.definitions("b"), story.definitions("a"));
        assertEquals(story.definitions("b"), story.definitions("c"));
        assertTrue(story.life("a").definitions().station("my.station-1").isPresent());
        assertEquals(DEFINED_ALONE.size(), story.life("c").log.folded());
    }

    @Test
    void shouldFormNothingWithTheLogOfAnotherCluster() throws Exception {
        MetaStory story = new MetaStory(1, Map.of("b", with(SampleEvents.all())));
        story.steps(400);
        assertTrue(last(story.life("b").reports).contains("the log of this node is of a cluster"), story.life("b").reports::toString);
        assertFalse(formed(story));
        assertTrue(MetaLife.seed(story.store("b")).index() > 0);
    }

    @Test
    void shouldSayWhoHasDefinitionsWhenMoreThanOneNodeDoesAndFormNothing() throws Exception {
        MetaStory story = new MetaStory(1, Map.of("b", alone(), "c", alone()));
        story.steps(400);
        for (String name : MetaStory.NAMES) {
            assertEquals("waits: more than one node has definitions of its own: b, c. One may; start the others with empty data "
                + "directories", last(story.life(name).reports));
            assertFalse(story.life(name).serving);
        }
    }

    @Test
    void shouldRebuildANodeThatCameBackWithNothing() throws Exception {
        MetaStory story = new MetaStory(1);
        story.converge();
        story.loseDisk("b");
        story.converge();
        assertTrue(story.life("b").reports.contains("waits: this node takes the definitions from the others"));
        assertEquals(story.definitions("a"), story.definitions("b"));
        assertTrue(story.life("b").serving);
        assertEquals(story.life("b").log.folded(), story.life("b").formation.rebuiltUpTo());
        assertEquals(0, story.life("a").formation.rebuiltUpTo());
    }

    @Test
    void shouldNotLetANodeVoteThatCameBackWithNothing() throws Exception {
        MetaStory story = new MetaStory(1);
        story.converge();
        story.kill("c");
        story.loseDisk("b");
        story.steps(1_000);
        assertFalse(story.life("b").serving);
        assertEquals("", story.life("b").meta.leader());
        assertEquals("", story.life("a").meta.leader(), "one of three leads with the vote of nobody");
        story.start("c");
        story.converge();
    }

    @Test
    void shouldTakeNothingFromALeaderThatMayHaveItsLeadershipFromTheNodeThatLostItsDisk() throws Exception {
        MetaStory story = new MetaStory(1);
        story.converge();
        long before = story.life("a").journal.group(MetaGroup.META).term();
        story.loseDisk("b");
        story.converge();
        assertTrue(story.life("a").journal.group(MetaGroup.META).term() > before);
    }

    @Test
    void shouldKeepTheDefinitionsOfANodeThatHasNoJournalOfTheCluster() throws Exception {
        MetaStory story = new MetaStory(1);
        story.converge();
        story.loseDisk("b", alone());
        story.steps(400);
        assertTrue(last(story.life("b").reports).contains("nothing is removed that may be needed"), story.life("b").reports::toString);
        assertTrue(MetaLife.seed(story.store("b")).index() > 0);
        assertFalse(story.life("b").serving);
    }

    @Test
    void shouldRebuildANodeThatWasAwayForMoreThanTheJournalsKeep() throws Exception {
        MetaStory story = new MetaStory(1);
        story.converge();
        story.isolate("b");
        for (int i = 0; i < 400; i++) {
            story.ask("a");
            story.steps(4);
        }
        story.calm();
        story.converge();
        assertEquals(1, story.counts().get("behind"));
        assertEquals(story.definitions("a"), story.definitions("b"));
        assertEquals(0, story.life("b").formation.rebuiltUpTo(), "it lost nothing");
    }

    private static Standing identity(MetaStory story, String name) {
        try {
            return story.life(name).journal.group(Formation.IDENTITY).standing();
        } catch (JournalException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean formed(MetaStory story) {
        return MetaStory.NAMES.stream().map(story::life).filter(Objects::nonNull).flatMap(life -> life.reports.stream())
            .anyMatch(said -> said.startsWith("formed"));
    }

    @Test
    void shouldNotBeFormedBeforeTheLastOneHasTheBeginning() throws Exception {
        MetaStory story = new MetaStory(1, Map.of("b", alone()));
        story.slowNetwork();
        story.until(() -> identity(story, "b") == Standing.COMPLETE, 1);
        story.freeze("c", 1_000);
        story.steps(180);
        assertEquals(Standing.COMPLETE, identity(story, "a"));
        assertFalse(formed(story));
        story.calm();
        story.converge();
        assertTrue(formed(story));
        assertEquals(story.definitions("b"), story.definitions("c"));
    }

    @Test
    void shouldBeginAgainWithANodeThatDiedBeforeItWasReady() throws Exception {
        MetaStory story = new MetaStory(1, Map.of("b", alone()));
        story.slowNetwork();
        story.until(() -> identity(story, "b") == Standing.COMPLETE, 1);
        story.kill("c");
        story.steps(400);
        assertFalse(formed(story));
        assertEquals("waits: the cluster is formed when all of its nodes are there; missing: c", last(story.life("a").reports));
        story.start("c");
        story.converge();
        assertEquals(story.definitions("b"), story.definitions("c"));
    }

    @Test
    void shouldFormOneClusterWhoeverDiesMeanwhile() {
        long first = Long.getLong("memphisee.seed", 1);
        int seeds = Integer.getInteger("memphisee.seeds", SEEDS);
        for (long seed = first; seed < first + seeds; seed++) {
            try {
                new MetaStory(seed, seed % 2 == 0 ? Map.of() : Map.of(MetaStory.NAMES.get((int) (seed % 3)), alone()))
                    .runFormation();
            } catch (Exception | AssertionError e) {
                throw new AssertionError("seed " + seed + ", again with -Dmemphisee.seeds=1 -Dmemphisee.seed=" + seed + ": "
                    + e.getMessage(), e);
            }
        }
    }

    private static String last(List<String> said) {
        return said.isEmpty() ? "" : said.get(said.size() - 1);
    }
}
