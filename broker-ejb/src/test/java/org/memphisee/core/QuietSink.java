package org.memphisee.core;

import org.memphisee.port.DeliverySink;

/** A client for which nothing ever waits and to which nothing happens. */
public abstract class QuietSink implements DeliverySink {

    @Override
    public long queuedBytes() {
        return 0;
    }

    @Override
    public void pauseReading() { }

    @Override
    public void resumeReading() { }

    @Override
    public void close(String error) { }
}
