package org.memphisee.core.partition.publish;

import org.memphisee.core.log.StoreException;
import org.memphisee.core.partition.log.StoredMessages;
import org.memphisee.port.PublishRequest;

/**
 * Answers those who publish a message again, under an id that is known: with the first one when that is durable, because
 * "duplicate" promises it. Shard's thread only.
 */
final class RepeatedIds {

    private final String stream;
    private IdWindow ids;
    private final StoredMessages messages;
    private final Uncommitted uncommitted;
    /** Why some of what was given out may be stored or not, until a recovery tells; null while all is known. */
    private StoreException undecided;

    RepeatedIds(String stream, IdWindow ids, StoredMessages messages, Uncommitted uncommitted) {
        this.stream = stream;
        this.ids = ids;
        this.messages = messages;
        this.uncommitted = uncommitted;
    }

    /** Which ids are known is told by this one from now on. */
    void ids(IdWindow other) {
        ids = other;
    }

    /** Some of what was given out may be stored or not, until a recovery tells. */
    void undecided(StoreException cause) {
        undecided = cause;
    }

    /** Whether that is so of some. */
    boolean undecided() {
        return undecided != null;
    }

    /** Whether the id is known; if so, the publisher is answered, now or later. */
    boolean answered(String id, PublishRequest r, PublishOrigin to, long now) {
        long known = ids.find(id, now);
        if (known == IdWindow.ELSEWHERE) {
            answerFromElsewhere(r, to);
        } else if (known > 0 && !answerWith(known, r, to, BatchBuilder.Awaited.DUPLICATE)) {
            answerUndecided(r, to);
        }
        return known != 0;
    }

    /** Has the partition answer that was found to have the id. */
    void answerFromElsewhere(PublishRequest r, PublishOrigin to) {
        if (to != PublishOrigin.NOBODY && !ids.refer(r, to)) {
            inProcess(r, to);
        }
    }

    /**
     * Answers for a message that was published to another partition of the station again.
     *
     * @param sequence its sequence here, 0 when it is known no more
     * @return false when it was never written and never will be
     */
    boolean repeated(long sequence, PublishRequest r, PublishOrigin to) {
        if (sequence > 0 && answerWith(sequence, r, to, BatchBuilder.Awaited.ELSEWHERE)) {
            return true;
        }
        if (sequence > 0 && undecided()) {
            answerUndecided(r, to);
            return true;
        }
        inProcess(r, to);
        return false;
    }

    /** Tells a message that is stored, when it is durable. False when it is nowhere. */
    private boolean answerWith(long sequence, PublishRequest r, PublishOrigin to, BatchBuilder.Awaited as) {
        if (sequence <= messages.lastSequence()) {
            to.ended(r, new PublishOutcome.Stored(stream, sequence, true));
            return true;
        }
        BatchBuilder.Waiting waiting = uncommitted.waitingFor(sequence);
        if (waiting == null) {
            return false;
        }
        waiting.add(to, r, sequence, as);
        return true;
    }

    private void answerUndecided(PublishRequest r, PublishOrigin to) {
        if (!undecided()) {
            inProcess(r, to);
        } else {
            to.ended(r, new PublishOutcome.Unknown(stream, undecided.getMessage()));
        }
    }

    private void inProcess(PublishRequest r, PublishOrigin to) {
        to.ended(r, new PublishOutcome.Refused(stream, PublishRefusal.ID_IN_PROCESS, ""));
    }
}
