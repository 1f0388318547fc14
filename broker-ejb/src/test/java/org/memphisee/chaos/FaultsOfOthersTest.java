package org.memphisee.chaos;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.memphisee.chaos.Faults.Kind;

/**
 * What other brokers were caught with, done to ours. Those that need no processes are elsewhere, and those that cannot be done
 * yet are in docs/design/chaos.md.
 */
@EnabledIfSystemProperty(named = "memphisee.chaos.others", matches = "true", disabledReason = "takes minutes")
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class FaultsOfOthersTest {

    private static final int MEGABYTES = 192;
    private static final long SEED = Long.getLong("memphisee.chaos.seed", 1);

    private static void play(String name, int nodes, int megabytes, Story.Events events) throws Exception {
        new Story(name, SEED, nodes, megabytes).play(Plot::everybody, events);
    }

    private static void each(Story story, ChaosCluster cluster, Random random, List<Kind> kinds) throws Exception {
        Faults faults = new Faults(story, cluster, random);
        Story.pass(2_000);
        for (Kind kind : kinds) {
            faults.happen(kind);
        }
    }

    /** NATS 2.10.20 to 22 (nats-server#6888): processes are killed, and a stream is gone. */
    @Test
    void shouldKeepEachStreamWhoeverIsKilled() throws Exception {
        play("kills-make-a-stream-vanish", 3, 0, (story, cluster, random) -> each(story, cluster, random,
            List.of(Kind.KILL_IN_TURN,
            Kind.KILL_ALL, Kind.KILL_IN_TURN)));
    }

    /**
     * NATS 2.12.1 (nats-server#7549): single bits of a minority, and half of what was acknowledged is gone; each node leads
     * in the end.
     */
    @Test
    void shouldLoseNothingThroughBitsOfAMinority() throws Exception {
        play("bits-of-a-minority", 3, 0, (story, cluster, random) -> each(story, cluster, random, List.of(Kind.FLIP_DOWN,
            Kind.FLIP_DOWN, Kind.FLIP_RUNNING, Kind.TRUNCATE, Kind.KILL_IN_TURN)));
    }

    /** NATS 2.12.1 (nats-server#7556): what one node knows of streams is damaged, it leads, and deletes what it does not know. */
    @Test
    void shouldDeleteNothingThatADamagedNodeDoesNotKnow() throws Exception {
        play("a-damaged-node-does-not-know", 3, 0, (story, cluster, random) -> {
            Story.pass(2_000);
            String node = cluster.names().get(0); // leads the definitions when it is there
            for (String folder : List.of("raft", "log")) {
                cluster.kill(node);
                story.tell(node + ": " + cluster.disk(node).flip(folder, folder.equals("raft") ? ".raft" : ".jdb", 40, random));
                cluster.launch(node);
                if (!cluster.awaitServing(node, 30)) {
                    story.tell(node + " refuses: " + cluster.said(node, 3));
                    cluster.kill(node);
                    cluster.disk(node).lose();
                    cluster.launch(node);
                    cluster.awaitServing(node, 30);
                }
                Story.pass(3_000);
            }
        });
    }

    /** NATS 2.12.1 (nats-server#7564): the power of all nodes goes at once, and what was acknowledged had not been synced. */
    @Test
    void shouldHaveOnItsDisksWhatItAcknowledgedWhenThePowerGoes() throws Exception {
        assumeTrue(Shell.mounts(), "it takes root to mount disks");
        play("power-of-all", 3, MEGABYTES, (story, cluster, random) -> each(story, cluster, random, List.of(Kind.POWER_ALL,
            Kind.POWER_ALL, Kind.POWER_ALL)));
    }

    /** NATS 2.12.1 (nats-server#7567): the power of one node goes, others stand still, and there are two histories. */
    @Test
    void shouldHaveOneHistoryWhenThePowerOfOneGoesAndOthersStandStill() throws Exception {
        assumeTrue(Shell.mounts(), "it takes root to mount disks");
        play("power-of-one-and-pauses", 3, MEGABYTES, (story, cluster, random) -> {
            for (int i = 0; i < 3; i++) {
                Story.pass(2_000);
                String one = cluster.names().get(i);
                String second = cluster.names().get((i + 1) % 3);
                String third = cluster.names().get((i + 2) % 3);
                cluster.pause(second);
                Story.pass(500);
                cluster.disk(one).powerOff();
                cluster.pause(third);
                cluster.kill(one);
                cluster.disk(one).powerOn();
                cluster.launch(one);
                cluster.resume(second); // with the one that forgot it is a majority
                Story.pass(4_000);
                cluster.pause(second);
                cluster.resume(third);
                Story.pass(4_000);
                cluster.resume(second);
                story.tell("power of " + one + ", pauses of " + second + " and " + third);
            }
        });
    }

    /** RabbitMQ 3.x: acknowledged messages are lost under partitions of one shape or another. */
    @Test
    void shouldLoseNothingUnderPartitionsOfAnyShape() throws Exception {
        play("partitions-of-any-shape", 5, 0, (story, cluster, random) -> each(story, cluster, random, List.of(Kind.CUT_OFF,
            Kind.DEAF,
            Kind.MUTE, Kind.BRIDGE, Kind.RING, Kind.HALVES)));
    }

    /** Redpanda 21.10.1: messages that were acknowledged are at other offsets, twice, or not there, after leaders changed. */
    @Test
    void shouldFindEachMessageAtTheSequenceThatWasTold() throws Exception {
        play("leaders-change", 3, 0, (story, cluster, random) -> each(story, cluster, random, List.of(Kind.PAUSE, Kind.KILL,
            Kind.CUT_OFF,
            Kind.PAUSE, Kind.KILL, Kind.MUTE)));
    }
}
