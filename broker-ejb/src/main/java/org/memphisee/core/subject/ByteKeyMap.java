package org.memphisee.core.subject;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * A hash map keyed by slices of byte arrays, which nobody can choose so that they collide ({@link SipHash}). Look-ups from
 * any thread without lock or garbage; changes by one thread at a time (the caller serialises them) and visible to others as
 * whole entries.
 *
 * @param <V> values, never null
 */
public final class ByteKeyMap<V> {

    private static final VarHandle BUCKET = MethodHandles.arrayElementVarHandle(Entry[].class);

    private volatile Entry<V>[] buckets;
    private volatile int size;

    /** An empty map. */
    public ByteKeyMap() {
        buckets = table(4);
    }

    /** The value for the key in the slice, or null. */
    public V get(byte[] bytes, int offset, int length) {
        int hash = hash(bytes, offset, length);
        Entry<V>[] table = buckets;
        for (Entry<V> e = at(table, hash & table.length - 1); e != null; e = e.next) {
            if (e.hash == hash && e.key.length == length
                && Arrays.equals(e.key, 0, length, bytes, offset, offset + length)) {
                return e.value;
            }
        }
        return null;
    }

    /** The value for the key, or null. */
    public V get(byte[] key) {
        return get(key, 0, key.length);
    }

    /** Adds or replaces, in one step: whoever looks for a key that is there finds the value before or after. */
    public void put(byte[] key, V value) {
        int hash = hash(key, 0, key.length);
        Entry<V>[] table = buckets;
        int i = hash & table.length - 1;
        Entry<V> head = at(table, i);
        Entry<V> old = find(head, hash, key);
        if (old != null) {
            BUCKET.setRelease(table, i, new Entry<>(hash, key, value, without(head, old)));
            return;
        }
        if (size >= table.length) {
            grow();
            table = buckets;
            i = hash & table.length - 1;
            head = at(table, i);
        }
        BUCKET.setRelease(table, i, new Entry<>(hash, key, value, head));
        size++;
    }

    /** Removes; absent keys are ignored. */
    public void remove(byte[] key) {
        int hash = hash(key, 0, key.length);
        Entry<V>[] table = buckets;
        int i = hash & table.length - 1;
        Entry<V> head = at(table, i);
        Entry<V> gone = find(head, hash, key);
        if (gone != null) {
            BUCKET.setRelease(table, i, without(head, gone));
            size--;
        }
    }

    private static <V> Entry<V> find(Entry<V> head, int hash, byte[] key) {
        for (Entry<V> e = head; e != null; e = e.next) {
            if (e.hash == hash && Arrays.equals(e.key, key)) {
                return e;
            }
        }
        return null;
    }

    /** Number of entries. */
    public int size() {
        return size;
    }

    /** Calls for each value; sees changes made meanwhile or not. */
    public void forEach(Consumer<V> action) {
        Entry<V>[] table = buckets;
        for (int i = 0; i < table.length; i++) {
            for (Entry<V> e = at(table, i); e != null; e = e.next) {
                action.accept(e.value);
            }
        }
    }

    private void grow() {
        Entry<V>[] old = buckets;
        Entry<V>[] next = table(old.length * 2);
        for (Entry<V> head : old) {
            for (Entry<V> e = head; e != null; e = e.next) {
                int i = e.hash & next.length - 1;
                next[i] = new Entry<>(e.hash, e.key, e.value, next[i]);
            }
        }
        buckets = next;
    }

    private static <V> Entry<V> without(Entry<V> head, Entry<V> gone) {
        Entry<V> result = gone.next;
        for (Entry<V> e = head; e != gone; e = e.next) {
            result = new Entry<>(e.hash, e.key, e.value, result);
        }
        return result;
    }

    @SuppressWarnings("unchecked")
    private static <V> Entry<V> at(Entry<V>[] table, int i) {
        return (Entry<V>) BUCKET.getAcquire(table, i);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static <V> Entry<V>[] table(int length) {
        return new Entry[length];
    }

    private static int hash(byte[] bytes, int offset, int length) {
        long h = SipHash.of(bytes, offset, length);
        return (int) (h ^ h >>> 32);
    }

    private static final class Entry<V> {
        private final int hash;
        private final byte[] key;
        private final V value;
        private final Entry<V> next;

        private Entry(int hash, byte[] key, V value, Entry<V> next) {
            this.hash = hash;
            this.key = key;
            this.value = value;
            this.next = next;
        }
    }
}
