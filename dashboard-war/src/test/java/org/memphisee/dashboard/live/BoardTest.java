package org.memphisee.dashboard.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Test;

final class BoardTest {

    private final Board board = new Board();

    private static String row(String key, long value) {
        return "{\"key\":\"" + key + "\",\"value\":" + value + "}";
    }

    @Test
    void shouldGiveEverythingToWhomHasSeenNothing() {
        board.update(1, Map.of("a", row("a", 1)));
        assertEquals(new Board.Update(true, "{\"rows\":[" + row("a", 1) + "],\"gone\":[]}"),
            board.since(Board.NOTHING).orElseThrow());
    }

    @Test
    void shouldGiveAnEmptySnapshotOfNothing() {
        board.update(1, Map.of());
        assertEquals(new Board.Update(true, "{\"rows\":[],\"gone\":[]}"), board.since(Board.NOTHING).orElseThrow());
    }

    @Test
    void shouldGiveOnlyWhatChanged() {
        board.update(1, Map.of("a", row("a", 1), "b", row("b", 1), "c", row("c", 1)));
        board.update(2, Map.of("a", row("a", 1), "b", row("b", 2)));
        assertEquals(new Board.Update(false, "{\"rows\":[" + row("b", 2) + "],\"gone\":[\"c\"]}"),
            board.since(1).orElseThrow());
        assertTrue(board.since(2).isEmpty());
    }

    @Test
    void shouldGiveASnapshotToWhoMissedTooMuch() {
        board.update(1, Map.of("a", row("a", 1)));
        board.update(2 + Board.REMEMBERED, Map.of("a", row("a", 1)));
        assertTrue(board.since(1).orElseThrow().snapshot());
    }

    /** Viewers that look at different times always end with the same rows as the board. */
    @Test
    void shouldBringEveryViewerToTheSameState() throws Exception {
        Random random = new Random(42);
        Map<String, String> truth = new LinkedHashMap<>();
        Map<String, String>[] views = views(5);
        long[] seen = new long[views.length];
        ObjectMapper mapper = new ObjectMapper();
        for (long sample = 1; sample <= 2000; sample++) {
            String key = "k" + random.nextInt(12);
            if (random.nextInt(3) == 0) {
                truth.remove(key);
            } else {
                truth.put(key, row(key, random.nextInt(4)));
            }
            board.update(sample, truth);
            for (int v = 0; v < views.length; v++) {
                if (random.nextInt(1 + v * v * 10) == 0) {
                    look(mapper, views[v], seen[v]);
                    seen[v] = sample;
                    assertEquals(new HashSet<>(truth.values()), Set.copyOf(views[v].values()), "viewer " + v);
                }
            }
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Map<String, String>[] views(int count) {
        Map[] views = new Map[count];
        for (int i = 0; i < count; i++) {
            views[i] = new LinkedHashMap<String, String>();
        }
        return views;
    }

    private void look(ObjectMapper mapper, Map<String, String> view, long seen) throws Exception {
        Board.Update update = board.since(seen).orElse(null);
        if (update == null) {
            return;
        }
        if (update.snapshot()) {
            view.clear();
        }
        JsonNode data = mapper.readTree(update.data());
        data.path("rows").forEach(row -> view.put(row.path("key").asText(), row.toString()));
        data.path("gone").forEach(key -> view.remove(key.asText()));
    }
}
