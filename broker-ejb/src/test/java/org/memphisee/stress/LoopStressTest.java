package org.memphisee.stress;

import java.lang.reflect.Proxy;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.memphisee.core.append.LogWriter;
import org.memphisee.core.append.Shard;
import org.memphisee.core.cluster.Proposal;
import org.memphisee.core.control.ControlLoop;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.time.BrokerClock;
import org.memphisee.core.time.World;

/**
 * What is submitted to a loop while its thread is about to sleep is done. Forbidden is that the thread sleeps and something
 * waits: the submitter makes its item visible before it reads who is parked, the thread says that it is parked before it
 * looks whether something waits, and all four are volatile or atomic, hence in one order that all agree on. Whichever comes
 * first, the other sees it: the thread finds the item and does not park, or the submitter finds the thread and wakes it, and
 * a permit that is given before the thread parks is kept.
 */
class LoopStressTest {

    @Test
    void shouldLoseNoCommandOfAShard() {
        Shard shard = new Shard(0, BrokerClock.SYSTEM, () -> { }, (s, e) -> { }, 1_000);
        try (World.Running running = World.of(LoopRaces::daemon).run("stressed-shard", shard)) {
            LoopRaces.race(action -> shard.execute(action::run));
        }
    }

    @Test
    void shouldLoseNoProposalOfTheLogWriter() {
        LogStore store = (LogStore) Proxy.newProxyInstance(LogStore.class.getClassLoader(), new Class<?>[] {LogStore.class},
            (proxy, method, arguments) -> null);
        try (LogWriter writer = new LogWriter(store, BrokerClock.SYSTEM, 1_000_000_000)) {
            writer.start(World.of(LoopRaces::daemon));
            LoopRaces.race(action -> writer.submit(new Proposal(List.of(), true, 1, outcome -> action.run())));
        }
    }

    @Test
    void shouldLoseNoTaskOfTheControlLoop() {
        try (ControlLoop loop = new ControlLoop(World.of(LoopRaces::daemon), 1_000, e -> { })) {
            loop.start();
            LoopRaces.race(loop::execute);
        }
    }
}
