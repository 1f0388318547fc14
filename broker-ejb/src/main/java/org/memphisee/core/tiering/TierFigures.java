package org.memphisee.core.tiering;

/**
 * What tiered storage has done since the start of the broker. Immutable.
 *
 * @param uploads objects that were stored
 * @param failures tries that did not store one
 * @param messages messages in stored objects; one counts again that was stored again after a restart
 * @param waitingBytes accounted bytes that waited at the last look
 * @param lost messages that were removed without being there, because too much waited
 * @param lastUploadNanos when an object was stored last, nanoseconds since the epoch, 0 for never
 * @param problem why uploading does not work now, empty when it does
 */
public record TierFigures(long uploads, long failures, long messages, long waitingBytes, long lost, long lastUploadNanos,
                          String problem) {
    /** Nothing. */
    public static final TierFigures NONE = new TierFigures(0, 0, 0, 0, 0, 0, "");
}
