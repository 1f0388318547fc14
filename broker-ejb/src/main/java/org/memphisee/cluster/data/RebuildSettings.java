package org.memphisee.cluster.data;

/**
 * Limits of rebuilding a group.
 *
 * @param bytesPerSecond of records that a member fetches ({@code memphisee.cluster.rebuild.rate})
 * @param littleBytes an offer has the records of so many bytes that the member lacks; they are read in a turn of the leader's shard
 */
public record RebuildSettings(long bytesPerSecond, long littleBytes) {

    /** 64 MiB, 4 MiB. */
    public static final RebuildSettings DEFAULT = new RebuildSettings(64L << 20, 4L << 20);

    public RebuildSettings {
        if (bytesPerSecond < 1 || littleBytes < 0) {
            throw new IllegalArgumentException(bytesPerSecond + " bytes a second, offers with " + littleBytes);
        }
    }
}
