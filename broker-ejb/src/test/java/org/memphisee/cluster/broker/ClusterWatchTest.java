package org.memphisee.cluster.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.memphisee.core.CoreClient;
import org.memphisee.core.api.Author;
import org.memphisee.core.audit.AuditEntry;
import org.memphisee.core.audit.AuditQuery;
import org.memphisee.core.cluster.watch.ClusterStatus;
import org.memphisee.core.cluster.watch.GroupStatus;
import org.memphisee.core.cluster.watch.NodeState;
import org.memphisee.core.cluster.watch.NodeStatus;
import org.memphisee.core.cluster.watch.NodeUse;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.leadership.Leaderships;

/** What an operator sees at a node of all three. */
class ClusterWatchTest {

    @TempDir
    Path data;
    private ClusterFixture cluster;

    @AfterEach
    void end() throws Exception {
        cluster.close();
        assertEquals(List.of(), cluster.failures());
    }

    private ClusterStatus at(String node) {
        return cluster.node(node).status();
    }

    private String ask(String node, String subject, String payload) throws Exception {
        return cluster.client(node).ask(subject, payload).get(20, TimeUnit.SECONDS);
    }

    private static NodeState state(ClusterStatus status, String node) {
        return status.node(node).orElseThrow().state();
    }

    private static boolean ledByOne(List<ClusterStatus> all, GroupStatus of) {
        List<GroupStatus> seen = all.stream().map(each -> each.group(of.id()).orElseThrow()).toList();
        return seen.stream().map(GroupStatus::leader).distinct().count() == 1 && !of.leader().isEmpty()
            && seen.stream().filter(group -> group.role() == GroupStatus.Role.LEADING).count() == 1
            && seen.stream().map(GroupStatus::term).distinct().count() == 1;
    }

    @Test
    void shouldShowAllNodesTheirGroupsAndLinksAtEachOfThem() throws Exception {
        cluster = ClusterFixture.formed(data, 3);
        cluster.node("n1").uses(new NodeUse("9.9", 1_000, 5, new NodeUse.Traffic(1, 2, 3, 4), 50, 2, 10, 20, 30, 40));
        String answer = ask("n2", "$JS.API.STREAM.CREATE.SEEN", "{\"name\":\"SEEN\",\"subjects\":[\"SEEN.>\"],\"num_replicas\":3}");
        assertFalse(answer.contains("\"error\""), answer);
        assertTrue(ask("n0", "SEEN.a", "x").contains("\"seq\":1"));
        cluster.until("all see all ready, and what n1 said", () -> cluster.names().stream().allMatch(name -> at(name).nodes().stream()
            .allMatch(node -> node.state() == NodeState.READY)
            && at(name).node("n1").orElseThrow().figures().map(said -> said.use().version()).orElse("").equals("9.9")));
        cluster.until("each group has one leader, whoever is asked", () -> {
            List<ClusterStatus> all = cluster.names().stream().map(this::at).toList();
            return all.get(0).groups().size() == 4 && all.get(0).groups().stream().allMatch(group -> ledByOne(all, group));
        });
        for (String name : cluster.names()) {
            ClusterStatus status = at(name);
            assertEquals("test", status.name());
            assertEquals(List.of("n0", "n1", "n2"), status.nodes().stream().map(NodeStatus::name).toList());
            assertEquals(2, status.links().size());
            assertTrue(status.links().stream().allMatch(link -> link.health().linked() && link.health().sentBytes() > 0
                && link.health().receivedBytes() > 0 && link.health().ageNanos() > 0), status::toString);
            assertEquals(1, status.nodes().stream().mapToInt(NodeStatus::partitions).sum(), "SEEN is decided about at one node");
            assertTrue(status.work().journalBytes() > 0 && status.work().syncs().count() > 0);
            status.groups().stream().filter(group -> group.role() == GroupStatus.Role.LEADING).forEach(group -> {
                assertEquals(2, group.others().size());
                assertTrue(group.wins() > 0, group::toString);
            });
        }
        assertEquals(1, cluster.names().stream().mapToLong(name -> at(name).work().commits().count() > 0 ? 1 : 0).sum(),
            "one node decided about the message");
    }

    @Test
    void shouldTellWhoIsAwayWhoIsAloneAndWhoIsLeaving() throws Exception {
        cluster = ClusterFixture.formed(data, 3);
        cluster.node("n2").handOver(2_000_000_000L, () -> false);
        cluster.until("n2 is leaving", () -> state(at("n0"), "n2") == NodeState.DRAINING);
        cluster.stop("n2");
        cluster.until("n2 is away", () -> state(at("n0"), "n2") == NodeState.AWAY && state(at("n1"), "n2") == NodeState.AWAY);
        assertEquals(NodeState.READY, state(at("n0"), "n0"));
        cluster.kill("n1");
        cluster.until("n0 is alone", () -> state(at("n0"), "n0") == NodeState.ISOLATED);
        assertFalse(at("n0").links().stream().anyMatch(link -> link.health().linked()));
        cluster.startAll();
        cluster.until("all are back", () -> at("n0").nodes().stream().allMatch(node -> node.state() == NodeState.READY));
    }

