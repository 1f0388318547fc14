package org.memphisee.core.jetstream;

import java.util.List;

import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.consumer.ConsumerConfig.AckPolicy;
import org.memphisee.core.consumer.ConsumerConfig.DeliverPolicy;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.core.subject.Subjects;

/** Completes and checks a consumer configuration against its stream (jetstream-api.md 5.7). */
final class ConsumerRules {

    private static final int MAX_NAME = 255;
    private static final long MILLI = 1_000_000L;
    private static final long DEFAULT_ACK_WAIT = 30_000 * MILLI;
    private static final long DEFAULT_ACK_PENDING = 1000;
    private static final int DEFAULT_WAITING = 512;
    private static final long DEFAULT_INACTIVE = 5_000 * MILLI;

    private ConsumerRules() { }

    /** Refuses what is no consumer name. */
    static void checkName(String name) {
        if (name.length() > MAX_NAME) {
            throw ApiError.CONSUMER_NAME_TOO_LONG.refusal(MAX_NAME);
        }
        if (name.isEmpty() || name.chars().anyMatch(c -> c <= ' ' || c == '.' || c == '*' || c == '>' || c == 0x7f)) {
            throw ApiError.CONSUMER_NAME_INVALID.refusal();
        }
        if (name.indexOf('/') >= 0 || name.indexOf('\\') >= 0) {
            throw ApiError.CONSUMER_NAME_PATH_SEPARATOR.refusal();
        }
    }

    /** The configuration to store, or a refusal. */
    static ConsumerConfig complete(ConsumerConfig c, StreamConfig stream) {
        checkName(c.name());
        checkTexts(c);
        checkFilters(c.filterSubjects(), c.singleFilter());
        checkDeliverPolicy(c);
        checkMode(c, stream);
        checkReplicas(c.replicas(), stream.replicas());
        long maxDeliver = c.maxDeliver() <= 0 ? -1 : c.maxDeliver();
        if (!c.backoffNanos().isEmpty() && maxDeliver != -1 && maxDeliver < c.backoffNanos().size()) {
            throw ApiError.MAX_DELIVER_BELOW_BACKOFF.refusal();
        }
        boolean acks = c.ackPolicy() != AckPolicy.NONE;
        long ackWait = !c.backoffNanos().isEmpty() ? c.backoffNanos().get(0)
            : acks && c.ackWaitNanos() == 0 ? DEFAULT_ACK_WAIT : c.ackWaitNanos();
        return new ConsumerConfig(c.name(), c.durable(), c.description(), c.deliverPolicy(), c.optStartSeq(),
            c.optStartTimeNanos(), c.ackPolicy(), ackWait, maxDeliver, c.backoffNanos(), c.filterSubjects(),
            c.singleFilter(), c.replayOriginal(), c.rateLimitBps(), c.sampleFreq(),
            !c.push() && c.maxWaiting() == 0 ? DEFAULT_WAITING : c.maxWaiting(), ackPending(c, stream),
            c.idleHeartbeatNanos(), c.flowControl(), c.headersOnly(), c.maxBatch(), c.maxExpiresNanos(), c.maxBytes(),
            c.deliverSubject(), c.deliverGroup(), inactive(c, stream), c.replicas(), c.memoryStorage(), c.metadata());
    }

    private static void checkTexts(ConsumerConfig c) {
        if (c.description().length() > StreamConfigReader.MAX_DESCRIPTION) {
            throw ApiError.CONSUMER_DESCRIPTION_TOO_LONG.refusal(StreamConfigReader.MAX_DESCRIPTION);
        }
        if (StreamConfigReader.metadataSize(c.metadata()) > StreamConfigReader.MAX_METADATA) {
            throw ApiError.CONSUMER_METADATA_TOO_LARGE.refusal(StreamConfigReader.MAX_METADATA);
        }
    }

    private static void checkFilters(List<String> filters, boolean single) {
        for (int i = 0; i < filters.size(); i++) {
            String filter = filters.get(i);
            if (filter.isEmpty() && !single) {
                throw ApiError.FILTER_EMPTY.refusal();
            }
            if (!Subjects.validPattern(filter)) {
                throw ApiError.FILTER_NOT_SUBSET.refusal();
            }
            for (int k = 0; k < i; k++) {
                if (Subjects.collide(filters.get(k), filter)) {
                    throw ApiError.FILTERS_OVERLAP.refusal();
                }
            }
        }
    }

