package org.memphisee.core.log;

/**
 * One subject inside one batch.
 *
 * @param subject the subject
 * @param first its first sequence in the batch
 * @param last its last sequence in the batch
 * @param count its messages in the batch
 * @param lastBytes accounted bytes of the last one, 0 for unknown
 */
public record SubjectCount(String subject, long first, long last, int count, int lastBytes) {

    /** As summaries of version 1 know it. */
    public SubjectCount(String subject, long first, long last, int count) {
        this(subject, first, last, count, 0);
    }
}
