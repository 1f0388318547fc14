package org.memphisee.core.client;

import java.lang.reflect.Proxy;

import org.junit.jupiter.api.Test;

import org.memphisee.core.time.World;
import org.memphisee.port.BrokerPort;
import org.memphisee.port.SessionPort;
import org.memphisee.stress.LoopRaces;

/** What is submitted to the loop of local clients while it goes to sleep is done; why, says {@code LoopStressTest}. */
class LocalLoopStressTest {

    @Test
    void shouldLoseNoActionOfTheLoopOfLocalClients() {
        SessionPort session = (SessionPort) Proxy.newProxyInstance(SessionPort.class.getClassLoader(),
            new Class<?>[] {SessionPort.class}, (proxy, method, arguments) -> null);
        BrokerPort port = (BrokerPort) Proxy.newProxyInstance(BrokerPort.class.getClassLoader(),
            new Class<?>[] {BrokerPort.class}, (proxy, method, arguments) -> session);
        try (LocalLoop loop = new LocalLoop(port, World.of(LoopRaces::daemon))) {
            loop.start();
            LoopRaces.race(loop::execute);
        }
    }
}
