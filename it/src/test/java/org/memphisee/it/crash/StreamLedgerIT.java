package org.memphisee.it.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The crash test's judge is judged: each kind of damage is noticed. Needs no broker. */
final class StreamLedgerIT {
    private final StreamLedger ledger = new StreamLedger("s");

    private static Payload payload(long number) {
        return new Payload(1, number);
    }

    private void assertViolation(String fragment) {
        assertTrue(ledger.violations().stream().anyMatch(v -> v.contains(fragment)), ledger.violations().toString());
    }

    @Test
    void shouldAcceptAHealthyStream() {
        ledger.acknowledged(1, payload(1), false);
        ledger.delivered(1, 1);
        ledger.crashed();
        ledger.holds(1, payload(1));
        ledger.holds(2, payload(2));
        ledger.readToTheEnd(1, 2, 2);
        ledger.delivered(1, 2);
        ledger.delivered(2, 1);
        ledger.consumedToTheEnd(true);
        assertEquals(java.util.List.of(), ledger.violations());
    }

    @Test
    void shouldNoticeAnAcknowledgedMessageThatIsGone() {
        ledger.acknowledged(1, payload(1), false);
        ledger.readToTheEnd(0, 0, 0);
        assertEquals(1, ledger.lost());
        assertViolation("is gone");
    }

    @Test
    void shouldNoticeOtherContentThanAcknowledged() {
        ledger.acknowledged(1, payload(1), false);
        ledger.holds(1, payload(2));
        assertViolation("instead of");
    }

    @Test
    void shouldNoticeASequenceGivenTwice() {
        ledger.holds(1, payload(1));
        ledger.acknowledged(1, payload(2), false);
        assertViolation("but holds");
    }

    @Test
    void shouldNoticeGaps() {
        ledger.holds(1, payload(1));
        ledger.holds(3, payload(2));
        assertViolation("follows 1");
    }

    @Test
    void shouldNoticeDuplicatesAndWrongOrder() {
        ledger.holds(1, payload(2));
        ledger.holds(2, payload(2));
        ledger.holds(3, payload(1));
        assertEquals(1, ledger.duplicated());
        assertViolation("stored twice");
        assertViolation("1 follows 2");
    }

    @Test
    void shouldNoticeRedeliveryAfterADoubleAck() {
        ledger.holds(1, payload(1));
        ledger.delivered(1, 1);
        ledger.acknowledging(1);
        ledger.doubleAcknowledged(1);
        ledger.crashed();
        ledger.delivered(1, 2);
        ledger.consumedToTheEnd(true);
        assertViolation("double ack");
    }

    @Test
    void shouldNoticeUnacknowledgedMessagesThatNeverComeAgain() {
        ledger.holds(1, payload(1));
        ledger.delivered(1, 1);
        ledger.crashed();
        ledger.consumedToTheEnd(true);
        assertViolation("never delivered again");
    }

    @Test
    void shouldNoticeAFloorThatFalls() {
        ledger.floorSeen(10, false, true);
        ledger.floorSeen(9, true, true);
        assertViolation("floor fell");
    }

    @Test
    void shouldNoticeDamagedPayloads() {
        byte[] bytes = payload(3).bytes();
        bytes[150]++;
        assertThrows(AssertionError.class, () -> Payload.parse(bytes));
    }
}