    private final List<String> heard = new ArrayList<>();

    /** So many advisories of a type came until now. */
    private long count(CoreClient client, String type) {
        client.come().forEach(message -> heard.add(message.payload()));
        return heard.stream().filter(payload -> payload.contains("advisory.v1." + type + "\"")).count();
    }

    private String leader(String node, long group) {
        return cluster.broker(node).control().engine().view().groupLeader(group);
    }

    private long group(String stream) throws Exception {
        CompletableFuture<Long> group = new CompletableFuture<>();
        ControlEngine engine = cluster.broker("n0").control().engine();
        engine.resume(() -> group.complete(engine.definitions().stream(stream).orElseThrow().placement()));
        return group.get(10, TimeUnit.SECONDS);
    }

    @Test
    void shouldTellWhoListensOfNewLeadersOnceAndThatTheMajorityIsLost() throws Exception {
        cluster = ClusterFixture.formed(data, 3);
        assertFalse(ask("n0", "$JS.API.STREAM.CREATE.LED", "{\"name\":\"LED\",\"subjects\":[\"LED.>\"],\"num_replicas\":3}")
            .contains("\"error\""));
        assertFalse(ask("n0", "$JS.API.CONSUMER.DURABLE.CREATE.LED.dur",
            "{\"stream_name\":\"LED\",\"config\":{\"durable_name\":\"dur\",\"ack_policy\":\"explicit\"}}").contains("\"error\""));
        long group = group("LED");
        cluster.until("all know the leader", () -> cluster.names().stream().map(name -> leader(name, group)).distinct().count() == 1
            && !leader("n0", group).isEmpty());
        String before = leader("n0", group);
        CoreClient listener = cluster.client("n2");
        listener.subscribe("$JS.EVENT.ADVISORY.*.*.LED.>");
        listener.subscribe("$JS.EVENT.ADVISORY.*.*.LED");
        Leaderships leaderships = new Leaderships(cluster.broker("n1").control().engine());
        assertEquals(Optional.of(true), leaderships.stepDown(Author.UNKNOWN, group).get(10, TimeUnit.SECONDS));
        assertEquals(List.of("leader_stepdown"), cluster.broker("n1").audit().find("root", AuditQuery.of("cluster", "group " + group),
            0, 10).get(10, TimeUnit.SECONDS).entries().stream().map(AuditEntry::action).toList());
        assertEquals(Optional.empty(), leaderships.stepDown(Author.UNKNOWN, 99).get(10, TimeUnit.SECONDS));
        assertEquals(Leaderships.Moved.NO_GROUP, leaderships.transfer(Author.UNKNOWN, 99, "n0").get(10, TimeUnit.SECONDS));
        assertEquals(Leaderships.Moved.NO_MEMBER, leaderships.transfer(Author.UNKNOWN, group, "n9").get(10, TimeUnit.SECONDS));
        cluster.until("another one leads, and it is told", () -> !leader("n0", group).equals(before) && !leader("n1", group).equals(before)
            && count(listener, "stream_leader_elected") == 1 && count(listener, "consumer_leader_elected") == 1);
        String told = heard.stream().filter(payload -> payload.contains("stream_leader_elected")).findFirst().orElseThrow();
        assertTrue(told.contains("\"stream\":\"LED\"") && told.contains("\"replicas\":[{\"name\":"), told);
        cluster.until("the next one can be chosen", () -> {
            try { // a moment after a change nobody may be known to lead
                return leaderships.transfer(Author.UNKNOWN, group, before).get(10, TimeUnit.SECONDS) == Leaderships.Moved.MOVES;
            } catch (InterruptedException | ExecutionException | TimeoutException e) {
                throw new AssertionError(e);
            }
        });
        cluster.until("it leads", () -> leader("n1", group).equals(before));
        assertEquals("leader_transfer", cluster.broker("n1").audit().find("root", AuditQuery.of("cluster", "group " + group), 0, 10)
            .get(10, TimeUnit.SECONDS).entries().get(0).action());
        cluster.kill("n0");
        cluster.kill("n1");
        cluster.until("the loss is told", () -> count(listener, "stream_quorum_lost") == 1 && count(listener, "consumer_quorum_lost") == 1);
        assertTrue(count(listener, "stream_leader_elected") <= 4, heard::toString);
    }
}
