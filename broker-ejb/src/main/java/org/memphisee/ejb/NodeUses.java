package org.memphisee.ejb;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;

import org.memphisee.config.BrokerSettings;
import org.memphisee.core.cluster.watch.NodeUse;

/** What this process is and uses, for the other nodes of its cluster. One thread. */
final class NodeUses {

    private final BrokerSettings.Storage storage;
    private final long startedMillis = ManagementFactory.getRuntimeMXBean().getStartTime();
    private final int processors = Runtime.getRuntime().availableProcessors();

    NodeUses(BrokerSettings.Storage storage) {
        this.storage = storage;
    }

    NodeUse now(BrokerEngine.Counters counters) {
        long total = storage.maxBytes();
        long used = counters.storedBytes();
        if (total <= 0) {
            try {
                FileStore disk = Files.getFileStore(storage.dataDir());
                total = disk.getTotalSpace();
                used = total - disk.getUsableSpace();
            } catch (IOException e) {
                total = 0; // shown as unknown; the broker itself reports a disk that is gone
            }
        }
        return new NodeUse(ProductVersion.current(), startedMillis, counters.connections(), new NodeUse.Traffic(counters.inMessages(),
            counters.inBytes(), counters.outMessages(), counters.outBytes()), ProcessFigures.cpuPercent(), processors,
            ProcessFigures.residentBytes(), ProcessFigures.memoryBytes(), used, total);
    }
}
