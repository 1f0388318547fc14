package org.memphisee.cluster.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.memphisee.core.CoreClient;
import org.memphisee.core.client.Destination;
import org.memphisee.core.client.FetchSize;
import org.memphisee.core.client.Fetched;
import org.memphisee.core.client.GroupKey;
import org.memphisee.core.client.LocalConnection;
import org.memphisee.core.client.LocalDelivery;
import org.memphisee.core.client.LocalMessage;
import org.memphisee.core.client.LocalSettlement;
import org.memphisee.core.client.PartitionChoice;

/** Clients inside a server, as the REST gateway is one, use stations of the whole cluster at any node. */
class LocalClientAtAnyNodeTest extends ThreeNodes {

    @Override
    boolean together() {
        return true;
    }

    private LocalConnection local(String node) {
        return cluster.broker(node).local().connection("rest-gateway", "root");
    }

    private void produceAndConsumeAtEachNode(String station) {
        for (String node : cluster.names()) {
            for (int i = 0; i < 6; i++) {
                CoreClient.get(local(node).publish(new Destination(station, "p", PartitionChoice.ROUND_ROBIN),
                    new LocalMessage(new byte[0], (node + "-" + i).getBytes(StandardCharsets.UTF_8))));
            }
        }
        for (String node : cluster.names()) {
            GroupKey group = new GroupKey(station, "c-" + node, "g-" + node, 60_000, 5);
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < 10 && texts.size() < 18; i++) {
                try (Fetched fetched = CoreClient.get(local(node).fetch(group, new FetchSize(18 - texts.size(), 1_000, 1 << 20)))) {
                    List<String> acks = new ArrayList<>();
                    for (LocalDelivery delivery : fetched.messages()) {
                        texts.add(new String(delivery.payload(), StandardCharsets.UTF_8));
                        acks.add(delivery.ackSubject());
                    }
                    CoreClient.get(local(node).settle(station, acks, LocalSettlement.ACKNOWLEDGED));
                }
            }
            assertEquals(18, texts.stream().distinct().count(), node + ": " + texts);
        }
    }

    @Test
    void shouldProduceAndConsumeWithCopiesEverywhere() {
        station("copied", 3);
        produceAndConsumeAtEachNode("copied");
    }

    @Test
    void shouldProduceAndConsumeWhatIsAtOneNodeOnly() {
        station("single", 1);
        produceAndConsumeAtEachNode("single");
    }
}
