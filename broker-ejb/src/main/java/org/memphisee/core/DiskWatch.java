package org.memphisee.core;

import java.util.function.Consumer;

import org.memphisee.core.log.LogStore;
import org.memphisee.core.partition.log.StorageGuard;
import org.memphisee.core.time.World;

/** Looks once a second whether there is room to store, and closes the gate for publishes in time (P6). */
final class DiskWatch implements AutoCloseable {

    private static final long INTERVAL_NANOS = 1_000_000_000L;
    /** Publishes are let in again only when so much more than needed is there, so that the gate does not flutter. */
    private static final double HYSTERESIS = 0.05;

    private final LogStore store;
    private final StorageGuard guard;
    private final long minFreeBytes;
    private final long maxStoreBytes;
    private final Consumer<Boolean> changed;
    private final World.Running running;

    DiskWatch(LogStore store, StorageGuard guard, long minFreeBytes, long maxStoreBytes, Consumer<Boolean> changed,
              World world) {
        this.store = store;
        this.guard = guard;
        this.minFreeBytes = minFreeBytes;
        this.maxStoreBytes = maxStoreBytes;
        this.changed = changed;
        look();
        running = world.repeat("memphisee-disk-watch", INTERVAL_NANOS, this::look);
    }

    private void look() {
        LogStore.Usage usage = store.usage();
        boolean was = guard.full();
        double margin = was ? 1 + HYSTERESIS : 1;
        boolean full = usage.free() < minFreeBytes * margin
            || maxStoreBytes > 0 && usage.stored() * margin > maxStoreBytes;
        if (full != was) {
            guard.full(full);
            changed.accept(full);
        }
    }

    /** How near publishes are to being refused, 0 to 100: of the disk, or of the store's own limit if that is nearer. */
    static int percent(LogStore.Usage usage, long minFreeBytes, long maxStoreBytes) {
        double room = Math.max(0, usage.free() - minFreeBytes);
        double disk = 100.0 * usage.stored() / Math.max(1, usage.stored() + room);
        double limit = maxStoreBytes > 0 ? 100.0 * usage.stored() / maxStoreBytes : 0;
        return (int) Math.min(100, Math.max(room == 0 ? 100 : disk, limit));
    }

    @Override
    public void close() {
        running.close();
    }
}
