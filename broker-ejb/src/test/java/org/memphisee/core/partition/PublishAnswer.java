package org.memphisee.core.partition;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.memphisee.core.partition.publish.PublishOrigin;
import org.memphisee.core.partition.publish.PublishOutcome;
import org.memphisee.core.wire.PubAckWriter;
import org.memphisee.port.PublishRequest;

/** What a publisher heard. */
final class PublishAnswer implements PublishOrigin {
    private final List<PublishOutcome> heard = new ArrayList<>();

    @Override
    public void ended(PublishRequest request, PublishOutcome outcome) {
        heard.add(outcome);
    }

    boolean waiting() {
        return heard.isEmpty();
    }

    private PublishOutcome outcome() {
        if (heard.size() != 1) {
            throw new AssertionError("answers: " + heard);
        }
        return heard.get(0);
    }

    private String unknown() {
        return outcome() instanceof PublishOutcome.Undecided undecided ? undecided.text()
            : ((PublishOutcome.Unknown) outcome()).text();
    }

    /** As a client sees it. */
    String text() {
        PubAckWriter ack = new PubAckWriter();
        int length = outcome() instanceof PublishOutcome.Stored s ? ack.stored(s.stream(), s.sequence(), s.duplicate())
            : outcome() instanceof PublishOutcome.Refused r
                ? ack.refused(r.stream(), r.reason().code(), r.reason().errCode(), r.text())
                : ack.refused("", 503, 10077, unknown());
        return new String(ack.bytes(), 0, length, StandardCharsets.UTF_8);
    }

    long sequence() {
        if (outcome() instanceof PublishOutcome.Stored stored) {
            return stored.sequence();
        }
        throw new AssertionError("refused: " + outcome());
    }

    boolean duplicate() {
        return outcome() instanceof PublishOutcome.Stored stored && stored.duplicate();
    }

    boolean refusedWith(int errCode) {
        return text().contains("\"err_code\":" + errCode + ",");
    }
}
