package org.memphisee.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.log.StoreException;
import org.memphisee.core.topics.TopicSource;

/** W-13: of several nodes one serves a registration, and another one does after the first is lost and was asked anew. */
class LiveTopicsAmongNodesTest {

    private static final String ASK = "$memphis_ws_subs.stations";
    private static final String TOLD = "$memphis_ws_pubs.stations.test";

    private BrokersOfOneCluster cluster;

    @BeforeEach
    void begin() throws StoreException {
        cluster = new BrokersOfOneCluster();
        cluster.brokers.forEach((name, broker) -> broker.topics().show(new TopicSource() {
            @Override
            public boolean known(String topic) {
                return topic.equals("stations");
            }

            @Override
            public Optional<byte[]> now(String topic, int maxBytes) {
                return Optional.of(name.getBytes(StandardCharsets.UTF_8));
            }
        }));
    }

    @AfterEach
    void end() {
        cluster.close();
        assertEquals(List.of(), cluster.unexpected);
    }

    private Map<String, Integer> followed() {
        Map<String, Integer> counts = new TreeMap<>();
        cluster.brokers.forEach((name, broker) -> counts.put(name, broker.topics().followed()));
        return counts;
    }

    @Test
    void shouldServeEachRegistrationAtOneNode() {
        CoreClient b = cluster.client("b", "B");
        b.subscribe(TOLD);
        assertEquals("{\"name\":\"test\"}", b.request(ASK, "SUB"));
        assertEquals(Map.of("a", 0, "b", 1, "c", 0), followed());
        CoreClient.Message told = b.next();
        assertEquals(TOLD + " b", told.subject() + " " + told.payload());

        cluster.kill("b"); // and its clients go to another node, where they ask again
        CoreClient c = cluster.client("c", "C");
        c.subscribe(TOLD);
        assertEquals("{\"name\":\"test\"}", c.request(ASK, "SUB"));
        assertEquals("c", c.next().payload());
        assertEquals(0, followed().get("a"));
    }

    /** An application may listen to everything; what is for people who administer the broker is not among it. */
    @Test
    void shouldNotBeHeardByWhoListensToEverything() {
        CoreClient a = cluster.client("a", "A");
        CoreClient b = cluster.client("b", "B");
        a.subscribe("*.stations.>");
        b.subscribe("*.*.test");
        b.subscribe(TOLD);
        b.request(ASK, "SUB");
        assertEquals("b", b.next().payload());
        b.publish("other.stations.test", "", "after");
        assertEquals("after", b.next().payload(), "once, for the subscription that names it");
        assertEquals("after", a.next().payload());
    }
}
