package org.memphisee.cluster.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.memphisee.core.CoreClient;
import org.memphisee.core.api.Author;
import org.memphisee.core.control.Authors;
import org.memphisee.core.deadletters.DeadLetter;
import org.memphisee.core.deadletters.DeadLetters;
import org.memphisee.core.letters.Letter;
import org.memphisee.core.stations.GroupReset;
import org.memphisee.core.stations.GroupStatus;
import org.memphisee.core.stations.StationAdministration;
import org.memphisee.core.stations.StationMessage;
import org.memphisee.core.stations.StationOverview;
import org.memphisee.core.stations.StationReading;
import org.memphisee.core.stations.StationRemovals.Place;
import org.memphisee.core.stations.StationView;
import org.memphisee.core.stations.Unavailable;
import org.memphisee.core.tasks.TaskView;

/** What doors show of stations, and change, is the same at each of three nodes, whichever decides about the partitions. */
class StationsAtAnyNodeTest extends ThreeNodes {

    private static final Author ROOT = Authors.of("root");
    private static final int MESSAGES = 20;
    private static int tests;

    private final String shop = "shop" + ++tests;

    @Override
    boolean together() {
        return true;
    }

    private StationAdministration stations(String node) {
        return cluster.broker(node).control().memphis().administration();
    }

    private DeadLetters letters(String node) {
        return cluster.broker(node).control().deadLetters();
    }

    private StationView view(String node, String station) {
        return CoreClient.get(stations(node).queries().find(station)).orElseThrow();
    }

    private void publish(String station, int messages) {
        for (int i = 1; i <= messages; i++) {
            ok(at(cluster.names().get(i % 3)).request(station + "$" + (i % 2 + 1) + ".final", "m" + i));
        }
    }

    private void join(String station, String group) {
        String answer = at("n1").request("$memphis_consumer_creations", "{\"name\":\"m\",\"station_name\":\"" + station
            + "\",\"connection_id\":\"c1\",\"consumer_type\":\"application\",\"consumers_group\":\"" + group
            + "\",\"max_ack_time_ms\":30000,\"max_msg_deliveries\":2,\"start_consume_from_sequence\":1,\"last_messages\":-1,\"req_version\":4,"
            + "\"username\":\"root\"}");
        assertTrue(answer.contains("\"error\":\"\""), answer);
    }

    private static String text(byte[] payload) {
        return new String(payload, StandardCharsets.UTF_8);
    }

    private static Set<String> texts(List<StationMessage> rows) {
        return rows.stream().map(row -> text(row.payload())).collect(Collectors.toSet());
    }

    private String elsewhere(String station) {
        String leader = leader("n0", station);
        return cluster.names().stream().filter(name -> !name.equals(leader)).findFirst().orElseThrow();
    }

