package org.memphisee.core.jetstream;

import org.memphisee.core.consumer.ConsumerConfig;

/** What an update of a consumer may change (jetstream-api.md 5.8). */
final class ConsumerUpdateRules {

    private ConsumerUpdateRules() { }

    /** Refuses a change of what is fixed at creation; start times are compared by value. */
    static void check(ConsumerConfig old, ConsumerConfig asked) {
        fixed(old.deliverPolicy() == asked.deliverPolicy(), "deliver policy");
        fixed(old.optStartSeq() == asked.optStartSeq(), "start sequence");
        fixed(old.optStartTimeNanos() == asked.optStartTimeNanos(), "start time");
        fixed(old.ackPolicy() == asked.ackPolicy(), "ack policy");
        fixed(old.replayOriginal() == asked.replayOriginal(), "replay policy");
        if (old.push() != asked.push()) {
            throw ApiError.CONSUMER_CHANGE_REFUSED.refusal(old.push()
                ? "can not update push consumer to pull based" : "can not update pull consumer to push based");
        }
        fixed(old.idleHeartbeatNanos() == asked.idleHeartbeatNanos(), "heart beats");
        fixed(old.flowControl() == asked.flowControl(), "flow control");
        fixed(old.maxWaiting() == asked.maxWaiting(), "max waiting");
        if (old.memoryStorage() != asked.memoryStorage()) {
            throw ApiError.CONSUMER_NAME_IN_USE.refusal();
        }
    }

    private static void fixed(boolean same, String what) {
        if (!same) {
            throw ApiError.CONSUMER_CHANGE_REFUSED.refusal(what + " can not be updated");
        }
    }
}
