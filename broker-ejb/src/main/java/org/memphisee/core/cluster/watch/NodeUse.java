package org.memphisee.core.cluster.watch;

/**
 * What a node's process is, and uses; given by whoever runs it, once a second. Sizes in bytes, counts since the process began. 0 for
 * what is not known.
 *
 * @param version of the product, at most 64 characters
 * @param startedMillis when the process began, milliseconds since the epoch
 * @param connections of clients
 * @param traffic of clients
 * @param cpuPercent of one processor, so that two in full use are 200
 * @param processors that it may use
 * @param memoryUsed resident
 * @param memoryTotal that the machine, or its container, has
 * @param storageUsed by messages, or on the disk
 * @param storageTotal that messages may use, or of the disk
 */
public record NodeUse(String version, long startedMillis, long connections, Traffic traffic, double cpuPercent, int processors,
                      long memoryUsed, long memoryTotal, long storageUsed, long storageTotal) {

    /** Of a process of which nobody said anything. */
    public static final NodeUse UNKNOWN = new NodeUse("", 0, 0, Traffic.NONE, 0, 0, 0, 0, 0, 0);

    /** What came from clients, and went to them, since the process began. */
    public record Traffic(long inMessages, long inBytes, long outMessages, long outBytes) {
        static final Traffic NONE = new Traffic(0, 0, 0, 0);
    }
}
