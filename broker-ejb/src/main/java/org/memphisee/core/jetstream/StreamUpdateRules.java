package org.memphisee.core.jetstream;

import java.util.Collection;
import java.util.stream.Collectors;

import org.memphisee.core.control.ConsumerDefinition;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.core.stream.StreamConfig.Retention;

/** What an update of a stream may change (jetstream-api.md 5.3). */
final class StreamUpdateRules {

    private StreamUpdateRules() { }

    /** The configuration to store, or a refusal. */
    static StreamConfig apply(StreamConfig old, StreamConfig asked) {
        if (!old.name().equals(asked.name())) {
            throw StreamConfigReader.invalid("stream configuration name must match original");
        }
        if (old.maxConsumers() != asked.maxConsumers()) {
            throw StreamConfigReader.invalid("stream configuration update can not change MaxConsumers");
        }
        if (old.replicas() != asked.replicas()) { // moving what there is to another group comes later
            throw ApiError.REPLICAS_NOT_UPDATABLE.refusal();
        }
        if (old.storage() != asked.storage()) {
            throw StreamConfigReader.invalid("stream configuration update can not change storage type");
        }
        if (old.retention() != asked.retention()
            && (old.retention() == Retention.WORKQUEUE || asked.retention() == Retention.WORKQUEUE)) {
            throw StreamConfigReader.invalid(
                "stream configuration update can not change retention policy to/from workqueue");
        }
        if (old.sealed() && !asked.sealed()) {
            throw StreamConfigReader.invalid("stream configuration update can not unseal a sealed stream");
        }
        if (old.denyDelete() && !asked.denyDelete() && !asked.sealed()) {
            throw StreamConfigReader.invalid("stream configuration update can not cancel deny message deletes");
        }
        if (old.denyPurge() && !asked.denyPurge() && !asked.sealed()) {
            throw StreamConfigReader.invalid("stream configuration update can not cancel deny purge");
        }
        return asked.sealed() ? sealed(asked, old.durability()) : with(asked, old.durability());
    }

    /** Refuses limits for consumers, where they changed, that consumers of the stream are above. */
    static void checkConsumers(StreamConfig old, StreamConfig config, Collection<ConsumerDefinition> consumers) {
        long life = config.consumerInactiveThresholdNanos();
        long pending = config.consumerMaxAckPending();
        if (life == old.consumerInactiveThresholdNanos() && pending == old.consumerMaxAckPending()) {
            return;
        }
        String above = consumers.stream()
            .filter(c -> life > 0 && c.config().inactiveThresholdNanos() > life
                || pending > 0 && c.config().maxAckPending() > pending)
            .map(ConsumerDefinition::name).sorted().collect(Collectors.joining(", "));
        if (!above.isEmpty()) {
            throw ApiError.STREAM_UPDATE_REFUSED.refusal("change to limits violates consumers: " + above);
        }
    }

    private static StreamConfig with(StreamConfig c, StreamConfig.Durability durability) {
        return new StreamConfig(c.name(), c.description(), c.subjects(), c.retention(), c.maxConsumers(), c.maxMsgs(),
            c.maxBytes(), c.maxMsgsPerSubject(), c.maxAgeNanos(), c.maxMsgSize(), c.discard(), c.discardNewPerSubject(),
            c.storage(), c.replicas(), c.noAck(), c.duplicateWindowNanos(), c.firstSeq(), c.compression(),
            c.allowDirect(), c.mirrorDirect(), c.sealed(), c.denyDelete(), c.denyPurge(), c.allowRollup(), c.republish(),
            c.consumerInactiveThresholdNanos(), c.consumerMaxAckPending(), c.metadata(), durability, c.unclaimedAgeNanos(),
            c.placement());
    }

    /** Sealing stops every way in which a message could come or go. */
    private static StreamConfig sealed(StreamConfig c, StreamConfig.Durability durability) {
        return new StreamConfig(c.name(), c.description(), c.subjects(), c.retention(), c.maxConsumers(), c.maxMsgs(),
            c.maxBytes(), c.maxMsgsPerSubject(), 0, c.maxMsgSize(), StreamConfig.Discard.NEW, c.discardNewPerSubject(),
            c.storage(), c.replicas(), c.noAck(), c.duplicateWindowNanos(), c.firstSeq(), c.compression(),
            c.allowDirect(), c.mirrorDirect(), true, true, true, false, c.republish(),
            c.consumerInactiveThresholdNanos(), c.consumerMaxAckPending(), c.metadata(), durability, c.unclaimedAgeNanos(),
            c.placement());
    }
}
