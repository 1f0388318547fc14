package org.memphisee.core.consumer;

import java.util.List;
import java.util.Map;

import org.memphisee.core.consumer.ConsumerConfig.AckPolicy;
import org.memphisee.core.consumer.ConsumerConfig.DeliverPolicy;

/** A consumer configuration with the usual values, for tests to change what they are about. */
final class ConfigBuilder {

    DeliverPolicy deliverPolicy = DeliverPolicy.ALL;
    long optStartSeq;
    long optStartTimeNanos;
    AckPolicy ackPolicy = AckPolicy.EXPLICIT;
    long ackWaitNanos = 30 * ConsumerFixture.SECOND;
    long maxDeliver = -1;
    List<Long> backoff = List.of();
    List<String> filters = List.of();
    boolean replayOriginal;
    long rateLimitBps;
    int sampleFreq;
    int maxWaiting = 512;
    long maxAckPending = 1000;
    long idleHeartbeatNanos;
    boolean flowControl;
    boolean headersOnly;
    int maxBatch;
    long maxExpiresNanos;
    int maxBytes;
    String deliverSubject = "";
    String deliverGroup = "";
    long inactiveThresholdNanos;

    ConfigBuilder deliver(DeliverPolicy value) {
        deliverPolicy = value;
        return this;
    }

    ConfigBuilder startSeq(long value) {
        deliverPolicy = DeliverPolicy.BY_START_SEQUENCE;
        optStartSeq = value;
        return this;
    }

    ConfigBuilder startTime(long value) {
        deliverPolicy = DeliverPolicy.BY_START_TIME;
        optStartTimeNanos = value;
        return this;
    }

    ConfigBuilder ack(AckPolicy value) {
        ackPolicy = value;
        return this;
    }

    ConfigBuilder ackWait(long value) {
        ackWaitNanos = value;
        return this;
    }

    ConfigBuilder maxDeliver(long value) {
        maxDeliver = value;
        return this;
    }

    ConfigBuilder backoff(Long... values) {
        backoff = List.of(values);
        ackWaitNanos = values[0];
        return this;
    }

    ConfigBuilder filter(String... values) {
        filters = List.of(values);
        return this;
    }

    ConfigBuilder replayOriginal() {
        replayOriginal = true;
        return this;
    }

    ConfigBuilder rateLimit(long bps) {
        rateLimitBps = bps;
        return this;
    }

    ConfigBuilder sample(int percent) {
        sampleFreq = percent;
        return this;
    }

    ConfigBuilder maxWaiting(int value) {
        maxWaiting = value;
        return this;
    }

    ConfigBuilder maxAckPending(long value) {
        maxAckPending = value;
        return this;
    }

    ConfigBuilder heartbeat(long nanos) {
        idleHeartbeatNanos = nanos;
        return this;
    }

    ConfigBuilder flowControl() {
        flowControl = true;
        return this;
    }

    ConfigBuilder headersOnly() {
        headersOnly = true;
        return this;
    }

    ConfigBuilder pullLimits(int batch, long expires, int bytes) {
        maxBatch = batch;
        maxExpiresNanos = expires;
        maxBytes = bytes;
        return this;
    }

    ConfigBuilder group(String value) {
        deliverGroup = value;
        return this;
    }

    ConfigBuilder deliverSubject(String value) {
        deliverSubject = value;
        return this;
    }

    ConfigBuilder inactive(long nanos) {
        inactiveThresholdNanos = nanos;
        return this;
    }

    ConsumerConfig build() {
        return new ConsumerConfig("grp", true, "", deliverPolicy, optStartSeq, optStartTimeNanos, ackPolicy,
            ackWaitNanos, maxDeliver, backoff, filters, filters.size() == 1, replayOriginal, rateLimitBps, sampleFreq,
            maxWaiting, maxAckPending, idleHeartbeatNanos, flowControl, headersOnly, maxBatch, maxExpiresNanos,
            maxBytes, deliverSubject, deliverGroup, inactiveThresholdNanos, 0, false, Map.of());
    }
}
