package org.memphisee.core.partition.letters;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

import org.memphisee.core.letters.Letter;
import org.memphisee.core.letters.LetterFormat;
import org.memphisee.core.letters.LetterGroup;
import org.memphisee.core.log.StoreChange;

/**
 * The letters of a partition in memory, without headers and payloads, and what of them is still to be stored. A record goes with
 * its last letter. Shard's thread only.
 */
final class LetterShelf {

    /** A record and how many of its letters are left. */
    private static final class Held {
        /** Null when the store has it. */
        private final byte[] record;
        private int letters;

        Held(byte[] record) {
            this.record = record;
        }
    }

    private final long partition;
    private final boolean file;
    private final LongConsumer memory;
    private final TreeMap<Long, Letter> letters = new TreeMap<>();
    /** Numbers in the order in which their letters go, by kind. */
    private final Map<Letter.Kind, Set<Long>> byAge = new EnumMap<>(Letter.Kind.class);
    private final Map<Long, Long> bySequence = new HashMap<>();
    private final TreeMap<Long, Held> records = new TreeMap<>();
    private final Set<Long> changed = new LinkedHashSet<>();
    private final List<StoreChange> drops = new ArrayList<>();
    private List<Long> changedInFlight = List.of();
    private List<StoreChange> dropsInFlight = List.of();
    private final long[] bytes = new long[Letter.Kind.values().length];
    private final LetterNews news;
    private int toCopy;
    private int toResend;
    /** Letters of which a copy is missing, by number. */
    private final TreeSet<Long> uncopied = new TreeSet<>();
    /** Letters that wait to be given again, by name of the group. */
    private final Map<String, TreeSet<Due>> waiting = new HashMap<>();

