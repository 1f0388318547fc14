package org.memphisee.core.client;

import java.util.concurrent.atomic.LongAdder;

/** Messages that came and went through the doors in this process: they are clients' traffic like any other. Thread-safe. */
public final class LocalTraffic {

    private final LongAdder inMessages = new LongAdder();
    private final LongAdder inBytes = new LongAdder();
    private final LongAdder outMessages = new LongAdder();
    private final LongAdder outBytes = new LongAdder();

    LocalTraffic() { }

    void published(long bytes) {
        inMessages.increment();
        inBytes.add(bytes);
    }

    void delivered(long bytes) {
        outMessages.increment();
        outBytes.add(bytes);
    }

    /** Messages published. */
    public long inMessages() {
        return inMessages.sum();
    }

    /** Bytes of their headers and payloads. */
    public long inBytes() {
        return inBytes.sum();
    }

    /** Messages delivered. */
    public long outMessages() {
        return outMessages.sum();
    }

    /** Bytes of their headers and payloads. */
    public long outBytes() {
        return outBytes.sum();
    }
}
