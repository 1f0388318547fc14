package org.memphisee.dashboard.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;

final class ViewerTest {

    private final FakeSource source = new FakeSource();
    private final FakeWire wire = new FakeWire();
    private final Viewer viewer = new Viewer(source, wire);

    /** A broker with one user, {@code ann}, whose token is {@code good}. */
    private static final class FakeSource implements Viewer.Source {
        private final Board stations = new Board();
        private final Board tasks = new Board();
        private final Board notices = new Board();
        private boolean running = true;
        private boolean valid = true;
        private Optional<Predicate<String>> limit = Optional.empty();
        private Sample sample;
        private int followed;
        private int removed;

        void look(long number, Map<String, String> rows) {
            stations.update(number, rows);
            sample = new Sample(number, number * 1000, "{\"connections\":" + number + "}", "[[1,2,3]]", stations, tasks, notices,
                Map.of());
        }

        @Override
        public boolean running() {
            return running;
        }

        @Override
        public Optional<Viewer.Access> access(String token) {
            return switch (token) {
                case "good", "newer" -> valid ? Optional.of(new Viewer.Access("ann", limit)) : Optional.empty();
                case "bob's" -> Optional.of(new Viewer.Access("bob", Optional.empty()));
                default -> Optional.empty();
            };
        }

        @Override
        public Sample sample() {
            return sample;
        }

        @Override
        public void followed() {
            followed++;
        }

        @Override
        public void remove(Viewer viewer) {
            removed++;
        }
    }

    /** Takes frames; they count as sent at once, or when the test says so. */
    private static final class FakeWire implements Viewer.Wire {
        private final List<JsonNode> frames = new ArrayList<>();
        private final Deque<Consumer<Boolean>> underWay = new ArrayDeque<>();
        private boolean slow;
        private Integer closed;
        private boolean accepted;

        @Override
        public void send(String text, Consumer<Boolean> sent) {
            frames.add(Json.parse(text));
            if (slow) {
                underWay.add(sent);
            } else {
                sent.accept(true);
            }
        }

        @Override
        public void close(int code, String reason) {
            closed = code;
        }

        @Override
        public void accepted() {
            accepted = true;
        }

        JsonNode last() {
            return frames.get(frames.size() - 1);
        }

        List<String> kinds() {
            return frames.stream().map(frame -> frame.path("kind").asText()).toList();
        }
    }

    private static String row(String key, int value) {
        return "{\"key\":\"" + key + "\",\"v\":" + value + "}";
    }

    private void signIn() {
        viewer.receive("{\"op\":\"auth\",\"token\":\"good\"}");
    }

    private void follow(int id, String topic) {
        viewer.receive("{\"op\":\"sub\",\"id\":" + id + ",\"topic\":\"" + topic + "\"}");
    }

    @Test
    void shouldLetNobodyFollowBeforeATokenCame() {
        follow(1, "stations");
        assertEquals(Viewer.UNAUTHORIZED, wire.closed);
        assertEquals(0, source.followed);
        assertEquals(1, source.removed);
    }

    @Test
    void shouldRefuseABadToken() {
        viewer.receive("{\"op\":\"auth\",\"token\":\"forged\"}");
        assertEquals(Viewer.UNAUTHORIZED, wire.closed);
        assertFalse(wire.accepted);
    }

    @Test
    void shouldAskToComeBackWhileTheBrokerStarts() {
        source.running = false;
        signIn();
        assertEquals(Viewer.TRY_LATER, wire.closed);
    }

    @Test
    void shouldEndConnectionsThatTalkNonsense() {
        signIn();
        viewer.receive("[1,2");
        assertEquals(Viewer.BAD_REQUEST, wire.closed);
    }

    @Test
    void shouldSendASnapshotAndThenOnlyChanges() {
        source.look(1, Map.of("a", row("a", 1), "b", row("b", 1)));
        signIn();
        follow(7, "stations");
        assertTrue(wire.accepted);
        assertEquals(List.of("ready", "snapshot"), wire.kinds());
        assertEquals(7, wire.last().path("id").asInt());
        assertEquals(2, wire.last().path("data").path("rows").size());
        viewer.push();
        assertEquals(2, wire.frames.size(), "nothing new, nothing sent");
        source.look(2, Map.of("a", row("a", 5)));
        viewer.push();
        assertEquals("delta", wire.last().path("kind").asText());
        assertEquals("{\"rows\":[{\"key\":\"a\",\"v\":5}],\"gone\":[\"b\"]}", wire.last().path("data").toString());
    }

    @Test
    void shouldMergeWhatASlowReaderMissed() {
        source.look(1, Map.of("a", row("a", 1)));
        signIn();
        wire.slow = true;
        follow(1, "stations");
        for (int look = 2; look <= 30; look++) {
            source.look(look, Map.of("a", row("a", look)));
            viewer.push();
        }
        assertEquals(2, wire.frames.size(), "one frame is under way, no second one");
        wire.underWay.remove().accept(true);
        assertEquals(3, wire.frames.size());
        assertEquals(30, wire.last().path("data").path("rows").path(0).path("v").asInt());
    }

    @Test
    void shouldSendThePastOfTheThroughputOnce() {
        source.look(1, Map.of());
        signIn();
        follow(1, "overview");
        assertEquals("[[1,2,3]]", wire.last().path("data").path("history").toString());
        source.look(2, Map.of());
        viewer.push();
        assertEquals("{\"connections\":2}", wire.last().path("data").toString());
    }

