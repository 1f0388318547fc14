package org.memphisee.core.partition.publish;

import java.nio.charset.StandardCharsets;

import org.memphisee.core.subject.Subjects;
import org.memphisee.port.PublishRequest;

/**
 * The headers of a publish that the broker acts on (jetstream-api.md 5.6); first value of each, exact case. Reused for
 * each message; shard's thread only.
 */
public final class PublishHeaders {

    private static final byte[] NATS_MSG_ID = ascii("Nats-Msg-Id");
    private static final byte[] MSG_ID = ascii("msg-id");
    private static final byte[] EXPECTED_STREAM = ascii("Nats-Expected-Stream");
    private static final byte[] EXPECTED_LAST_SEQUENCE = ascii("Nats-Expected-Last-Sequence");
    private static final byte[] EXPECTED_LAST_SUBJECT_SEQUENCE = ascii("Nats-Expected-Last-Subject-Sequence");
    private static final byte[] EXPECTED_SUBJECT = ascii("Nats-Expected-Last-Subject-Sequence-Subject");
    private static final byte[] EXPECTED_LAST_MSG_ID = ascii("Nats-Expected-Last-Msg-Id");
    private static final byte[] ROLLUP = ascii("Nats-Rollup");

    /** Headers of features that no stream here has: what they ask for must not be lost without a word. */
    private static final byte[][] DISABLED = {ascii("Nats-TTL"), ascii("Nats-Incr"), ascii("Nats-Batch-Id"),
        ascii("Nats-Schedule")};
    private static final PublishRefusal[] DISABLED_REFUSALS = {PublishRefusal.TTL_DISABLED, PublishRefusal.COUNTERS_DISABLED,
        PublishRefusal.ATOMIC_DISABLED, PublishRefusal.SCHEDULES_DISABLED};

    /** Absent numbers. */
    static final long ABSENT = -1;
    /** Numbers that do not read, or that no sequence can be. They match nothing. */
    static final long UNREADABLE = -2;
    private static final int MAX_DIGITS = 18;

    /** Null when absent, like the other texts. */
    String messageId;
    String expectedStream;
    String expectedLastMsgId;
    String rollup;
    /** The subject that {@link #expectedLastSubjectSequence} speaks of, if not the message's own. */
    String expectedSubject;
    private PublishRefusal disabled;
    long expectedLastSequence;
    long expectedLastSubjectSequence;

    private String memphisId;

    /** Reads the block in the slice. */
    void read(byte[] b, int offset, int length) {
        clear();
        int end = offset + length;
        int line = next(b, offset, end);
        while (line < end) {
            int eol = lineEnd(b, line, end);
            if (eol == line) {
                break;
            }
            if (b[line] == 'N' || b[line] == 'm') {
                header(b, line, eol);
            }
            line = next(b, line, end);
        }
        if (messageId == null) {
            messageId = memphisId;
        }
    }

    /** The message id in the block, null when there is none. */
    public String messageId(byte[] b, int offset, int length) {
        read(b, offset, length);
        return messageId;
    }

    void clear() {
        messageId = null;
        memphisId = null;
        expectedStream = null;
        expectedLastMsgId = null;
        rollup = null;
        expectedSubject = null;
        disabled = null;
        expectedLastSequence = ABSENT;
        expectedLastSubjectSequence = ABSENT;
    }

