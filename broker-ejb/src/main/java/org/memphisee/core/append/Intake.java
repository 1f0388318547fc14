package org.memphisee.core.append;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Where threads leave what one of them at a time takes: a stack without lock, turned round when it is taken, so that what
 * one thread added comes out in that order. Nothing is allocated: what is added is linked itself, and is in one intake, once.
 *
 * @param <T> what is added
 */
final class Intake<T extends Intake.Linked<T>> {

    /** Something that can be added. */
    abstract static class Linked<T extends Linked<T>> {
        private T next;

        /** What was added after this one and taken together with it, null for none. Only for whoever took it. */
        final T next() {
            return next;
        }
    }

    /** What was added last. */
    private final AtomicReference<T> newest = new AtomicReference<>();

    /** Adds one; what was done before is visible to whoever takes it. Any thread. */
    void add(T item) {
        Linked<T> link = item;
        T before;
        do {
            before = newest.getPlain();
            link.next = before;
        } while (!newest.compareAndSet(before, item));
    }

    /** Whether nothing waits. Any thread. */
    boolean isEmpty() {
        return newest.get() == null;
    }

    /** Takes all that waits: the oldest, from which {@link Linked#next()} leads to the others; null when nothing waits. */
    T takeAll() {
        T item = newest.getAndSet(null);
        T oldest = null;
        while (item != null) {
            Linked<T> link = item;
            T older = link.next;
            link.next = oldest;
            oldest = item;
            item = older;
        }
        return oldest;
    }
}