    private static void checkDeliverPolicy(ConsumerConfig c) {
        String policy = "consumer delivery policy is deliver " + StreamJson.lower(c.deliverPolicy()).replace('_', ' ');
        if (c.deliverPolicy() == DeliverPolicy.BY_START_SEQUENCE) {
            require(c.optStartSeq() > 0, policy + ", but optional start sequence is not set");
            require(c.optStartTimeNanos() == 0, policy + ", but optional start time is also set");
        } else if (c.deliverPolicy() == DeliverPolicy.BY_START_TIME) {
            require(c.optStartTimeNanos() != 0, policy + ", but optional start time is not set");
            require(c.optStartSeq() == 0, policy + ", but optional start sequence is also set");
        } else {
            require(c.optStartSeq() == 0, policy + ", but optional start sequence is also set");
            require(c.optStartTimeNanos() == 0, policy + ", but optional start time is also set");
        }
        if (c.deliverPolicy() == DeliverPolicy.LAST_PER_SUBJECT) {
            require(!c.filterSubjects().isEmpty(), policy + ", but optional filter subject is not set");
        }
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw ApiError.DELIVER_POLICY_INVALID.refusal(otherwise);
        }
    }

    private static void checkMode(ConsumerConfig c, StreamConfig stream) {
        if (c.push()) {
            checkPush(c, stream);
        } else {
            checkPull(c);
        }
        if (c.maxBatch() < 0) {
            throw ApiError.MAX_BATCH_NEGATIVE.refusal();
        }
        if (c.maxExpiresNanos() != 0 && c.maxExpiresNanos() < MILLI) {
            throw ApiError.MAX_EXPIRES_TOO_SHORT.refusal();
        }
        if (stream.retention() == StreamConfig.Retention.WORKQUEUE) {
            if (!c.push() && c.ackPolicy() == AckPolicy.NONE) {
                throw ApiError.PULL_REQUIRES_ACK.refusal();
            }
            if (c.ackPolicy() != AckPolicy.EXPLICIT) {
                throw ApiError.WORKQUEUE_REQUIRES_EXPLICIT_ACK.refusal();
            }
            if (c.deliverPolicy() != DeliverPolicy.ALL) {
                throw ApiError.WORKQUEUE_REQUIRES_DELIVER_ALL.refusal();
            }
        }
    }

    private static void checkPush(ConsumerConfig c, StreamConfig stream) {
        if (Subjects.hasWildcard(c.deliverSubject())) {
            throw ApiError.DELIVER_SUBJECT_WILDCARD.refusal();
        }
        if (!Subjects.validLiteral(c.deliverSubject()) || StorableSubjects.reserved(c.deliverSubject())) {
            throw ApiError.DELIVER_SUBJECT_INVALID.refusal();
        }
        if (stream.subjects().stream().anyMatch(subject -> Subjects.matches(subject, c.deliverSubject()))) {
            throw ApiError.DELIVER_SUBJECT_CYCLE.refusal();
        }
        if (c.maxWaiting() != 0) {
            throw ApiError.PUSH_WITH_MAX_WAITING.refusal();
        }
        if (c.ackPolicy() == AckPolicy.NONE && c.maxAckPending() > 0) {
            throw ApiError.MAX_ACK_PENDING_WITHOUT_ACK.refusal();
        }
        if (c.idleHeartbeatNanos() != 0 && c.idleHeartbeatNanos() < 100 * MILLI) {
            throw ApiError.HEARTBEAT_TOO_SHORT.refusal();
        }
        if (c.flowControl() && c.idleHeartbeatNanos() == 0) {
            throw ApiError.FLOW_CONTROL_NEEDS_HEARTBEAT.refusal();
        }
    }

    private static void checkPull(ConsumerConfig c) {
        if (c.rateLimitBps() > 0) {
            throw ApiError.PULL_WITH_RATE_LIMIT.refusal();
        }
        if (c.maxWaiting() < 0) {
            throw ApiError.MAX_WAITING_NEGATIVE.refusal();
        }
        if (c.idleHeartbeatNanos() != 0) {
            throw ApiError.HEARTBEAT_REQUIRES_PUSH.refusal();
        }
        if (c.flowControl()) {
            throw ApiError.FLOW_CONTROL_REQUIRES_PUSH.refusal();
        }
    }

    /** None, or at most as many as the stream has, with which the consumer is. */
    private static void checkReplicas(int replicas, int ofStream) {
        if (replicas < 0) {
            throw ApiError.REPLICAS_NEGATIVE.refusal();
        }
        if (replicas > ofStream) {
            throw ofStream > 1 ? ApiError.REPLICAS_ABOVE_STREAM.refusal() : ApiError.REPLICAS_NOT_SUPPORTED.refusal();
        }
    }

    private static long ackPending(ConsumerConfig c, StreamConfig stream) {
        long limit = stream.consumerMaxAckPending();
        if (c.maxAckPending() == 0) {
            return limit > 0 ? limit : c.ackPolicy() == AckPolicy.NONE ? -1 : DEFAULT_ACK_PENDING;
        }
        boolean unlimited = c.maxAckPending() < 0 && c.ackPolicy() != AckPolicy.NONE;
        if (limit > 0 && (unlimited || c.maxAckPending() > limit)) {
            throw ApiError.MAX_ACK_PENDING_ABOVE_LIMIT.refusal(limit);
        }
        return Math.max(-1, c.maxAckPending());
    }

    /** Whether nothing but the broker's default says how long an unused consumer lives. */
    static boolean takesDefaultLife(ConsumerConfig asked, StreamConfig stream) {
        return !asked.durable() && asked.inactiveThresholdNanos() == 0 && stream.consumerInactiveThresholdNanos() == 0;
    }

    private static long inactive(ConsumerConfig c, StreamConfig stream) {
        long limit = stream.consumerInactiveThresholdNanos();
        if (c.inactiveThresholdNanos() == 0) {
            return takesDefaultLife(c, stream) ? DEFAULT_INACTIVE : limit;
        }
        if (limit > 0 && c.inactiveThresholdNanos() > limit) {
            throw ApiError.INACTIVE_THRESHOLD_ABOVE_LIMIT.refusal(limit);
        }
        return c.inactiveThresholdNanos();
    }
}