    private void header(byte[] b, int line, int eol) {
        if (is(b, line, eol, NATS_MSG_ID)) {
            messageId = first(messageId, b, line, eol, NATS_MSG_ID);
        } else if (is(b, line, eol, MSG_ID)) {
            memphisId = first(memphisId, b, line, eol, MSG_ID);
        } else if (is(b, line, eol, EXPECTED_STREAM)) {
            expectedStream = first(expectedStream, b, line, eol, EXPECTED_STREAM);
        } else if (is(b, line, eol, EXPECTED_LAST_SEQUENCE)) {
            expectedLastSequence = number(expectedLastSequence, b, line, eol, EXPECTED_LAST_SEQUENCE);
        } else if (is(b, line, eol, EXPECTED_LAST_SUBJECT_SEQUENCE)) {
            expectedLastSubjectSequence = number(expectedLastSubjectSequence, b, line, eol,
                EXPECTED_LAST_SUBJECT_SEQUENCE);
        } else if (is(b, line, eol, EXPECTED_SUBJECT)) {
            expectedSubject = first(expectedSubject, b, line, eol, EXPECTED_SUBJECT);
        } else if (is(b, line, eol, EXPECTED_LAST_MSG_ID)) {
            expectedLastMsgId = first(expectedLastMsgId, b, line, eol, EXPECTED_LAST_MSG_ID);
        } else if (is(b, line, eol, ROLLUP)) {
            rollup = first(rollup, b, line, eol, ROLLUP);
        } else if (disabled == null) {
            disabled = disabled(b, line, eol);
        }
    }

    /** Why the message asks for what no stream here does, or in a way that cannot be answered; null when it does not. */
    PublishRefusal unserved(PublishRequest r) {
        if (disabled != null) {
            return disabled;
        }
        if (fastBatch(r.bytes(), r.replyOffset() + r.replyLength(), r.replyLength())) {
            return PublishRefusal.BATCH_DISABLED;
        }
        if (expectedSubject == null) {
            return null;
        }
        return expectedLastSubjectSequence == ABSENT ? PublishRefusal.EXPECTATION_MISSING
            : Subjects.hasWildcard(expectedSubject) ? PublishRefusal.INVALID_SUBJECT : null;
    }

    /** Whether the reply subject asks for a kind of publishing of its own. */
    private static boolean fastBatch(byte[] b, int end, int length) {
        return length > 4 && b[end - 1] == 'I' && b[end - 2] == 'F' && b[end - 3] == '$' && b[end - 4] == '.';
    }

    boolean knownRollup() {
        return rollup.equals("sub") || rollup.equals("all");
    }

    private static PublishRefusal disabled(byte[] b, int line, int eol) {
        for (int i = 0; i < DISABLED.length; i++) {
            if (is(b, line, eol, DISABLED[i]) && !value(b, line, eol, DISABLED[i]).isEmpty()) {
                return DISABLED_REFUSALS[i];
            }
        }
        return null;
    }

    private static String first(String known, byte[] b, int line, int eol, byte[] key) {
        if (known != null) {
            return known;
        }
        String value = value(b, line, eol, key);
        return value.isEmpty() ? null : value;
    }

    private static long number(long known, byte[] b, int line, int eol, byte[] key) {
        if (known != ABSENT) {
            return known;
        }
        String value = value(b, line, eol, key);
        if (value.isEmpty()) {
            return ABSENT;
        }
        boolean digits = value.length() <= MAX_DIGITS && value.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits ? Long.parseLong(value) : UNREADABLE;
    }

    private static String value(byte[] b, int line, int eol, byte[] key) {
        int from = line + key.length + 1;
        while (from < eol && (b[from] == ' ' || b[from] == '\t')) {
            from++;
        }
        int to = eol;
        while (to > from && (b[to - 1] == ' ' || b[to - 1] == '\t')) {
            to--;
        }
        return new String(b, from, to - from, StandardCharsets.UTF_8);
    }

    private static boolean is(byte[] b, int line, int eol, byte[] key) {
        if (eol - line <= key.length || b[line + key.length] != ':') {
            return false;
        }
        for (int i = 0; i < key.length; i++) {
            if (b[line + i] != key[i]) {
                return false;
            }
        }
        return true;
    }

    private static int lineEnd(byte[] b, int from, int end) {
        int i = from;
        while (i < end && b[i] != '\n') {
            i++;
        }
        return i > from && b[i - 1] == '\r' ? i - 1 : i;
    }

    private static int next(byte[] b, int from, int end) {
        int i = from;
        while (i < end && b[i] != '\n') {
            i++;
        }
        return i + 1;
    }

    private static byte[] ascii(String s) {
        return s.getBytes(StandardCharsets.US_ASCII);
    }
}
