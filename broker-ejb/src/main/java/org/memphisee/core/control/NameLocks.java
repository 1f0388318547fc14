package org.memphisee.core.control;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.SystemLog;

/**
 * One change at a time per name: whoever has the lock sees everything before it durable and in effect, so that a repeat
 * of a request is answered only after the first has become true. Different names do not wait for each other. Control
 * loop only, except for {@link NameLock#release()}.
 */
final class NameLocks {

    private final ControlLoop loop;
    private final SystemLog log;
    private final Map<String, ArrayDeque<Consumer<NameLock>>> held = new HashMap<>();

    /** @param log gives names to one node at a time */
    NameLocks(ControlLoop loop, SystemLog log) {
        this.loop = loop;
        this.log = log;
    }

    /** Runs the task now if the name is free, else after those before it. The task must release it. */
    void take(String name, Consumer<NameLock> task) {
        ArrayDeque<Consumer<NameLock>> queue = held.get(name);
        if (queue != null) {
            queue.add(task);
            return;
        }
        held.put(name, new ArrayDeque<>());
        run(name, task);
    }

    /** Whether nobody has one. */
    boolean idle() {
        return held.isEmpty();
    }

    private void run(String name, Consumer<NameLock> task) {
        log.claim(name, claim -> run(new Held(name, claim), task));
    }

    private void run(Held lock, Consumer<NameLock> task) {
        try {
            task.accept(lock);
        } catch (RuntimeException e) {
            lock.release();
            throw e;
        }
    }

    private void next(String name) {
        Consumer<NameLock> task = held.get(name).poll();
        if (task == null) {
            held.remove(name);
        } else {
            run(name, task);
        }
    }

    private final class Held implements NameLock {
        private final AtomicBoolean ended = new AtomicBoolean();
        private final String name;
        private final SystemLog.Claim claim;

        private Held(String name, SystemLog.Claim claim) {
            this.name = name;
            this.claim = claim;
        }

        @Override
        public Optional<StoreException> refused() {
            return claim.refused();
        }

        @Override
        public void release() {
            if (ended.compareAndSet(false, true)) {
                loop.resume(() -> {
                    claim.giveBack();
                    next(name);
                });
            }
        }
    }
}