    @Test
    void shouldKeepTheSlowerPaceThatWasAskedFor() {
        source.look(1, Map.of());
        signIn();
        viewer.receive("{\"op\":\"sub\",\"id\":1,\"topic\":\"overview\",\"args\":{\"interval\":5000}}");
        int before = wire.frames.size();
        source.look(2, Map.of());
        viewer.push();
        assertEquals(before, wire.frames.size());
    }

    @Test
    void shouldStopWhenATopicIsLeft() {
        signIn();
        follow(1, "overview");
        assertTrue(viewer.follows());
        viewer.receive("{\"op\":\"unsub\",\"id\":1}");
        assertFalse(viewer.follows());
        source.look(1, Map.of());
        int before = wire.frames.size();
        viewer.push();
        assertEquals(before, wire.frames.size());
    }

    @Test
    void shouldTellTheHubWhoseGroupsAreLookedAt() {
        signIn();
        viewer.receive("{\"op\":\"sub\",\"id\":1,\"topic\":\"groups\",\"args\":{\"station\":\"orders\"}}");
        assertEquals(Set.of("orders"), viewer.watchedStations());
        follow(2, "groups");
        assertEquals("error", wire.last().path("kind").asText(), "groups of which station?");
    }

    @Test
    void shouldRefuseMoreThanItsSubscriptions() {
        signIn();
        for (int id = 0; id < Subscription.MOST; id++) {
            follow(id, "overview");
        }
        assertFalse(wire.kinds().contains("error"));
        follow(99, "overview");
        assertEquals("error", wire.last().path("kind").asText());
        assertNull(wire.closed);
    }

    @Test
    void shouldEndWhenTheTokenIsWorthNothingAnyMore() {
        signIn();
        viewer.check();
        assertNull(wire.closed);
        source.valid = false;
        viewer.check();
        assertEquals(Viewer.UNAUTHORIZED, wire.closed);
    }

    @Test
    void shouldTakeANewerTokenOfTheSameUserOnly() {
        signIn();
        viewer.receive("{\"op\":\"auth\",\"token\":\"newer\"}");
        assertNull(wire.closed);
        viewer.receive("{\"op\":\"auth\",\"token\":\"bob's\"}");
        assertEquals(Viewer.UNAUTHORIZED, wire.closed);
    }

    @Test
    void shouldShowNobodyWhatIsForbidden() {
        source.limit = Optional.of(key -> key.equals("mine"));
        source.look(1, Map.of("mine", row("mine", 1), "other", row("other", 1)));
        signIn();
        follow(1, "stations");
        assertEquals("[{\"key\":\"mine\",\"v\":1}]", wire.last().path("data").path("rows").toString());
        int before = wire.frames.size();
        source.look(2, Map.of("mine", row("mine", 1), "other", row("other", 2)));
        viewer.push();
        assertEquals(before, wire.frames.size(), "that another station changes is not told either");
        source.limit = Optional.of(key -> false);
        viewer.check();
        source.look(3, Map.of("mine", row("mine", 1)));
        viewer.push();
        assertEquals("[]", wire.last().path("data").path("rows").toString(), "a permission taken away counts at once");
    }

    @Test
    void shouldShowTasksAndNoticesAsTheyChange() {
        source.tasks.update(1, Map.of("7 orders", row("7 orders", 1)));
        source.notices.update(1, Map.of());
        source.look(1, Map.of());
        signIn();
        follow(1, "tasks");
        assertEquals("[{\"key\":\"7 orders\",\"v\":1}]", wire.last().path("data").path("rows").toString());
        follow(2, "notices");
        assertEquals("{\"rows\":[],\"gone\":[]}", wire.last().path("data").toString());
        source.tasks.update(2, Map.of("8 ", row("8 ", 1)));
        source.notices.update(2, Map.of("1 orders", row("1 orders", 1)));
        source.look(2, Map.of());
        viewer.push();
        JsonNode task = wire.frames.get(wire.frames.size() - 2);
        assertEquals("delta", task.path("kind").asText());
        assertEquals("{\"rows\":[{\"key\":\"8 \",\"v\":1}],\"gone\":[\"7 orders\"]}", task.path("data").toString());
        assertEquals("{\"rows\":[{\"key\":\"1 orders\",\"v\":1}],\"gone\":[]}", wire.last().path("data").toString());
    }

    @Test
    void shouldShowTasksAndNoticesOfForbiddenStationsToNobody() {
        source.limit = Optional.of(key -> key.equals("mine"));
        source.tasks.update(1, Map.of("7 other", row("7 other", 1), "8 mine", row("8 mine", 1)));
        source.notices.update(1, Map.of("1 ", row("1 ", 1), "2 other", row("2 other", 1)));
        source.look(1, Map.of());
        signIn();
        follow(1, "tasks");
        assertEquals("[{\"key\":\"8 mine\",\"v\":1}]", wire.last().path("data").path("rows").toString());
        follow(2, "notices");
        assertEquals("[{\"key\":\"1 \",\"v\":1}]", wire.last().path("data").path("rows").toString());
    }

    @Test
    void shouldEndWhenAnswersAreNotRead() {
        signIn();
        wire.slow = true;
        for (int i = 0; i < 200 && wire.closed == null; i++) {
            viewer.receive("{\"op\":\"ping\"}");
        }
        assertEquals(Viewer.BAD_REQUEST, wire.closed);
    }

    @Test
    void shouldEndWhenAFrameCannotBeSent() {
        wire.slow = true;
        signIn();
        wire.underWay.remove().accept(false);
        assertEquals(Viewer.TRY_LATER, wire.closed);
        assertEquals(1, source.removed);
    }
}
