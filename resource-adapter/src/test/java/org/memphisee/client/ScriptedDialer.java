package org.memphisee.client;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A link whose other end is the test, and whose time moves only when the test says so. */
final class ScriptedDialer implements Dialer, BrokerLink {

    private record Scheduled(long at, Runnable task) { }

    private final StringBuilder sent = new StringBuilder();
    private final List<Scheduled> scheduled = new ArrayList<>();
    private LinkListener listener;
    private long now;
    boolean encrypted;
    boolean closed;

    @Override
    public void dial(BrokerAddress address, LinkListener to) {
        listener = to;
        listener.opened(this);
    }

    @Override
    public boolean inProcess() {
        return false;
    }

    @Override
    public long nanoTime() {
        return now * 1_000_000;
    }

    @Override
    public void send(byte[] bytes) {
        sent.append(new String(bytes, StandardCharsets.UTF_8));
    }

    @Override
    public Task schedule(Runnable task, long delayMillis) {
        Scheduled entry = new Scheduled(now + delayMillis, task);
        scheduled.add(entry);
        return () -> scheduled.remove(entry);
    }

    @Override
    public void encrypt() {
        encrypted = true;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            listener.closed("");
        }
    }

    /** The peer says this. */
    void says(String text) {
        listener.received(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        listener.readComplete();
    }

    /** The connection breaks. */
    void breaks(String reason) {
        closed = true;
        listener.closed(reason);
    }

    /** Everything sent since the last call. */
    String sent() {
        String all = sent.toString();
        sent.setLength(0);
        return all;
    }

    /** Time of scheduled tasks passes. */
    void pass(long millis) {
        long end = now + millis;
        while (true) {
            Scheduled next = scheduled.stream().filter(s -> s.at <= end).min((a, b) -> Long.compare(a.at, b.at))
                .orElse(null);
            if (next == null) {
                break;
            }
            scheduled.remove(next);
            now = Math.max(now, next.at);
            next.task.run();
        }
        now = end;
    }
}
