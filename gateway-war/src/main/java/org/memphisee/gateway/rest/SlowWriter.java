package org.memphisee.gateway.rest;

import java.io.IOException;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;

/** Writes a body as fast as the client takes it, without a thread that waits. */
final class SlowWriter implements WriteListener {

    private static final int CHUNK = 64 << 10;

    private final ServletOutputStream out;
    private final byte[] body;
    private final Runnable whenDone;
    private int at;
    private boolean done;

    SlowWriter(ServletOutputStream out, byte[] body, Runnable whenDone) {
        this.out = out;
        this.body = body;
        this.whenDone = whenDone;
    }

    @Override
    public synchronized void onWritePossible() throws IOException {
        while (!done && out.isReady()) {
            if (at == body.length) {
                end();
                return;
            }
            int n = Math.min(CHUNK, body.length - at);
            out.write(body, at, n);
            at += n;
        }
    }

    @Override
    public synchronized void onError(Throwable clientIsGone) {
        end();
    }

    /** Nothing more is to be written: the request is over. */
    synchronized void abandon() {
        end();
    }

    private void end() {
        if (!done) {
            done = true;
            whenDone.run();
        }
    }
}
