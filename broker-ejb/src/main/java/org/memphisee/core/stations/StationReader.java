package org.memphisee.core.stations;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import org.memphisee.core.consumer.ConsumerInfo;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.partition.PartitionHandle;
import org.memphisee.core.partition.PartitionRegistry;
import org.memphisee.core.partition.StreamState;

/**
 * Reads the figures of all stations at once. Figures of streams are there for any thread; consumers are asked for on
 * their shards, one small task per partition that has some. Any thread.
 */
public final class StationReader {

    private final PartitionRegistry registry;
    private final StationDirectory directory;

    StationReader(ControlEngine engine) {
        this.registry = engine.registry();
        this.directory = new StationDirectory(engine);
    }

    private static final class Pending {
        private final StationEntry entry;
        private final List<StreamState> states = new ArrayList<>();
        private final List<List<ConsumerInfo>> consumers = new ArrayList<>();

        private Pending(StationEntry entry) {
            this.entry = entry;
        }

        /** A place for the consumers of one more partition; those of others may be coming in already. */
        private synchronized int slot() {
            consumers.add(List.of());
            return consumers.size() - 1;
        }

        private synchronized void set(int slot, List<ConsumerInfo> infos) {
            consumers.set(slot, infos);
        }

        private synchronized StationReading reading() {
            return StationReading.of(entry, states, consumers.stream().flatMap(List::stream).toList());
        }
    }

    /** The figures now; completes on a thread of a shard or of the control loop: go on elsewhere. */
    public CompletableFuture<List<StationReading>> read() {
        return directory.current().thenCompose(this::read);
    }

    private CompletableFuture<List<StationReading>> read(List<StationEntry> entries) {
        CompletableFuture<List<StationReading>> result = new CompletableFuture<>();
        List<Pending> pending = new ArrayList<>(entries.size());
        AtomicInteger open = new AtomicInteger(1); // this method itself
        Runnable arrived = () -> {
            if (open.decrementAndGet() == 0) {
                result.complete(pending.stream().map(Pending::reading).toList());
            }
        };
        for (StationEntry entry : entries) {
            Pending station = new Pending(entry);
            pending.add(station);
            for (String stream : entry.streams()) {
                registry.byName(stream).ifPresent(handle -> ask(station, handle, open, arrived));
            }
        }
        arrived.run();
        return result;
    }

    private static void ask(Pending station, PartitionHandle handle, AtomicInteger open, Runnable arrived) {
        StreamState state = handle.state();
        station.states.add(state);
        if (state.consumerCount() == 0) {
            return;
        }
        int slot = station.slot();
        open.incrementAndGet();
        handle.run(partition -> {
            try {
                station.set(slot, partition.consumerInfos());
            } finally {
                arrived.run(); // else all others would be waited for in vain
            }
        });
    }
}
