package org.memphisee.core.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;

import org.junit.jupiter.api.Test;

import org.memphisee.core.cluster.WriteOutcome;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.stream.StreamConfig;

/** What a partition does when its group cannot tell whether a write survives, or tells that it does not. */
class UndecidedWriteTest {

    private final StationFixture f = new StationFixture(new Random(1), 2, 2, 60 * StationFixture.SECOND,
        StreamConfig.Storage.FILE, false);

    private static StoreException cause() {
        return new StoreException("the connection broke", null, false);
    }

    @Test
    void shouldStoreAnIdNowhereElseWhileItMayBeStored() {
        f.endings.put(0, new WriteOutcome.Unknown(cause()));
        PublishAnswer first = f.publish(0, "a");
        f.settle();
        assertTrue(first.refusedWith(10077) && first.text().contains("only a restart tells"), first.text());
        PublishAnswer elsewhere = f.publish(1, "a");
        f.settle();
        assertTrue(elsewhere.text().contains("only a restart tells"), elsewhere.text());
        assertEquals(0, f.partitions.get(1).state().lastSeq(), "stored once at most");
        PublishAnswer third = f.publish(1, "a");
        PublishAnswer other = f.publish(1, "b");
        f.settle();
        assertTrue(third.text().contains("only a restart tells"), "the id is still taken: " + third.text());
        assertEquals(1, other.sequence());
    }

    @Test
    void shouldAnswerWhoRepeatsWhatMayBeStored() {
        f.endings.put(0, new WriteOutcome.Unknown(cause()));
        f.publish(0, "a");
        f.settle();
        PublishAnswer again = f.publish(0, "a");
        PublishAnswer other = f.publish(0, "b");
        f.settle();
        assertTrue(again.text().contains("only a restart tells"), again.text());
        assertTrue(other.refusedWith(10077) && other.text().contains("frozen"), other.text());
    }

    @Test
    void shouldKnowAfterARestartWhatBecameOfIt() {
        f.endings.put(0, new WriteOutcome.Unknown(cause()));
        f.publish(0, "a");
        f.settle();
        f.crash();
        PublishAnswer again = f.publish(1, "a");
        f.settle();
        assertEquals(1, again.sequence(), "it was not stored, so another partition may have it");
    }

    @Test
    void shouldGiveUpTheIdOfWhatIsLost() {
        f.endings.put(0, new WriteOutcome.Lost(cause()));
        PublishAnswer lost = f.publish(0, "a");
        f.settle();
        assertTrue(lost.refusedWith(10077), lost.text());
        PublishAnswer elsewhere = f.publish(1, "a");
        f.settle();
        assertEquals(1, elsewhere.sequence());
        assertEquals(PartitionLife.FROZEN, f.partitions.get(0).state().life());
    }

    @Test
    void shouldGoOnAfterARefusal() {
        f.endings.put(0, new WriteOutcome.Refused(new StoreException("no space", null, true)));
        PublishAnswer refused = f.publish(0, "a");
        f.settle();
        assertTrue(refused.refusedWith(10023), refused.text());
        PublishAnswer again = f.publish(0, "a");
        f.settle();
        assertEquals(1, again.sequence());
        assertEquals(PartitionLife.SERVING, f.partitions.get(0).state().life());
    }
}
