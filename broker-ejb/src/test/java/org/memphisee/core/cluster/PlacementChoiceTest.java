package org.memphisee.core.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

class PlacementChoiceTest {

    private static final List<String> THREE = List.of("a", "b", "c");
    private static final List<String> FIVE = List.of("a", "b", "c", "d", "e");

    @Test
    void shouldMakeARingOfThreeGroupsThatEachNodePrefersToLeadOnce() {
        GroupMap groups = GroupMap.formed(THREE, "", 1, 10);
        assertEquals(THREE, groups.nodes());
        assertEquals(List.of(new GroupPlace(13, List.of("a", "b", "c")), new GroupPlace(14, List.of("b", "c", "a")),
            new GroupPlace(15, List.of("c", "a", "b"))), groups.of(3));
        assertEquals(List.of(), groups.of(5));
        assertEquals(6, groups.groups().size());
    }

    @Test
    void shouldMakeRingsOfFiveNodesForThreeAndForFiveCopies() {
        GroupMap groups = GroupMap.formed(FIVE, "", 2, 10);
        assertEquals(10, groups.of(3).size());
        assertEquals(10, groups.of(5).size());
        assertEquals(List.of("d", "e", "a"), groups.of(3).get(3).members());
        Set<Long> ids = new HashSet<>();
        groups.groups().forEach(group -> ids.add(group.id()));
        assertEquals(25, ids.size());
        for (String node : FIVE) {
            assertEquals(6, groups.of(3).stream().filter(group -> group.members().contains(node)).count());
            assertEquals(2, groups.of(3).stream().filter(group -> group.preferred().equals(node)).count());
        }
    }

    @Test
    void shouldTakeTheGroupsInTurnBehindTheLastOneUsed() {
        GroupMap groups = GroupMap.formed(THREE, "", 1, 10);
        List<Long> placed = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            placed.addAll(choice(groups, THREE).place(3, 1, placed).orElseThrow());
        }
        assertEquals(List.of(13L, 14L, 15L, 13L), placed);
    }

    @Test
    void shouldPutAllPartitionsOfAStationInOneGroup() {
        GroupMap groups = GroupMap.formed(THREE, "", 1, 10);
        assertEquals(Optional.of(List.of(14L, 14L, 14L, 14L)), choice(groups, THREE).place(3, 4, List.of(13L)));
    }

    @Test
    void shouldPutOneCopyOnTheLiveNodeWithTheFewestOfThem() {
        GroupMap groups = GroupMap.formed(THREE, "b", 1, 10);
        assertEquals(Optional.of(List.of(12L)), choice(groups, THREE).place(1, 1, List.of(10L, 11L, 13L, 14L)));
        assertEquals(Optional.of(List.of(10L)), choice(groups, List.of("a", "b")).place(1, 1, List.of(10L, 0L, 11L)),
            "what there was before the cluster is at the seed");
    }

    /** It may have died a moment ago, which its link shows a second later, or have no room. */
    @Test
    void shouldPutOneCopyOnANodeThatIsNotFitOnlyWhenNoneIs() {
        GroupMap groups = GroupMap.formed(THREE, "", 1, 10);
        List<Long> placed = List.of(10L, 10L, 12L);
        assertEquals(Optional.of(List.of(12L)), new PlacementChoice(groups, Set.copyOf(THREE), Set.of("a", "c")).place(1, 1, placed));
        assertEquals(Optional.of(List.of(11L)), new PlacementChoice(groups, Set.copyOf(THREE), Set.of()).place(1, 1, placed));
        assertEquals(Optional.of(List.of(13L)), new PlacementChoice(groups, Set.copyOf(THREE), Set.of("a")).place(3, 1, placed),
            "a majority goes on without it");
    }

    @Test
    void shouldPlaceNothingForWhichThereAreNotEnoughLiveNodes() {
        GroupMap groups = GroupMap.formed(THREE, "", 1, 10);
        assertEquals(Optional.empty(), choice(groups, List.of("a", "b")).place(3, 1, List.of()));
        assertEquals(Optional.empty(), choice(groups, THREE).place(5, 1, List.of()));
    }

    @Test
    void shouldPlaceEverythingHereOnANodeThatIsAlone() {
        PlacementChoice alone = choice(GroupMap.NONE, List.of("a"));
        assertEquals(Optional.of(List.of(0L, 0L)), alone.place(1, 2, List.of(0L)));
        assertEquals(Optional.empty(), alone.place(3, 1, List.of()));
        assertFalse(GroupMap.NONE.clustered());
        assertEquals(List.of(), GroupMap.NONE.members(0));
    }

    @Test
    void shouldMakeOneThreeOrFiveCopiesOfWhatIsAskedFor() {
        assertEquals(List.of(1, 1, 3, 3, 3, 5, 5), IntStream.range(0, 7).mapToObj(PlacementChoice::replicas).toList());
    }

    private static PlacementChoice choice(GroupMap groups, List<String> live) {
        return new PlacementChoice(groups, Set.copyOf(live), Set.copyOf(live));
    }
}
