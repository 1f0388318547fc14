package org.memphisee.cluster.data;

/**
 * What looking through the stored records of the groups of this node has done since its start.
 *
 * @param running whether a pass is going on
 * @param passes that have ended
 * @param records that were read, and their bytes
 * @param of records that there were in the beginning of this pass, or of the last one
 * @param inPass records of it that were looked at
 * @param damaged records of this node whose checksum did not fit
 * @param mended of those, how many were taken from another node
 * @param differing records of which nodes had different ones, each with a checksum that fits; found where the group is led
 */
public record ScrubFigures(boolean running, long passes, long records, long bytes, long of, long inPass, long damaged, long mended,
                           long differing) {

    /** Before anything was looked at. */
    public static final ScrubFigures NONE = new ScrubFigures(false, 0, 0, 0, 0, 0, 0, 0, 0);
}
