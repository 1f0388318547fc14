package org.memphisee.core.control.format;

import java.util.Map;

import org.memphisee.core.stream.StreamConfig;

/**
 * A stream's configuration inside an event. What its first format has must be there; a member that came later has a default
 * here, which says what streams did before there was a choice.
 */
final class StreamConfigFormat {

    static final Choice<StreamConfig.Storage> STORAGE = Choice.of(StreamConfig.Storage.class,
        Map.of(StreamConfig.Storage.FILE, "FILE", StreamConfig.Storage.MEMORY, "MEMORY"));

    private static final Choice<StreamConfig.Retention> RETENTION = Choice.of(StreamConfig.Retention.class,
        Map.of(StreamConfig.Retention.LIMITS, "LIMITS", StreamConfig.Retention.INTEREST, "INTEREST",
            StreamConfig.Retention.WORKQUEUE, "WORKQUEUE"));
    private static final Choice<StreamConfig.Discard> DISCARD = Choice.of(StreamConfig.Discard.class,
        Map.of(StreamConfig.Discard.OLD, "OLD", StreamConfig.Discard.NEW, "NEW"));
    private static final Choice<StreamConfig.Durability> DURABILITY = Choice.of(StreamConfig.Durability.class,
        Map.of(StreamConfig.Durability.ALWAYS, "ALWAYS", StreamConfig.Durability.INTERVAL, "INTERVAL"));

    private StreamConfigFormat() { }

    static void write(StreamConfig config, MemberWriter out) {
        out.text("name", config.name())
            .text("description", config.description())
            .texts("subjects", config.subjects())
            .choice("retention", RETENTION, config.retention())
            .number("maxConsumers", config.maxConsumers())
            .number("maxMsgs", config.maxMsgs())
            .number("maxBytes", config.maxBytes())
            .number("maxMsgsPerSubject", config.maxMsgsPerSubject())
            .number("maxAgeNanos", config.maxAgeNanos())
            .number("maxMsgSize", config.maxMsgSize())
            .choice("discard", DISCARD, config.discard())
            .flag("discardNewPerSubject", config.discardNewPerSubject())
            .choice("storage", STORAGE, config.storage())
            .number("replicas", config.replicas())
            .flag("noAck", config.noAck())
            .number("duplicateWindowNanos", config.duplicateWindowNanos())
            .number("firstSeq", config.firstSeq())
            .text("compression", config.compression())
            .flag("allowDirect", config.allowDirect())
            .flag("mirrorDirect", config.mirrorDirect())
            .flag("sealed", config.sealed())
            .flag("denyDelete", config.denyDelete())
            .flag("denyPurge", config.denyPurge())
            .flag("allowRollup", config.allowRollup());
        write(config.republish(), out.object("republish"));
        out.number("consumerInactiveThresholdNanos", config.consumerInactiveThresholdNanos())
            .number("consumerMaxAckPending", config.consumerMaxAckPending())
            .textsByName("metadata", config.metadata())
            .choice("durability", DURABILITY, config.durability())
            .number("unclaimedAgeNanos", config.unclaimedAgeNanos());
        write(config.placement(), out.object("placement"));
    }

    static StreamConfig read(MemberReader in) throws FormatException {
        return new StreamConfig(
            in.text("name"),
            in.text("description"),
            in.texts("subjects"),
            in.choice("retention", RETENTION),
            in.number("maxConsumers"),
            in.number("maxMsgs"),
            in.number("maxBytes"),
            in.number("maxMsgsPerSubject"),
            in.number("maxAgeNanos"),
            in.smallNumber("maxMsgSize"),
            in.choice("discard", DISCARD),
            in.flag("discardNewPerSubject"),
            in.choice("storage", STORAGE),
            in.smallNumber("replicas"),
            in.flag("noAck"),
            in.number("duplicateWindowNanos"),
            in.number("firstSeq"),
            in.text("compression"),
            in.flag("allowDirect"),
            in.flag("mirrorDirect"),
            in.flag("sealed"),
            in.flag("denyDelete"),
            in.flag("denyPurge"),
            in.flag("allowRollup"),
            republish(in.object("republish")),
            in.number("consumerInactiveThresholdNanos"),
            in.number("consumerMaxAckPending"),
            in.textsByName("metadata"),
            in.choice("durability", DURABILITY),
            in.number("unclaimedAgeNanos"),
            // only shown, so it came without a version of its own
            in.has("placement") ? placement(in.object("placement")) : StreamConfig.Placement.NONE);
    }

    private static void write(StreamConfig.Republish republish, MemberWriter out) {
        out.text("source", republish.source())
            .text("destination", republish.destination())
            .flag("headersOnly", republish.headersOnly());
    }

    private static StreamConfig.Republish republish(MemberReader in) throws FormatException {
        return new StreamConfig.Republish(in.text("source"), in.text("destination"), in.flag("headersOnly"));
    }

    private static void write(StreamConfig.Placement placement, MemberWriter out) {
        out.text("cluster", placement.cluster()).texts("tags", placement.tags());
    }

    private static StreamConfig.Placement placement(MemberReader in) throws FormatException {
        return new StreamConfig.Placement(in.text("cluster"), in.texts("tags"));
    }
}
