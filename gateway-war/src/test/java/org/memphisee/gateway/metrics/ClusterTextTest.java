package org.memphisee.gateway.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import org.memphisee.core.cluster.watch.ClusterStatus;
import org.memphisee.gateway.Nodes;

class ClusterTextTest {

    private static String written(String name, Optional<ClusterStatus> cluster) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TextWriter out = new TextWriter(bytes)) {
            boolean any = ClusterText.write(out, cluster, name);
            out.flush();
            assertEquals(any, bytes.size() > 0);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldWriteNothingOfABrokerAlone() throws IOException {
        assertEquals("", written("", Optional.empty()));
    }

    @Test
    void shouldSayOfEachGroupWhetherThisNodeLeadsIt() throws IOException {
        assertEquals("""
            # HELP memphis_broker_raft_leader 1 where this node leads the group.
            # TYPE memphis_broker_raft_leader gauge
            memphis_broker_raft_leader{mp_scope="application",group="1"} 0
            memphis_broker_raft_leader{mp_scope="application",group="9"} 1
            """, written("memphis_broker_raft_leader", Optional.of(Nodes.three())));
        assertEquals("""
            # HELP memphis_broker_raft_member_lag Entries that a member of a group which this node leads has not confirmed.
            # TYPE memphis_broker_raft_member_lag gauge
            memphis_broker_raft_member_lag{mp_scope="application",group="9",member="n1"} 0
            memphis_broker_raft_member_lag{mp_scope="application",group="9",member="n2"} 40
            """, written("memphis_broker_raft_member_lag", Optional.of(Nodes.three())));
    }

    @Test
    void shouldSayHowLinksAndNodesAre() throws IOException {
        assertEquals("""
            # HELP memphis_broker_link_rtt_seconds Way to the node and back, lately; 0 without a link.
            # TYPE memphis_broker_link_rtt_seconds gauge
            memphis_broker_link_rtt_seconds{mp_scope="application",peer="n1"} 0.0012
            memphis_broker_link_rtt_seconds{mp_scope="application",peer="n2"} 0
            """, written("memphis_broker_link_rtt_seconds", Optional.of(Nodes.three())));
        assertEquals("""
            # HELP memphis_broker_cluster_node_may_lead 0 while a node says that something speaks against it leading groups.
            # TYPE memphis_broker_cluster_node_may_lead gauge
            memphis_broker_cluster_node_may_lead{mp_scope="application",node="n0"} 1
            memphis_broker_cluster_node_may_lead{mp_scope="application",node="n1"} 0
            memphis_broker_cluster_node_may_lead{mp_scope="application",node="n2"} 1
            """, written("memphis_broker_cluster_node_may_lead", Optional.of(Nodes.three())));
        String states = written("memphis_broker_cluster_node_state", Optional.of(Nodes.three()));
        assertTrue(states.contains("node=\"n2\",state=\"away\"} 1") && states.contains("node=\"n0\",state=\"ready\"} 1"), states);
    }

    @Test
    void shouldHaveEachFamilyOnceAndOnlyCountersEndInTotal() throws IOException {
        String all = written("", Optional.of(Nodes.three()));
        long types = all.lines().filter(line -> line.startsWith("# TYPE")).count();
        assertEquals(types, all.lines().filter(line -> line.startsWith("# TYPE")).distinct().count());
        assertTrue(all.lines().filter(line -> line.startsWith("# TYPE"))
            .allMatch(line -> line.endsWith(" counter") == line.split(" ")[2].endsWith("_total")), all);
        assertTrue(all.contains("memphis_broker_held_publishes{mp_scope=\"application\"} 3\n"), all);
        assertTrue(all.contains("memphis_broker_journal_bytes{mp_scope=\"application\"} 134217728\n"), all);
    }
}
