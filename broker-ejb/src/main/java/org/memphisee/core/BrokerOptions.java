package org.memphisee.core;

import java.util.Map;

import org.memphisee.core.control.ControlSettings;
import org.memphisee.core.letters.LetterRules;
import org.memphisee.core.settings.RuntimeDefaults;

/**
 * What the core needs to know to run. Sizes in bytes, times in nanoseconds.
 *
 * @param serverName name of this node, shown to clients
 * @param maxPayload largest message, headers included
 * @param shards number of single-writer loops
 * @param shardBytes client data a shard holds before readers are paused
 * @param cacheBytes batches served from memory, all shards together
 * @param indexBytes memory for message ids inside their windows and for subjects, all shards together
 * @param syncIntervalNanos time between syncs for stations with durability {@code interval}
 * @param cursorIntervalNanos time until a changed cursor is durable at the latest (D20)
 * @param minFreeBytes publishes are refused when the disk has less than this left (P6)
 * @param maxStoreBytes publishes are refused when the store is larger than this, 0 for no limit
 * @param memoryBytes what the messages of stations in memory may occupy, all together
 * @param defaultIntervalDurability stations acknowledge before the sync unless they say otherwise
 * @param letters how long and how much dead letters are kept
 * @param control settings of the control plane
 * @param runtime what holds until somebody changes it while the broker runs
 * @param beginning what a fresh installation begins with
 */
public record BrokerOptions(String serverName, int maxPayload, int shards, long shardBytes, long cacheBytes,
                            long indexBytes, long syncIntervalNanos, long cursorIntervalNanos, long minFreeBytes,
                            long maxStoreBytes, long memoryBytes, boolean defaultIntervalDurability, LetterRules letters,
                            ControlSettings control, RuntimeDefaults runtime, Beginning beginning) {

    /** Of the heap, unless the operator says otherwise. */
    public static final int MEMORY_PART = 4;

    /** With the default share of the heap for stations in memory. */
    public BrokerOptions(String serverName, int maxPayload, int shards, long shardBytes, long cacheBytes, long indexBytes,
                         long syncIntervalNanos, long cursorIntervalNanos, long minFreeBytes, long maxStoreBytes,
                         boolean defaultIntervalDurability, ControlSettings control) {
        this(serverName, maxPayload, shards, shardBytes, cacheBytes, indexBytes, syncIntervalNanos, cursorIntervalNanos,
            minFreeBytes, maxStoreBytes, Runtime.getRuntime().maxMemory() / MEMORY_PART, defaultIntervalDurability, control);
    }

    /** With nothing configured of what can be changed while the broker runs, but for the largest message, and the defaults for letters. */
    public BrokerOptions(String serverName, int maxPayload, int shards, long shardBytes, long cacheBytes, long indexBytes,
                         long syncIntervalNanos, long cursorIntervalNanos, long minFreeBytes, long maxStoreBytes,
                         long memoryBytes, boolean defaultIntervalDurability, ControlSettings control) {
        this(serverName, maxPayload, shards, shardBytes, cacheBytes, indexBytes, syncIntervalNanos, cursorIntervalNanos,
            minFreeBytes, maxStoreBytes, memoryBytes, defaultIntervalDurability, new LetterRules(), control,
            new RuntimeDefaults(Map.of(), maxPayload, Long.MAX_VALUE), Beginning.EMPTY);
    }
}
