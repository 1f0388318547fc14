package org.memphisee.core.jetstream;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.memphisee.core.stream.StreamConfig;
import org.memphisee.core.stream.StreamConfig.Discard;
import org.memphisee.core.stream.StreamConfig.Retention;
import org.memphisee.core.stream.StreamConfig.Storage;
import org.memphisee.core.subject.Subjects;

/** Reads, checks and completes a stream configuration (jetstream-api.md 5.3). */
final class StreamConfigReader {

    static final int MAX_NAME = 255;
    static final int MAX_DESCRIPTION = 4 * 1024;
    static final int MAX_METADATA = 128 * 1024;
    static final int MAX_REPLICAS = 5;
    private static final String MIRROR = "mirror";
    private static final long MILLI = 1_000_000L;
    private static final long DEFAULT_WINDOW = 120_000 * MILLI;
    /** What a configuration may say. Some of it is taken and not obeyed, because old clients always send it. */
    private static final Set<String> KNOWN = Set.of("name", "description", "subjects", "retention", "max_consumers",
        "max_msgs", "max_bytes", "max_age", "max_msgs_per_subject", "max_msg_size", "discard", "discard_new_per_subject",
        "storage", "num_replicas", "no_ack", "duplicate_window", "placement", MIRROR, "sources", "first_seq",
        "compression", "subject_transform", "republish", "allow_direct", "mirror_direct", "sealed", "deny_delete",
        "deny_purge", "allow_rollup_hdrs", "consumer_limits", "metadata", "template_owner", "tiered_storage_enabled",
        "allow_msg_ttl", "action", "pedantic");

    private StreamConfigReader() { }

    /**
     * The configuration a client sent, defaults filled in; refused when a rule is broken.
     *
     * @param clustered whether there may be copies on other nodes
     */
    static StreamConfig read(ApiFields f, boolean clustered) {
        f.refuseUnknown(KNOWN, Map.of("persist_mode", "default"));
        String name = f.text("name");
        checkName(name);
        refuseWhatIsMissingHere(f);
        long maxAge = duration(f.number("max_age"), "max age needs to be >= 100ms");
        Discard discard = choice(f.text("discard"), Map.of("old", Discard.OLD, "new", Discard.NEW), Discard.OLD);
        boolean perSubject = f.flag("discard_new_per_subject");
        long perSubjectLimit = limit(f.number("max_msgs_per_subject"));
        if (perSubject && discard != Discard.NEW) {
            throw invalid("discard new per subject requires discard new policy to be set");
        }
        if (perSubject && perSubjectLimit <= 0) {
            throw invalid("discard new per subject requires max msgs per subject > 0");
        }
        boolean denyPurge = f.flag("deny_purge");
        boolean rollup = f.flag("allow_rollup_hdrs");
        if (denyPurge && rollup) {
            throw invalid("roll-ups require the purge permission");
        }
        List<String> subjects = subjects(f.texts("subjects"), name);
        ApiFields limits = f.object("consumer_limits").onlyKnown(Set.of("inactive_threshold", "max_ack_pending"));
        Map<String, String> metadata = metadata(f.map("metadata"));
        return new StreamConfig(name, description(f.text("description")), subjects,
            choice(f.text("retention"), Map.of("limits", Retention.LIMITS, "interest", Retention.INTEREST, "workqueue",
                Retention.WORKQUEUE), Retention.LIMITS),
            limit(f.number("max_consumers")), limit(f.number("max_msgs")), limit(f.number("max_bytes")), perSubjectLimit,
            maxAge, (int) limit(f.smallNumber("max_msg_size")), discard, perSubject,
            choice(f.text("storage"), Map.of("file", Storage.FILE, "memory", Storage.MEMORY), Storage.FILE),
            replicas(f.smallNumber("num_replicas"), clustered), f.flag("no_ack"), window(f.number("duplicate_window"), maxAge),
            f.unsigned("first_seq"), choice(f.text("compression"), Map.of("none", "none", "s2", "s2"), "none"),
            f.flag("allow_direct"), f.flag("mirror_direct"), f.flag("sealed"), f.flag("deny_delete"), denyPurge, rollup,
            Republishing.read(f, subjects), Math.max(0, limits.number("inactive_threshold")),
            Math.max(0, limits.number("max_ack_pending")), metadata, durability(metadata), 0, placement(f));
    }

