package org.memphisee.core.deadletters;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import org.memphisee.core.api.AnsweredPublisher;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.StationLayout;
import org.memphisee.core.errand.AnyPartition;
import org.memphisee.core.errand.LetterTries;
import org.memphisee.core.errand.TakeLetters;
import org.memphisee.core.letters.Letter;
import org.memphisee.core.letters.LetterGroup;
import org.memphisee.core.partition.PartitionHandle;
import org.memphisee.core.partition.PartitionOperations;
import org.memphisee.core.partition.log.StoredMessage;

/**
 * Takes letters where they are to go, looking for them once a second: copies into dead-letter stations ({@link LetterCopies}), and
 * messages again to the groups that are to have them, until a member acknowledges. What is to go where is stored with the letters, so
 * that a restart takes it up. Any thread.
 */
public final class LetterPost {

    /** Letters of one partition that are taken at once. */
    private static final int SLICE = 200;
    /** So often, one behind the other, for messages that come again: 20,000 in a second of one partition. */
    private static final int MOST_SLICES = 100;
    /** Slices whose attempts become durable together, which takes a tenth of a second. */
    private static final int SLICES_PER_WRITE = 5;
    /** Headers and payloads that come again of one partition in a second, after the first slice; a member must keep up with it. */
    private static final long MOST_BYTES = 16L << 20;
    /** Slices that have not gone on for so long are given up: the partition stores nothing any more. */
    private static final long LOST_NANOS = 10_000_000_000L;
    /** Groups whose members ask that are remembered, and how long. */
    private static final int MOST_ASKERS = 10_000;
    private static final long ASKED_NANOS = 60_000_000_000L;
    /** Figures of other nodes that are so new tell where something is due, nanoseconds. */
    private static final long FRESH_NANOS = 1_000_000_000L;

    private record Asker(String station, String group) { }

    private final ControlEngine engine;
    private final AnsweredPublisher publisher;
    private final LetterPlaces places;
    private final LetterCopies copies;
    private final Map<Asker, Long> askers = new ConcurrentHashMap<>();
    /** Partitions of which messages come again, and since when the slice is on its way. */
    private final Map<Long, Long> slices = new ConcurrentHashMap<>();

    LetterPost(ControlEngine engine, AnsweredPublisher publisher, LetterPlaces places) {
        this.engine = engine;
        this.publisher = publisher;
        this.places = places;
        this.copies = new LetterCopies(engine, publisher);
    }

    /** Looks what there is to do, every second. */
    void look() {
        long before = engine.clock().nowNanos() - ASKED_NANOS;
        askers.values().removeIf(asked -> asked - before < 0);
        engine.resume(() -> engine.definitions().streams().forEach(stream -> {
            PartitionHandle handle = engine.registry().byName(stream.name()).orElse(null);
            if (handle == null) {
                return;
            }
            if (handle.deadLetters().toCopy() > 0) {
                copies.begin(stream, handle);
            }
            if (handle.deadLetters().toResend() > 0 && !underWay(handle.id())) {
                slices.put(handle.id(), engine.clock().nowNanos());
                handle.run(p -> resend(p, handle, LetterPlaces.station(stream), 1, 0));
            }
        }));
    }

    // ---- again

    private boolean underWay(long partition) {
        Long since = slices.get(partition);
        return since != null && engine.clock().nowNanos() - since < LOST_NANOS;
    }

