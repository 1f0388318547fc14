package org.memphisee.cluster.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.memphisee.core.partition.publish.PublishOrigin;
import org.memphisee.core.partition.publish.PublishOutcome;
import org.memphisee.port.PublishRequest;

/** A message and what its publisher heard. */
final class Publication implements PublishOrigin {

    final long partition;
    final String subject;
    final String id;
    final String payload;
    private final Contents contents;
    PublishOutcome outcome;

    Publication(long partition, String subject, String id, String payload, Contents contents) {
        this.partition = partition;
        this.subject = subject;
        this.id = id;
        this.payload = payload;
        this.contents = contents;
    }

    PublishRequest request() {
        return Requests.publish(subject, id, payload);
    }

    @Override
    public void ended(PublishRequest request, PublishOutcome what) {
        assertNull(outcome, () -> payload + " ended as " + outcome + " and as " + what);
        outcome = what;
        if (what instanceof PublishOutcome.Stored stored) {
            String there = contents.message(Contents.place(partition, stored.sequence()));
            assertNotNull(there, () -> payload + " is acknowledged and not stored: " + stored);
            assertTrue(stored.duplicate() ? there.contains("Nats-Msg-Id: " + id + "\r\n") : there.endsWith(payload),
                () -> payload + " is acknowledged as " + stored + " where there is " + there);
        } else if (what instanceof PublishOutcome.Refused) {
            contents.absent(payload);
        }
    }

    /** Acknowledged as a new message. */
    boolean stored() {
        return outcome instanceof PublishOutcome.Stored stored && !stored.duplicate();
    }

    boolean refused() {
        return outcome instanceof PublishOutcome.Refused;
    }

    boolean unknown() {
        return outcome instanceof PublishOutcome.Unknown || outcome instanceof PublishOutcome.Undecided;
    }

    long sequence() {
        return ((PublishOutcome.Stored) outcome).sequence();
    }

    /** At the end: what was refused is nowhere, what was acknowledged is where it was said to be. */
    void look() {
        if (refused()) {
            contents.absent(payload);
        } else if (stored()) {
            assertEquals(true, contents.stored(payload), payload);
        }
    }
}