    /** Refuses what is no stream name. */
    static void checkName(String name) {
        if (name.isEmpty() || name.chars().anyMatch(c -> c <= ' ' || c == '.' || c == '*' || c == '>' || c == 0x7f)) {
            throw invalid("stream name is required and can not contain '.', '*', '>'");
        }
        if (name.length() > MAX_NAME) {
            throw invalid("stream name is too long, maximum allowed is " + MAX_NAME);
        }
        if (name.indexOf('/') >= 0 || name.indexOf('\\') >= 0) {
            throw ApiError.STREAM_NAME_PATH_SEPARATOR.refusal();
        }
    }

    private static void refuseWhatIsMissingHere(ApiFields f) {
        for (String member : List.of(MIRROR, "sources", "subject_transform")) {
            if (f.says(member)) {
                throw invalid(member + " is not supported by this server");
            }
        }
    }

    private static StreamConfig.Placement placement(ApiFields f) {
        ApiFields p = f.object("placement").onlyKnown(Set.of("cluster", "tags", "preferred"));
        if (p.says("preferred")) {
            throw invalid("preferred server not permitted in placement");
        }
        return new StreamConfig.Placement(p.text("cluster"), p.texts("tags"));
    }

    private static String description(String text) {
        if (text.length() > MAX_DESCRIPTION) {
            throw invalid("stream description is too long, maximum allowed is " + MAX_DESCRIPTION);
        }
        return text;
    }

    /** A stream may choose to be acknowledged before the disk has confirmed (P1). */
    private static StreamConfig.Durability durability(Map<String, String> metadata) {
        return "interval".equals(metadata.get("memphisee.durability")) ? StreamConfig.Durability.INTERVAL
            : StreamConfig.Durability.ALWAYS;
    }

    private static Map<String, String> metadata(Map<String, String> metadata) {
        if (metadataSize(metadata) > MAX_METADATA) {
            throw invalid("stream metadata exceeds maximum size of " + MAX_METADATA);
        }
        return metadata;
    }

    /** Characters of keys and values together. */
    static long metadataSize(Map<String, String> metadata) {
        return metadata.entrySet().stream().mapToLong(e -> e.getKey().length() + e.getValue().length()).sum();
    }

    private static List<String> subjects(List<String> given, String name) {
        List<String> subjects = given.isEmpty() ? List.of(name) : given;
        if (new HashSet<>(subjects).size() < subjects.size()) {
            throw invalid("duplicate subjects detected");
        }
        for (int i = 0; i < subjects.size(); i++) {
            String subject = subjects.get(i);
            if (!Subjects.validPattern(subject)) {
                throw invalid("invalid subject");
            }
            for (int k = 0; k < i; k++) {
                if (Subjects.collide(subjects.get(k), subject)) {
                    throw invalid("subject \"" + subjects.get(k) + "\" overlaps with \"" + subject + "\"");
                }
            }
        }
        return subjects;
    }

    private static int replicas(int count, boolean clustered) {
        if (count < 0) {
            throw ApiError.REPLICAS_NEGATIVE.refusal();
        }
        if (count > MAX_REPLICAS) {
            throw invalid("maximum replicas is " + MAX_REPLICAS);
        }
        if (count > 1 && !clustered) {
            throw ApiError.REPLICAS_NOT_SUPPORTED.refusal();
        }
        return count <= 1 ? 1 : count <= 3 ? 3 : MAX_REPLICAS; // rings have odd numbers of members
    }

    private static long window(long given, long maxAge) {
        if (given == 0) {
            return maxAge > 0 ? Math.min(DEFAULT_WINDOW, maxAge) : DEFAULT_WINDOW;
        }
        if (given < 0) {
            throw invalid("duplicates window can not be negative");
        }
        duration(given, "duplicates window needs to be >= 100ms");
        if (maxAge > 0 && given > maxAge) {
            throw invalid("duplicates window can not be larger then max age");
        }
        return given;
    }

    private static long duration(long nanos, String otherwise) {
        if (nanos != 0 && nanos < 100 * MILLI) {
            throw invalid(otherwise);
        }
        return nanos;
    }

    private static long limit(long value) {
        return value <= 0 ? -1 : value;
    }

    /** One of the named values; absent is the default, anything else does not read. */
    static <T> T choice(String given, Map<String, T> values, T otherwise) {
        if (given.isEmpty()) {
            return otherwise;
        }
        T value = values.get(given);
        if (value == null) {
            throw ApiError.INVALID_JSON.refusal();
        }
        return value;
    }

    static ApiRefusal invalid(String text) {
        return ApiError.STREAM_CONFIG_INVALID.refusal(text);
    }
}
