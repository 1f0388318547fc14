package org.memphisee.cluster.meta;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.memphisee.cluster.meta.MetaRequest.By;

/** Which node has which name to itself, at the leader: one at a time, in the order in which they asked. Control loop only. */
final class Names {

    private final Map<String, ArrayDeque<Has>> byName = new HashMap<>();
    private final Map<By, Has> all = new HashMap<>();

    /** A name that somebody has, or waits for. */
    final class Has {
        private final By by;
        private final String name;
        private final Runnable given;
        private int appends;
        private boolean leaves;

        private Has(By by, String name, Runnable given) {
            this.by = by;
            this.name = name;
            this.given = given;
        }

        /** Something is being appended under it: until it is known what became of that nobody else gets the name. */
        void began() {
            appends++;
        }

        void ended() {
            appends--;
            goes();
        }

        private void goes() {
            if (leaves && appends == 0 && all.remove(by, this)) {
                next(this);
            }
        }
    }

    /** Somebody wants a name. */
    void claim(By by, String name, Runnable given) {
        Has has = new Has(by, name, given);
        if (all.putIfAbsent(by, has) != null) {
            return; // it came twice
        }
        ArrayDeque<Has> queue = byName.computeIfAbsent(name, key -> new ArrayDeque<>());
        queue.add(has);
        if (queue.size() == 1) {
            given.run();
        }
    }

    /** What is had under that number; null when it is not. */
    Has has(By by) {
        Has has = all.get(by);
        return has == null || has.leaves || byName.get(has.name).peek() != has ? null : has;
    }

    /** It is given back, or waited for no more. */
    void release(By by) {
        Has has = all.get(by);
        if (has != null) {
            has.leaves = true;
            has.goes();
        }
    }

    /** A node is gone. */
    void left(String node) {
        List<By> its = new ArrayList<>();
        all.keySet().forEach(by -> {
            if (by.node().equals(node)) {
                its.add(by);
            }
        });
        its.forEach(this::release);
    }

    /** Nobody has anything. */
    void clear() {
        byName.clear();
        all.clear();
    }

    private void next(Has gone) {
        ArrayDeque<Has> queue = byName.get(gone.name);
        if (queue == null) {
            return; // of an earlier leadership
        }
        boolean first = queue.peek() == gone;
        queue.remove(gone);
        if (queue.isEmpty()) {
            byName.remove(gone.name);
        } else if (first) {
            queue.peek().given.run();
        }
    }
}
