package org.memphisee.net;

import java.util.Arrays;

import org.memphisee.port.OutboundBatch;
import org.memphisee.wire.MessageFrame;

/**
 * Encodes frames into one array. Begins in a small array of the thread; when that is full it goes on in a pooled one,
 * which is handed over as it is. Holds no array while empty.
 */
final class FrameBatch implements OutboundBatch {

    private static final byte[] NONE = new byte[0];
    private static final int MAX_HINT = 256 << 10;

    private final OutboundQueue queue;
    private final ArrayPool pool;
    private final Delivered counters;
    private byte[] array = NONE;
    private int length;
    private long messages;
    private long messageBytes;
    private boolean overflow;
    private int lastLength;

    FrameBatch(OutboundQueue queue, ArrayPool pool, Delivered counters) {
        this.queue = queue;
        this.pool = pool;
        this.counters = counters;
    }

    @Override
    public void message(byte[] sid, byte[] subject, int subjectOffset, int subjectLength, byte[] reply,
                        int replyOffset, int replyLength, byte[] body, int bodyOffset, int headerLength,
                        int payloadLength) {
        if (overflow || queue.sealed()) {
            return;
        }
        int header = headerLength;
        int bodyAt = bodyOffset;
        if (headerLength > 0 && !queue.headersSupported()) {
            header = 0;
            bodyAt += headerLength;
        }
        long needed = length + MessageFrame.maxLength(sid.length + subjectLength + replyLength, header, payloadLength);
        if (length > 0 && needed > queue.maxBytes()) { // would be refused as a whole anyway: do not gather more
            overflow = true;
            return;
        }
        if (needed > array.length) {
            grow(Math.toIntExact(needed));
        }
        length = MessageFrame.write(array, length, sid, subject, subjectOffset, subjectLength, reply, replyOffset,
                replyLength, body, bodyAt, header, payloadLength);
        messages++;
        messageBytes += header + payloadLength;
    }

    @Override
    public int size() {
        return length;
    }

    @Override
    public void send() {
        if (length == 0) {
            return;
        }
        lastLength = Math.min(length, MAX_HINT);
        if (overflow) {
            overflow = false;
            recycle();
            queue.overflow();
        } else if (length > ScratchArrays.SIZE && length > array.length / 2) {
            queue.offer(array, length, true);
        } else {
            queue.offer(Arrays.copyOf(array, length), length, false);
            recycle();
        }
        counters.delivered(messages, messageBytes);
        array = NONE;
        length = 0;
        messages = 0;
        messageBytes = 0;
    }

    private void grow(int needed) {
        if (length == 0 && needed <= ScratchArrays.SIZE && lastLength <= ScratchArrays.SIZE) {
            array = ScratchArrays.take();
            return;
        }
        // The last batch's length spares a steady flow the copies of growing.
        byte[] larger = pool.take(Math.max(Math.max(needed, lastLength), (int) Math.min(2L * length, 1 << 30)));
        System.arraycopy(array, 0, larger, 0, length);
        recycle();
        array = larger;
    }

    private void recycle() {
        if (array.length == ScratchArrays.SIZE) {
            ScratchArrays.give(array);
        } else {
            pool.give(array);
        }
    }
}
