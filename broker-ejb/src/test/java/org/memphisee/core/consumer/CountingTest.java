package org.memphisee.core.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.core.consumer.ConsumerFixture.pullConfig;

import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memphisee.core.consumer.SimulatedEnvironment.Frame;

/** A consumer that must wait for what it counts: it says nothing that it does not know. */
class CountingTest {

    private final ConsumerFixture f = new ConsumerFixture();

    @BeforeEach
    void begin() {
        f.partition.slow = true;
    }

    private void readAll() {
        while (f.partition.read()) {
            // one after the other
        }
    }

    @Test
    void shouldDeliverWhenItHasCounted() {
        f.store(5).start(pullConfig().filter("orders.*"));
        f.pull("in", 2);
        assertFalse(f.consumer.isCounted());
        f.partition.read();
        assertEquals(List.of(), f.sequences("in"));
        readAll();
        assertTrue(f.consumer.isCounted());
        assertEquals(1, f.env.countsEnded);
        assertEquals(List.of(1L, 2L), f.sequences("in"));
        assertEquals(List.of(4L, 3L), f.messages("in").stream().map(Frame::pending).toList());
    }

    @Test
    void shouldCountWhatComesAndGoesMeanwhileOnce() {
        f.store(5).start(pullConfig().filter("orders.*"));
        assertFalse(f.consumer.isCounted());
        f.partition.read();
        gone(1);
        gone(5);
        f.commit(2);
        readAll();
        assertEquals(5, f.consumer.info().numPending());
    }

    private void gone(long sequence) {
        removed(sequence);
        f.consumer.removalsAnnounced(sequence, sequence);
    }

    private void removed(long sequence) {
        f.partition.remove(sequence);
        f.consumer.messageRemoved(sequence, "orders.new".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /** Removals of a turn are announced at its end: by then what comes after them may have been delivered. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldNotCountForGoodWhatWentBeforeWhatWasDeliveredInTheSameTurn(boolean counted) {
        f.store(2).start(pullConfig());
        assertFalse(f.consumer.isCounted());
        readAll();
        f.commit(3);
        if (counted) {
            assertEquals(5, f.consumer.info().numPending());
        }
        removed(1);
        removed(2);
        removed(3);
        f.pull("in", 1);
        readAll();
        f.consumer.removalsAnnounced(1, 3);
        readAll();
        assertEquals(List.of(4L), f.sequences("in"));
        assertEquals(1, f.messages("in").get(0).pending());
        assertEquals(1, f.consumer.info().numPending());
    }

    @Test
    void shouldBeginAnewWhenTheFilterChangesMeanwhile() {
        f.store(5).start(pullConfig().filter("orders.*"));
        assertFalse(f.consumer.isCounted());
        f.partition.read();
        f.consumer.update(pullConfig().filter("other").build());
        assertFalse(f.consumer.isCounted());
        readAll();
        assertTrue(f.consumer.isCounted());
        assertEquals(0, f.consumer.info().numPending());
    }

    @Test
    void shouldNotSayThatThereIsNothingBeforeItKnows() {
        f.store(3).start(pullConfig().filter("other"));
        f.pullNoWait("in", 1, 0);
        assertEquals(List.of(), f.order("in"));
        readAll();
        assertEquals(List.of("404 No Messages"), f.order("in"));
    }

    @Test
    void shouldFindOutLaterWhatIsGone() {
        f.partition.slow = false;
        f.store(4).start(pullConfig());
        f.pull("in", 3);
        f.partition.slow = true;
        f.partition.remove(2);
        f.consumer.removalsAnnounced(2, 2);
        assertEquals(3, f.consumer.info().numAckPending(), "a record must tell");
        f.consumer.dataReady();
        assertEquals(2, f.consumer.info().numAckPending());
    }
}