    private List<StationMessage> newest(String node, String station) {
        return CoreClient.get(stations(node).messages().newest(view(node, station), -1, 100)).rows();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldShowFiguresMessagesAndLag(int replicas) {
        station(shop, replicas);
        join(shop, "g");
        publish(shop, MESSAGES);
        List<CoreClient.Message> some = at(elsewhere(shop)).fetch(shop + "$1", "g", 3);
        ok(at("n0").request(some.get(0).reply(), "+ACK"));
        for (String node : cluster.names()) {
            assertEquals(MESSAGES, view(node, shop).messages(), node);
            assertEquals(List.of(20L), CoreClient.get(stations(node).queries().list()).stream()
                .filter(each -> each.name().equals(shop)).map(StationView::messages).toList(), node);
            StationOverview overview = CoreClient.get(stations(node).queries().overview(shop, -1)).orElseThrow();
            assertEquals(List.of(List.of(1, 2)), overview.groups().stream().map(StationOverview.GroupView::partitions).toList(), node);
            assertEquals(List.of(19L), overview.groups().stream().map(StationOverview.GroupView::unprocessed).toList(), node);
            assertEquals(List.of(2L), overview.groups().stream().map(StationOverview.GroupView::inProcess).toList(), node);
            GroupStatus group = CoreClient.get(stations(node).groups().list(view(node, shop))).get(0);
            assertEquals(List.of(9L, 10L), group.positions().stream().map(GroupStatus.Position::lag).toList(), node);
            assertTrue(group.lagMillis() > 0, node);
            assertEquals(MESSAGES, texts(newest(node, shop)).size(), node);
            assertEquals(Optional.of("m2"), CoreClient.get(stations(node).messages().message(view(node, shop), 1, 1))
                .map(m -> text(m.payload())), node);
            assertEquals(Optional.empty(), CoreClient.get(stations(node).messages().message(view(node, shop), 1, 99)), node);
            StationReading reading = CoreClient.get(stations(node).reader().read()).stream()
                .filter(each -> each.entry().name().equals(shop)).findFirst().orElseThrow();
            assertEquals(MESSAGES, reading.messages(), node);
            assertEquals(19, reading.groups().get("g").lag(), node);
        }
    }

    @Test
    void shouldReadLargeMessagesInPieces() {
        station("large", 1);
        String filler = "x".repeat(100_000);
        for (int i = 1; i <= 30; i++) {
            ok(at("n0").request("large$1.final", i + filler));
        }
        for (String node : cluster.names()) {
            assertEquals(30, texts(newest(node, "large")).size(), node);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldRemoveMessages(int replicas) {
        station(shop, replicas);
        publish(shop, MESSAGES);
        String node = elsewhere(shop);
        assertEquals(2, CoreClient.get(stations(node).removals().remove(ROOT, view(node, shop),
            List.of(new Place(1, 1), new Place(2, 1), new Place(2, 1000)))));
        for (String each : cluster.names()) {
            assertEquals(MESSAGES - 2, view(each, shop).messages(), each);
            Set<String> left = texts(newest(each, shop));
            assertTrue(!left.contains("m1") && !left.contains("m2"), each);
        }
        assertEquals(9, CoreClient.get(stations(node).removals().purge(ROOT, view(node, shop), List.of(2))));
        assertEquals(9, CoreClient.get(stations(node).removals().purge(ROOT, view(node, shop), List.of())));
        cluster.names().forEach(each -> assertEquals(0, view(each, shop).messages(), each));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldMoveAndRemoveGroups(int replicas) {
        station(shop, replicas);
        join(shop, "g");
        publish(shop, MESSAGES);
        String node = elsewhere(shop);
        GroupReset toSequence = new GroupReset(shop, "g", GroupReset.To.SEQUENCE, 5, false, true);
        GroupReset.Outcome outcome = CoreClient.get(stations(node).groups().reset(ROOT, view(node, shop), toSequence));
        assertEquals(12, outcome.messages());
        assertEquals(20, outcome.before());
        cluster.until("it is moved at all nodes", () -> cluster.names().stream().allMatch(each ->
            CoreClient.get(stations(each).groups().list(view(each, shop))).get(0).lag() == 12));
        CoreClient.get(stations(node).groups().remove(ROOT, view(node, shop), "g", true));
        cluster.until("it is gone at all nodes", () -> cluster.names().stream().allMatch(each ->
            CoreClient.get(stations(each).groups().list(view(each, shop))).isEmpty()));
    }

    private List<DeadLetter> await(String node, String station, int count) {
        List<List<DeadLetter>> seen = new ArrayList<>();
        cluster.until(count + " dead letters at " + node, () -> {
            seen.add(CoreClient.get(letters(node).newest(view(node, station), -1, Letter.Kind.UNACKED, Long.MAX_VALUE, 100)));
            return seen.get(seen.size() - 1).size() == count;
        });
        return seen.get(seen.size() - 1);
    }

    /** A member at some node gives messages of the first partition up. */
    private void giveUp(String node, String station, int count) {
        at(node).fetch(station + "$1", "g", count).forEach(m -> at(node).publish(m.reply(), "", "+TERM"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldShowDropAndPurgeDeadLetters(int replicas) {
        station(shop, replicas);
        join(shop, "g");
        publish(shop, 12);
        giveUp("n0", shop, 5);
        for (String node : cluster.names()) {
            List<DeadLetter> all = await(node, shop, 5);
            assertEquals(Set.of("m2", "m4", "m6", "m8", "m10"), all.stream().map(l -> text(l.message().orElseThrow().payload()))
                .collect(Collectors.toSet()), node);
            assertEquals(5, view(node, shop).deadLetters().unacked(), node);
            long id = all.get(0).letter().id();
            assertEquals(Optional.of(shop), CoreClient.get(letters(node).find("root", "", id)).map(DeadLetter::station), node);
            assertEquals(Optional.empty(), CoreClient.get(letters(node).find("root", "", 1)), node);
        }
        String node = elsewhere(shop);
        long id = await(node, shop, 5).get(0).letter().id();
        assertEquals(1, CoreClient.get(letters(node).drop(ROOT, view(node, shop), Letter.Kind.UNACKED, Set.of(id, 77L))));
        id = await(node, shop, 4).get(0).letter().id();
        CoreClient.get(letters(node).putBack(ROOT, view(node, shop), id, null, "again".getBytes(StandardCharsets.UTF_8)));
        await(node, shop, 3);
        assertTrue(texts(newest(node, shop)).contains("again"));
        assertEquals(3, CoreClient.get(letters(node).purge(ROOT, view(node, shop), Set.of())));
        cluster.names().forEach(each -> await(each, shop, 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldSendDeadLettersAgainWhoeverBeginsIt(int replicas) {
        station(shop, replicas);
        join(shop, "g");
        publish(shop, 12);
        giveUp("n0", shop, 5);
        String node = elsewhere(shop);
        List<DeadLetter> all = await(node, shop, 5);
        at(node).subscribe("$memphis_dls_" + shop + ".g");
        assertEquals(1, CoreClient.get(letters(node).resend(ROOT, view(node, shop), Set.of(all.get(0).letter().id()))));
        acknowledge(node, 1);
        await(node, shop, 4);
        long task = CoreClient.get(letters(node).resendAll(ROOT, view(node, shop))).id();
        cluster.until("all are sent again", () -> cluster.broker(node).control().tasks().list().stream().anyMatch(view ->
            view.id() == task && view.state() == TaskView.State.COMPLETED && view.done() == 4));
        acknowledge(node, 4);
        cluster.names().forEach(each -> await(each, shop, 0));
    }

    private void acknowledge(String node, int count) {
        for (int i = 0; i < count; i++) {
            CoreClient.Message m = at(node).next();
            String id = m.headers().lines().filter(line -> line.startsWith("$memphis_pm_id")).findFirst().orElseThrow()
                .replaceAll(".*:\\s*", "");
            at(node).publish("$memphis_pm_acks", "", "{\"id\":" + id + ",\"cg_name\":\"g\"}");
        }
    }

    @Test
    void shouldSayWhatHelpsWhenNobodyDecides() throws Exception {
        station("single", 1);
        publish("single", 4);
        String leader = leader("n0", "single");
        String node = elsewhere("single");
        StationView view = view(node, "single");
        cluster.until("its figures are known", () -> view(node, "single").messages() == 4);
        lose(leader);
        cluster.until("it is known that nobody decides", () -> !cluster.broker(node).control().engine().view().live().contains(leader));
        assertEquals("Stream single$1 is temporarily unavailable, since no node decides about it at the moment: try again, and if that does"
            + " not help start the nodes that are missing", reason(stations(node).removals().purge(ROOT, view, List.of(1))));
        assertEquals(4, CoreClient.get(stations(node).queries().find("single")).orElseThrow().messages(), "as was known last");
        List<String> problems = CoreClient.get(stations(node).messages().newest(view, -1, 10)).problems();
        assertTrue(problems.get(0).startsWith("Stream single$"), problems::toString);
    }

    private static String reason(CompletableFuture<?> failed) {
        try {
            return "done: " + failed.orTimeout(20, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            return Unavailable.reason(e.getCause()).orElseThrow(() -> e);
        }
    }
}
