package org.memphisee.it.support;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Publishes with a window over one raw connection: as many unacknowledged messages under way as the window allows.
 * Faster than a client library, and it shows every answer. One thread publishes; answers arrive on the reader thread.
 */
public final class WindowPublisher implements AutoCloseable {
    private static final int BUFFER = 32 * 1024;
    private static final AtomicLong NAMES = new AtomicLong();

    private final RawConnection connection;
    private final int window;
    private final Listener listener;
    private final Semaphore free;
    private final String inbox = "_INBOX.wp" + ProcessHandle.current().pid() + 'x' + NAMES.incrementAndGet() + '.';
    private final ByteArrayOutputStream buffer = new ByteArrayOutputStream(2 * BUFFER);
    private final AtomicLong acknowledged = new AtomicLong();
    private final Thread reader;
    private volatile IOException failure;
    private long next;

    /** Takes the answers; called on the reader thread, in the order they come. */
    @FunctionalInterface
    public interface Listener {

        /**
         * @param number   what {@link WindowPublisher#publish} returned
         * @param sequence stored sequence; 0 with an error
         * @param error    empty when the message is stored or known as a duplicate
         */
        void answered(long number, long sequence, boolean duplicate, String error);
    }

    public WindowPublisher(BrokerUnderTest broker, int window, Listener listener) throws IOException {
        this(broker, window, listener, RawConnection.Door.TCP);
    }

    public WindowPublisher(BrokerUnderTest broker, int window, Listener listener, RawConnection.Door door)
            throws IOException {
        this.window = window;
        this.listener = listener;
        this.free = new Semaphore(window);
        this.connection = RawConnection.login(broker, door);
        connection.send("SUB " + inbox + "* 1\r\n");
        reader = new Thread(this::readAnswers, "window-publisher");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Publishes, waiting for a place in the window; what is sent may wait in a buffer until the window or {@link
     * #drain} calls for it.
     *
     * @param messageId for de-duplication; empty for none
     * @return 0, 1, 2… within this connection
     */
    public long publish(String subject, String messageId, byte[] payload) throws IOException {
        if (!free.tryAcquire()) {
            flush();
            acquire(1, Duration.ofSeconds(60));
        }
        check();
        long number = next++;
        String reply = inbox + number;
        if (messageId.isEmpty()) {
            write("PUB " + subject + ' ' + reply + ' ' + payload.length + "\r\n");
        } else {
            String headers = "NATS/1.0\r\nNats-Msg-Id: " + messageId + "\r\n\r\n";
            write("HPUB " + subject + ' ' + reply + ' ' + headers.length() + ' ' + (headers.length() + payload.length)
                    + "\r\n" + headers);
        }
        buffer.write(payload, 0, payload.length);
        write("\r\n");
        if (buffer.size() >= BUFFER) {
            flush();
        }
        return number;
    }

    /** What the next {@link #publish} will return. */
    public long nextNumber() {
        return next;
    }

    private void write(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        buffer.write(bytes, 0, bytes.length);
    }

    /** Sends what is buffered; fails when the connection is lost. */
    public void flush() throws IOException {
        check();
        if (buffer.size() > 0) {
            connection.send(buffer.toByteArray());
            buffer.reset();
        }
    }

    private void acquire(int permits, Duration limit) throws IOException {
        try {
            if (!free.tryAcquire(permits, limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("no answer within " + limit);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Sends what is buffered and waits until everything is answered. */
    public void drain(Duration limit) throws IOException {
        flush();
        acquire(window, limit);
        free.release(window);
        check();
    }

    private void check() throws IOException {
        if (failure != null) {
            throw new IOException("connection lost: " + failure.getMessage(), failure);
        }
    }

    /** How many were stored or known as duplicates so far. */
    public long acknowledged() {
        return acknowledged.get();
    }

    private void readAnswers() {
        try {
            while (true) {
                readAnswer();
            }
        } catch (IOException e) {
            failure = e;
            // whoever waits for a place finds the failure
            free.release(window);
        }
    }

    private void readAnswer() throws IOException {
        String line = connection.readOperation();
        if (!line.startsWith("MSG ") && !line.startsWith("HMSG ")) {
            throw new IOException("unexpected: " + line);
        }
        int total = Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1));
        String body = new String(connection.readBytes(total), StandardCharsets.UTF_8);
        connection.readLine();
        int start = line.indexOf(inbox) + inbox.length();
        long number = Long.parseLong(line.substring(start, line.indexOf(' ', start)));
        String error = body.startsWith("{") && !body.contains("\"error\"") ? "" : body;
        if (error.isEmpty()) {
            acknowledged.incrementAndGet();
            listener.answered(number, sequence(body), body.contains("\"duplicate\""), "");
        } else {
            listener.answered(number, 0, false, error);
        }
        free.release();
    }

    private static long sequence(String body) {
        int at = body.indexOf("\"seq\":") + 6;
        while (body.charAt(at) == ' ') {
            at++;
        }
        long value = 0;
        for (; at < body.length() && Character.isDigit(body.charAt(at)); at++) {
            value = value * 10 + body.charAt(at) - '0';
        }
        return value;
    }

    /** Closes the connection and waits for the reader, so no answer comes afterwards. */
    @Override
    public void close() throws IOException {
        connection.close();
        try {
            reader.join(30_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
