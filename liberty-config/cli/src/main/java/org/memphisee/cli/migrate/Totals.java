package org.memphisee.cli.migrate;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** What two streams are compared by: number, first and last sequence, and a digest of all that a message is. One thread. */
final class Totals {

    /** So many sequences share an intermediate digest, by which a difference is found. */
    static final int BLOCK_BITS = 12;

    /** The digest up to the end of a block. */
    private record Mark(long block, long digest) { }

    private final MessageDigest digest = sha256();
    private final ByteBuffer numbers = ByteBuffer.allocate(28);
    private final List<Mark> marks = new ArrayList<>();
    private long messages;
    private long first;
    private long last;
    private long bytes;
    private String whole = "";

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Those of all messages that a reader has; the reader is closed. */
    static Totals of(MessageReader reader, Runnable each) {
        Totals totals = new Totals();
        try (reader) {
            for (StoredMessage m = reader.next(); m != null; m = reader.next()) {
                totals.add(m);
                each.run();
            }
        }
        totals.whole = HexFormat.of().formatHex(totals.digest.digest());
        return totals;
    }

    private void add(StoredMessage m) {
        long block = m.sequence() >>> BLOCK_BITS;
        if (messages > 0 && block != last >>> BLOCK_BITS) {
            mark();
        }
        first = messages++ == 0 ? m.sequence() : first;
        last = m.sequence();
        bytes += m.size();
        numbers.clear();
        numbers.putLong(m.sequence()).putLong(m.timeNanos()).putInt(m.subject().length).putInt(m.headerLength())
            .putInt(m.body().length).flip();
        digest.update(numbers);
        digest.update(m.subject());
        digest.update(m.body());
    }

    private void mark() {
        try {
            marks.add(new Mark(last >>> BLOCK_BITS, ByteBuffer.wrap(((MessageDigest) digest.clone()).digest()).getLong()));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e); // that of the JDK can
        }
    }

    long messages() {
        return messages;
    }

    /** First sequence, 0 for none. */
    long first() {
        return first;
    }

    /** Last sequence, 0 for none. */
    long last() {
        return last;
    }

    /** Bytes of subjects, headers and payloads. */
    long bytes() {
        return bytes;
    }

    /** SHA-256 of sequences, times, subjects, header blocks and payloads, in hexadecimal digits. */
    String digest() {
        return whole;
    }

    /** Where the two begin to differ; empty if they are the same. */
    static String difference(Totals a, Totals b) {
        if (a.whole.equals(b.whole)) {
            return "";
        }
        int i = 0;
        while (i < a.marks.size() && i < b.marks.size() && a.marks.get(i).equals(b.marks.get(i))) {
            i++;
        }
        long from = i == 0 ? 0 : a.marks.get(i - 1).block() + 1;
        String what = a.messages != b.messages ? a.messages + " messages in the source, " + b.messages + " in the target"
            : "the same number of messages, and not the same ones";
        return what + "; they begin to differ at sequence " + Math.max(1, from << BLOCK_BITS) + " or later";
    }
}
