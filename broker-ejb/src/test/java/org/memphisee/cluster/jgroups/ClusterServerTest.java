package org.memphisee.cluster.jgroups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;

import org.jgroups.Address;
import org.junit.jupiter.api.Test;
import org.memphisee.core.cluster.link.LinkProbe;
import org.memphisee.core.time.BrokerClock;

class ClusterServerTest {

    @Test
    void shouldLeaveNothingThatMattersToDefaultsOfTheLibrary() throws Exception {
        ClusterServer.Frames frames = new ClusterServer.Frames() {
            @Override
            public int longest(Address from) {
                return 0;
            }

            @Override
            public void received(Address from, byte[] frame) { }
        };
        try (ClusterServer server = new ClusterServer(new ChannelSettings(ChannelCluster.loopback(0), null, Map.of(), new byte[0],
                Optional.empty()), new ClusterThreads(Thread::new), frames, address -> { }, new LinkLog(new LinkProbe(), "test",
                BrokerClock.SYSTEM))) {
            server.start();
            assertTrue(server.nonBlockingSends(), "a slow peer holds up no sender");
            assertEquals(ClusterServer.QUEUE, server.maxSendQueue(), "nothing that the windows let through is dropped");
            assertTrue(server.tcpNodelay(), "40 ms for small frames otherwise");
            assertEquals(500, server.socketConnectionTimeout(), "one lock for all who connect");
            assertEquals(500, server.peerAddressReadTimeout());
            assertTrue(server.usePeerConnections(), "one connection for two nodes");
            assertEquals(0, server.reaperInterval(), "connections are closed by links");
        }
    }
}
