package org.memphisee.core.archive;

/**
 * One entry of an archive.
 *
 * @param name a message's subject, or what the entry is
 * @param timeNanos nanoseconds since the epoch
 * @param sequence of a message; 0 for what is none
 * @param headerLength how much of the body is the header block
 * @param body header block and payload
 */
public record ArchiveEntry(String name, long timeNanos, long sequence, int headerLength, byte[] body) {

    /** Whether it says that nothing follows. */
    public boolean end() {
        return name.isEmpty() && timeNanos == 0 && sequence == 0 && body.length == 0;
    }
}
