package org.memphisee.core.log;

/**
 * One subject inside one batch.
 *
 * @param subject the subject
 * @param first its first sequence in the batch
 * @param last its last sequence in the batch
 * @param count its messages in the batch
 */
public record SubjectCount(String subject, long first, long last, int count) { }