    /** The next slices follow when it is durable that these were tried: they share a write with what others store. */
    private void resend(PartitionOperations p, PartitionHandle handle, String station, int slice, long bytesBefore) {
        long bytes = bytesBefore;
        long now = engine.clock().wallNanos();
        Map<String, String> subjects = new HashMap<>();
        for (String group : p.letters().due(now)) { // who does not listen waits, however long, and holds up nobody
            listening(station, group).ifPresent(subject -> subjects.put(group, subject));
        }
        List<Letter> some = p.letters().due(subjects.keySet(), now, SLICE);
        LetterTries tries = new LetterTries(p, now);
        LetterPlaces.Known place = new LetterPlaces.Known(handle.name(), station);
        for (Letter letter : some) {
            bytes += letter.size();
            for (LetterGroup group : letter.groups()) {
                if (due(group, now) && subjects.containsKey(group.name())) {
                    tries.tried(letter.id(), group);
                    places.remember(letter.id(), place);
                    String subject = subjects.get(group.name());
                    p.letters().read(letter.id(), read -> read.found().ifPresent(m -> publisher.publish(subject,
                        LetterHeaders.with(m.header(), again(letter.id(), group.name())), m.payload())));
                }
            }
        }
        if (some.size() < SLICE || slice == MOST_SLICES || bytes > MOST_BYTES || subjects.values().stream().anyMatch(publisher::behind)) {
            slices.remove(handle.id());
            return;
        }
        slices.put(handle.id(), engine.clock().nowNanos());
        long sent = bytes;
        Runnable next = () -> handle.run(then -> resend(then, handle, station, slice + 1, sent));
        if (slice % SLICES_PER_WRITE == 0) {
            p.whenCursorsDurable(next);
        } else {
            next.run(); // behind what others ask of the shard meanwhile
        }
    }

    /** Members that ask instead of listening get what is due to their group. */
    CompletableFuture<List<Resent>> take(String station, List<String> streams, String group, int messages, long bytes) {
        if (askers.size() < MOST_ASKERS) {
            askers.put(new Asker(station, group), engine.clock().nowNanos());
        }
        List<AnyPartition> all = streams.stream().flatMap(name -> places.stream(name).stream()).toList();
        return engine.errands().refresh(all, FRESH_NANOS).thenCompose(fresh -> take(station, all.stream()
            .filter(partition -> partition.figures().letters().toResend() > 0).toList(), 0, group, messages, bytes, new ArrayList<>()));
    }

    /** What cannot be had at the moment comes with another fetch. */
    private CompletableFuture<List<Resent>> take(String station, List<AnyPartition> partitions, int from, String group, int messages, long bytes,
                                                 List<Resent> taken) {
        if (from == partitions.size() || messages <= 0 || bytes <= 0) {
            return CompletableFuture.completedFuture(taken);
        }
        AnyPartition partition = partitions.get(from);
        return partition.runNow(new TakeLetters(group, messages, bytes)).exceptionally(why -> List.of()).thenCompose(some -> {
            long left = bytes;
            LetterPlaces.Known place = new LetterPlaces.Known(partition.name(), station);
            for (TakeLetters.Taken one : some) {
                StoredMessage m = one.message();
                left -= m.header().length + m.payload().length;
                places.remember(one.id(), place);
                taken.add(new Resent(one.id(), m.subject(), LetterHeaders.with(m.header(), again(one.id(), group)), m.payload()));
            }
            return take(station, partitions, from + 1, group, messages - some.size(), left, taken);
        });
    }

    private static boolean due(LetterGroup group, long now) {
        return group.resending() && group.dueNanos() <= now;
    }

    private static Map<String, String> again(long id, String group) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("$memphis_pm_id", Long.toString(id));
        headers.put("$memphis_pm_cg_name", StationLayout.externalName(group));
        headers.put("$memphis_producedBy", "$memphis_dls");
        return headers;
    }

    /** Whether a member of a group listens for messages that come again, or asked for such in the last minute. */
    boolean reached(String station, String group) {
        return listening(station, group).isPresent() || askers.containsKey(new Asker(station, group));
    }

    /** Where members of a group listen for messages that come again; old SDKs elsewhere (wire-protocol.md 4.7). */
    Optional<String> listening(String station, String group) {
        String stem = "$memphis_dls_" + StationLayout.internalName(station);
        String subject = stem + "." + group;
        String old = stem + "_" + group;
        return publisher.heard(subject) ? Optional.of(subject) : publisher.heard(old) ? Optional.of(old) : Optional.empty();
    }
}