    /** A letter that a group is to have at a time. */
    private record Due(long atNanos, long id) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : Long.compare(id, other.id);
        }
    }

    /**
     * An empty one.
     *
     * @param partition number under which it is stored
     * @param file whether it is stored; else it lives in memory
     * @param memory told of bytes that records in memory take, negative when they are given back
     * @param news told of what changes
     */
    LetterShelf(long partition, boolean file, LongConsumer memory, LetterNews news) {
        this.news = news;
        this.partition = partition;
        this.file = file;
        this.memory = memory;
        for (Letter.Kind kind : Letter.Kind.values()) {
            byAge.put(kind, new LinkedHashSet<>());
        }
    }

    // ---- reading

    Letter get(long id) {
        return letters.get(id);
    }

    /** The letter of a message, or null. */
    Letter ofMessage(long sequence) {
        Long id = bySequence.get(sequence);
        return id == null ? null : letters.get(id);
    }

    /** All of them, by number. */
    Collection<Letter> all() {
        return letters.values();
    }

    /** Those with a smaller number, the newest first. */
    NavigableMap<Long, Letter> below(long id) {
        return letters.headMap(id, false).descendingMap();
    }

    /** Those with a larger number, the oldest first. */
    NavigableMap<Long, Letter> above(long id) {
        return letters.tailMap(id, false);
    }

    int count() {
        return letters.size();
    }

    int count(Letter.Kind kind) {
        return byAge.get(kind).size();
    }

    /** The lowest number, 0 when there is none. */
    long first() {
        return letters.isEmpty() ? 0 : letters.firstKey();
    }

    /** The highest number, 0 when there is none. */
    long last() {
        return letters.isEmpty() ? 0 : letters.lastKey();
    }

    long bytes() {
        long all = 0;
        for (long of : bytes) {
            all += of;
        }
        return all;
    }

    long bytes(Letter.Kind kind) {
        return bytes[kind.ordinal()];
    }

    /** Groups of letters without a copy in the dead-letter station. */
    int toCopy() {
        return toCopy;
    }

    /** Groups of letters that wait for their message. */
    int toResend() {
        return toResend;
    }

    /** The one that goes first, or null. */
    Letter oldest() {
        Letter unacked = oldest(Letter.Kind.UNACKED);
        Letter schema = oldest(Letter.Kind.SCHEMA);
        return unacked == null || schema != null && schema.updatedNanos() < unacked.updatedNanos() ? schema : unacked;
    }

    /** The one of its kind that goes first, or null. */
    Letter oldest(Letter.Kind kind) {
        Iterator<Long> first = byAge.get(kind).iterator();
        return first.hasNext() ? letters.get(first.next()) : null;
    }

    /** First number of the record that holds a letter. */
    long recordOf(long id) {
        return records.floorKey(id);
    }

    /** The record when it is in memory, else null. */
    byte[] record(long first) {
        Held held = records.get(first);
        return held == null ? null : held.record;
    }

    // ---- changing

    /** A record is there; its letters follow. {@code inMemory} is null when the store has it. */
    void record(long first, byte[] inMemory) {
        records.put(first, new Held(inMemory));
        if (inMemory != null) {
            memory.accept(inMemory.length);
        }
    }

    /** The partition goes: memory is given back. */
    void release() {
        records.values().forEach(LetterShelf.this::released);
    }

    private void released(Held held) {
        if (held.record != null) {
            memory.accept(-held.record.length);
        }
    }

    /** A letter came, as it is stored. */
    void add(Letter letter) {
        if (records.floorEntry(letter.id()) == null) {
            throw new IllegalStateException("dead letter " + letter.id() + " has no record");
        }
        records.floorEntry(letter.id()).getValue().letters++;
        letters.put(letter.id(), letter);
        news.changed(letter.id());
        byAge.get(letter.kind()).add(letter.id());
        if (letter.kind() == Letter.Kind.UNACKED) {
            bySequence.put(letter.sequence(), letter.id());
        }
        account(letter, 1);
    }

    /** A letter looks otherwise from now on, and is stored so. */
    void replace(Letter letter) {
        replaceStored(letter);
        changed.add(letter.id());
    }

    /** The same, and the store has it so. */
    void replaceStored(Letter letter) {
        Letter before = letters.put(letter.id(), letter);
        news.changed(letter.id());
        account(before, -1);
        account(letter, 1);
        if (before.updatedNanos() != letter.updatedNanos()) {
            byAge.get(letter.kind()).remove(letter.id());
            byAge.get(letter.kind()).add(letter.id());
        }
    }

    /** A letter goes. */
    void remove(long id) {
        Letter letter = letters.remove(id);
        news.changed(id);
        byAge.get(letter.kind()).remove(id);
        changed.remove(id);
        if (letter.kind() == Letter.Kind.UNACKED) {
            bySequence.remove(letter.sequence(), id);
        }
        account(letter, -1);
        drop(new StoreChange.DropCursor(partition, id));
        Map.Entry<Long, Held> held = records.floorEntry(id);
        if (--held.getValue().letters == 0) {
            records.remove(held.getKey());
            released(held.getValue());
            drop(new StoreChange.DropBatches(partition, List.of(held.getKey())));
        }
    }

    private void drop(StoreChange change) {
        if (file) {
            drops.add(change);
        }
    }

    private void account(Letter letter, int sign) {
        bytes[letter.kind().ordinal()] += sign * letter.accounted();
        boolean copied = true;
        for (LetterGroup g : letter.groups()) {
            toCopy += g.copied() ? 0 : sign;
            copied &= g.copied();
            if (g.resending()) {
                toResend += sign;
                waits(g, new Due(g.dueNanos(), letter.id()), sign > 0);
            }
        }
        if (!copied && sign > 0) {
            uncopied.add(letter.id());
        } else if (!copied) {
            uncopied.remove(letter.id());
        }
    }

    private void waits(LetterGroup group, Due due, boolean from) {
        if (from) {
            waiting.computeIfAbsent(group.name(), name -> new TreeSet<>()).add(due);
            return;
        }
        TreeSet<Due> all = waiting.get(group.name());
        all.remove(due);
        if (all.isEmpty()) {
            waiting.remove(group.name());
        }
    }

    /** The letters with the lowest numbers above one of which a copy is missing, at most so many and so large; one is always given. */
    List<Letter> toCopy(long above, int most, long mostBytes) {
        List<Letter> found = new ArrayList<>();
        long size = 0;
        for (long id : uncopied.tailSet(above, false)) {
            Letter letter = letters.get(id);
            size += letter.size() * letter.groups().stream().filter(g -> !g.copied()).count();
            if (found.size() == most || size > mostBytes && !found.isEmpty()) {
                break;
            }
            found.add(letter);
        }
        return found;
    }

    // ---- giving again

    /** Groups of which a letter is due. */
    Set<String> due(long now) {
        return waiting.entrySet().stream().filter(e -> e.getValue().first().atNanos <= now).map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    }

    /** The letters of which one of the groups is due, those that are due longest first, at most {@code limit}. Looks at no others. */
    List<Letter> due(Set<String> groups, long now, int limit) {
        TreeSet<Due> first = new TreeSet<>();
        for (String group : groups) {
            int left = limit;
            Iterator<Due> each = waiting.containsKey(group) ? waiting.get(group).iterator() : Collections.emptyIterator();
            for (Due due = each.hasNext() ? each.next() : null; due != null && due.atNanos <= now && left > 0; left--) {
                first.add(due);
                due = each.hasNext() ? each.next() : null;
            }
        }
        Set<Long> ids = new LinkedHashSet<>(); // a letter of several groups once
        first.forEach(due -> ids.add(due.id));
        return ids.stream().limit(limit).map(letters::get).toList();
    }

    /** After the recovery: the oldest go first, and records without letters go. */
    void recovered() {
        byAge.values().forEach(Set::clear);
        letters.values().stream().sorted((a, b) -> Long.compare(a.updatedNanos(), b.updatedNanos()))
            .forEach(letter -> byAge.get(letter.kind()).add(letter.id()));
        records.entrySet().removeIf(e -> {
            if (e.getValue().letters == 0) {
                drop(new StoreChange.DropBatches(partition, List.of(e.getKey())));
            }
            return e.getValue().letters == 0;
        });
    }

    // ---- storing

    boolean unstored() {
        return file && !(changed.isEmpty() && drops.isEmpty());
    }

    /** Adds what is to be stored; {@link #stored} or {@link #notStored} follows. */
    void collect(List<StoreChange> changes) {
        changedInFlight = List.copyOf(changed);
        dropsInFlight = List.copyOf(drops);
        changed.clear();
        drops.clear();
        if (file) {
            changedInFlight.forEach(id -> changes.add(put(letters.get(id))));
            changes.addAll(dropsInFlight);
        }
    }

    StoreChange put(Letter letter) {
        return new StoreChange.PutCursor(partition, letter.id(), LetterFormat.encode(letter));
    }

    void stored() {
        changedInFlight = List.of();
        dropsInFlight = List.of();
    }

    /** It is stored with the next write, before what has changed since. */
    void notStored() {
        changedInFlight.stream().filter(letters::containsKey).forEach(changed::add);
        drops.addAll(0, dropsInFlight);
        stored();
    }
}
