package org.memphisee.gateway;

import java.io.ByteArrayOutputStream;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;

/** A response's body that keeps what is written. */
public final class KeptBody extends ServletOutputStream {
    private final ByteArrayOutputStream bytes;

    /**
     * A body.
     *
     * @param bytes where it is kept
     */
    public KeptBody(ByteArrayOutputStream bytes) {
        this.bytes = bytes;
    }

    @Override
    public void write(int b) {
        bytes.write(b);
    }

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public void setWriteListener(WriteListener listener) { // written at once
    }
}
