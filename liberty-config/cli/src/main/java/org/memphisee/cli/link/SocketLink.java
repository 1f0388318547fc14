package org.memphisee.cli.link;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

import org.memphisee.client.BrokerAddress;
import org.memphisee.client.BrokerLink;
import org.memphisee.client.LinkListener;
import org.memphisee.cli.run.CliFailure;

/**
 * A conversation over a blocking socket. "The link's thread" is whoever holds the turn: the reader or a timer, never two at a time.
 * Who sends outside of a turn writes itself, and so waits while the broker takes nothing. Within a turn only little is written at
 * once, so that an answer needs no other thread; everything else is queued for the writer, because a reader that waits for the
 * broker to read takes nothing from it either.
 */
final class SocketLink implements BrokerLink {

    private static final int READ_BYTES = 256 << 10;
    /** What the buffers of both sides have room for, unless the broker reads nothing at all. */
    private static final int LITTLE_BYTES = 16 << 10;

    private final BrokerAddress address;
    private final LinkListener listener;
    private final ScheduledExecutorService timers;
    private final Supplier<SSLContext> trust;
    private final ReentrantLock turn = new ReentrantLock();
    private final ReentrantLock writing = new ReentrantLock();
    private final Object gate = new Object();
    private final Queue<byte[]> queue = new ArrayDeque<>(); // guarded by gate
    private boolean closing; // guarded by gate
    private boolean encrypting; // guarded by gate
    private volatile Socket socket;
    private volatile OutputStream out;
    private boolean over; // guarded by turn

    SocketLink(Socket socket, BrokerAddress address, LinkListener listener, ScheduledExecutorService timers,
               Supplier<SSLContext> trust) {
        this.socket = socket;
        this.address = address;
        this.listener = listener;
        this.timers = timers;
        this.trust = trust;
    }

    /** Reads until the end, on the thread that calls. */
    void run() {
        String reason = "the broker closed the connection";
        try (Socket first = socket) {
            InputStream in = first.getInputStream();
            out = first.getOutputStream();
            Thread writer = new Thread(this::write, "memphisee-writer");
            writer.setDaemon(true);
            writer.start();
            inTurn(() -> listener.opened(this));
            byte[] bytes = new byte[READ_BYTES];
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                ByteBuffer received = ByteBuffer.wrap(bytes, 0, count);
                inTurn(() -> {
                    listener.received(received);
                    listener.readComplete();
                });
                if (wantsEncryption()) {
                    in = encrypted().getInputStream();
                }
            }
        } catch (IOException | CliFailure e) {
            reason = e.getMessage() == null ? e.toString() : e.getMessage();
        } finally {
            end(reason);
        }
    }

    private void inTurn(Runnable task) {
        turn.lock();
        try {
            if (!over) {
                task.run();
            }
        } finally {
            turn.unlock();
        }
    }

    private void end(String reason) {
        boolean ours;
        synchronized (gate) {
            ours = closing;
            closing = true;
            gate.notifyAll();
        }
        closeQuietly();
        inTurn(() -> {
            over = true;
            listener.closed(ours ? "" : reason);
        });
    }

    // ---- sending

    @Override
    public void send(byte[] bytes) {
        if (turn.isHeldByCurrentThread()) {
            if (bytes.length > LITTLE_BYTES || !wroteAtOnce(bytes)) {
                synchronized (gate) {
                    queue.add(bytes);
                    gate.notifyAll();
                }
            }
            return;
        }
        writing.lock();
        try {
            drain();
            out.write(bytes);
        } catch (IOException e) {
            closeQuietly(); // the reader tells why
        } finally {
            writing.unlock();
        }
    }

    /** Writes if nothing waits and nobody else writes. */
    private boolean wroteAtOnce(byte[] bytes) {
        if (!writing.tryLock()) {
            return false;
        }
        try {
            synchronized (gate) {
                if (encrypting || !queue.isEmpty()) {
                    return false;
                }
            }
            out.write(bytes);
        } catch (IOException e) {
            closeQuietly(); // the reader tells why
        } finally {
            writing.unlock();
        }
        return true;
    }

    /** Writes what is queued; whoever does holds {@link #writing}. */
    private void drain() throws IOException {
        for (byte[] bytes = next(); bytes != null; bytes = next()) {
            out.write(bytes);
        }
    }

    private byte[] next() {
        synchronized (gate) {
            return encrypting ? null : queue.poll();
        }
    }

    /** The writer's thread: what was queued within turns, and the end after it. */
    private void write() {
        try {
            while (awaitWork()) {
                writing.lock();
                try {
                    drain();
                } finally {
                    writing.unlock();
                }
            }
            socket.shutdownOutput();
        } catch (IOException e) {
            // the other side is gone
        } finally {
            closeQuietly();
        }
    }

    /** Waits for something to write; false when there is nothing left and never will be. */
    private boolean awaitWork() {
        synchronized (gate) {
            while (encrypting || queue.isEmpty()) {
                if (closing) {
                    return false;
                }
                try {
                    gate.wait();
                } catch (InterruptedException e) {
                    return false;
                }
            }
            return true;
        }
    }

    // ---- encryption

    @Override
    public void encrypt() {
        synchronized (gate) {
            encrypting = true;
        }
    }

    private boolean wantsEncryption() {
        synchronized (gate) {
            return encrypting;
        }
    }

    private Socket encrypted() throws IOException {
        SSLSocket secure = (SSLSocket) trust.get().getSocketFactory()
            .createSocket(socket, address.host(), address.port(), true);
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secure.setSSLParameters(parameters);
        secure.startHandshake();
        writing.lock();
        try {
            socket = secure;
            out = secure.getOutputStream();
            synchronized (gate) {
                encrypting = false;
                gate.notifyAll();
            }
        } finally {
            writing.unlock();
        }
        return secure;
    }

    // ---- timers and end

    @Override
    public Task schedule(Runnable task, long delayMillis) {
        try {
            ScheduledFuture<?> future = timers.schedule(() -> inTurn(task), delayMillis, TimeUnit.MILLISECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException e) {
            return () -> { }; // the program ends
        }
    }

    @Override
    public void close() {
        synchronized (gate) {
            closing = true;
            gate.notifyAll();
        }
    }

    private void closeQuietly() {
        try {
            socket.close();
        } catch (IOException e) {
            // gone anyway
        }
    }
}
