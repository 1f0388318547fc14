package org.memphisee.core.control;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.memphisee.core.stream.StreamConfig;

/** The streams that exist, by number, name and subject, each with its consumers. Control loop only. */
final class StreamTable {

    /** A stream with its consumers by name. */
    private static final class Entry {
        private StreamDefinition stream;
        private final TreeMap<String, ConsumerDefinition> consumers = new TreeMap<>();

        private Entry(StreamDefinition stream) {
            this.stream = stream;
        }
    }

    private final Map<Long, Entry> byId = new HashMap<>();
    private final TreeMap<String, Long> byName = new TreeMap<>();
    /** Names of streams without a native station, by their lower-case form. */
    private final Map<String, TreeSet<String>> plainByLowerName = new HashMap<>();
    private final StreamsBySubject subjects = new StreamsBySubject();
    private long consumerCount;

    int size() {
        return byId.size();
    }

    long consumerCount() {
        return consumerCount;
    }

    boolean has(long partitionId) {
        return byId.containsKey(partitionId);
    }

    Set<Long> partitionIds() {
        return Set.copyOf(byId.keySet());
    }

    Optional<StreamDefinition> byName(String name) {
        Long id = byName.get(name);
        return id == null ? Optional.empty() : Optional.of(byId.get(id).stream);
    }

    Optional<StreamDefinition> byId(long partitionId) {
        return Optional.ofNullable(byId.get(partitionId)).map(entry -> entry.stream);
    }

    /** All, by name. */
    Stream<StreamDefinition> all() {
        return byName.values().stream().map(id -> byId.get(id).stream);
    }

    /** Those with a subject that collides with the pattern, by name. */
    Stream<StreamDefinition> colliding(String pattern) {
        return subjects.colliding(pattern).stream().map(id -> byId.get(id).stream)
            .sorted((a, b) -> a.name().compareTo(b.name()));
    }

    /** Whether another stream than the given partition (0 for none) stores one of the subjects. */
    boolean subjectsTaken(List<String> patterns, long exceptPartition) {
        return subjects.taken(patterns, exceptPartition);
    }

    /** The only one without native station whose name equals this one but for case; empty when there are several. */
    Optional<StreamDefinition> plainAlike(String name) {
        TreeSet<String> alike = plainByLowerName.get(name.toLowerCase(Locale.ROOT));
        return alike == null || alike.size() > 1 ? Optional.empty() : byName(alike.first());
    }

    void add(StreamDefinition stream) {
        byId.put(stream.partitionId(), new Entry(stream));
        byName.put(stream.name(), stream.partitionId());
        subjects.put(stream.partitionId(), stream.config().subjects());
        if (!stream.owned()) {
            plainByLowerName.computeIfAbsent(stream.name().toLowerCase(Locale.ROOT), n -> new TreeSet<>())
                .add(stream.name());
        }
    }

    void update(long partitionId, StreamConfig config) {
        Entry entry = byId.get(partitionId);
        if (entry != null) {
            entry.stream = entry.stream.with(config);
            subjects.put(partitionId, config.subjects());
        }
    }

    /** Removes a stream with its consumers; tells what it was, empty when there was none. */
    Optional<StreamDefinition> remove(long partitionId) {
        Entry entry = byId.remove(partitionId);
        if (entry == null) {
            return Optional.empty();
        }
        StreamDefinition stream = entry.stream;
        consumerCount -= entry.consumers.size();
        byName.remove(stream.name());
        subjects.remove(partitionId);
        plainByLowerName.computeIfPresent(stream.name().toLowerCase(Locale.ROOT), (lower, names) -> {
            if (!stream.owned()) {
                names.remove(stream.name());
            }
            return names.isEmpty() ? null : names;
        });
        return Optional.of(stream);
    }

    // ---- consumers

    Optional<ConsumerDefinition> consumer(long partitionId, String name) {
        Entry entry = byId.get(partitionId);
        return entry == null ? Optional.empty() : Optional.ofNullable(entry.consumers.get(name));
    }

    /** All consumers of a partition, by name; a view. */
    Collection<ConsumerDefinition> consumers(long partitionId) {
        Entry entry = byId.get(partitionId);
        return entry == null ? List.of() : Collections.unmodifiableCollection(entry.consumers.values());
    }

    /** Adds or replaces a consumer, if its stream is there. */
    void put(ConsumerDefinition consumer) {
        Entry entry = byId.get(consumer.partitionId());
        if (entry != null && entry.consumers.put(consumer.name(), consumer) == null) {
            consumerCount++;
        }
    }

    /** Removes a consumer, if it is there. */
    void drop(long partitionId, String name) {
        Entry entry = byId.get(partitionId);
        if (entry != null && entry.consumers.remove(name) != null) {
            consumerCount--;
        }
    }
}
