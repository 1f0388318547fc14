package org.memphisee.core.cluster.link;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

import org.memphisee.core.cluster.link.LinkFrame.Kind;

/**
 * This node's side of the link to one peer, over all links that there ever are. Any thread; each call has the lock, in which
 * nothing waits.
 *
 * <p>A link begins when a hello came that has this node's nonce; it ends with that nonce. So nothing that was made for another
 * link, or for another node, counts, and both sides give the link the same number without having agreed on one.
 */
final class Link {

    /** What came of a frame. */
    enum Heard { TAKEN, STRAY }

    private static final byte[] UNKNOWN = new byte[Hello.NONCE];
    private static final int REPORT = Long.BYTES * (1 + Traffic.values().length);
    private static final long MILLIS = 1_000_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final String peer;
    private final NodeLinks node;
    private final LinkSettings settings;
    private byte[] nonce;
    /** The peer's, as far as this node knows. */
    private byte[] theirs = UNKNOWN;
    private volatile boolean linked;
    private long number;
    private long incarnation;
    private long sent;
    private long received;
    private long sentData;
    private long receivedData;
    private long sentBytes;
    private long receivedBytes;
    private long began;
    private SendWindow out;
    private ReceiveWindow in;
    private long heard;
    /** Since when somebody with the peer's name and another incarnation has wanted to link; 0 for nobody. */
    private long rivalSince;
    private long ticked;
    private long nextBeat;
    private long nextHello;
    private long rtt;
    private long clockOffsetMillis;

    Link(String peer, NodeLinks node, LinkSettings settings, long now) {
        this.peer = peer;
        this.node = node;
        this.settings = settings;
        nonce = node.nonce();
        nextHello = now;
        ticked = now;
    }

    boolean linked() {
        return linked;
    }

    PeerLinks.Sent send(Traffic traffic, byte[] frame) {
        if (!linked) {
            return PeerLinks.Sent.NOT_LINKED;
        }
        lock.lock();
        try {
            if (!linked) {
                return PeerLinks.Sent.NOT_LINKED;
            }
            if (!out.take(traffic, frame)) {
                return PeerLinks.Sent.FULL;
            }
            if (traffic.express()) {
                data(traffic, frame);
            } else {
                pump();
            }
            return PeerLinks.Sent.TAKEN;
        } finally {
            lock.unlock();
        }
    }

    private void pump() {
        for (SendWindow.Waiting next = out.next(); next != null; next = out.next()) {
            data(next.traffic(), next.body());
        }
    }

    private void data(Traffic traffic, byte[] body) {
        sentData++;
        sentBytes += body.length;
        frame(Kind.DATA, traffic, body);
    }

    private void frame(Kind kind, Traffic traffic, byte[] body) {
        node.transport().send(peer, LinkFrame.encode(kind, traffic, number, ++sent, body));
    }

    /** Time has passed; returns when to call again. */
    long tick(long now) {
        lock.lock();
        try {
            long stood = now - ticked - settings.beatNanos();
            if (stood > settings.silenceNanos() / 2) {
                heard = Math.min(now, heard + stood); // it was this node that stood still, not the peer
            }
            ticked = now;
            if (linked && now - heard > settings.silenceNanos()) {
                end(LinkEnd.SILENT, now);
                node.transport().close(peer);
            }
            if (linked && now >= nextBeat) {
                nextBeat = now + settings.beatNanos();
                beat(Kind.BEAT, now);
            } else if (!linked && now >= nextHello) {
                hello(now);
            }
            return linked ? nextBeat : nextHello;
        } finally {
            lock.unlock();
        }
    }

    /** A proven hello, which is for this node, has arrived from the peer. */
    void hello(Hello hello, long now) {
        lock.lock();
        try {
            boolean fresh = Arrays.equals(hello.echo(), nonce);
            if (node.stopped()) {
                return;
            }
            if (linked && !fresh) {
                rival(hello, now);
            } else if (linked && Arrays.equals(hello.nonce(), theirs)) {
                if (!hello.linked()) {
                    hello(now);
                }
            } else {
                end(LinkEnd.RESET, now);
                theirs = hello.nonce();
                if (fresh && Arrays.equals(hello.echo(), nonce)) {
                    open(hello, now);
                }
                if (!linked || !hello.linked()) {
                    hello(now);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Somebody does not know of the link: an old hello, the peer after a restart that was not noticed yet, or a second one. */
    private void rival(Hello hello, long now) {
        if (hello.who().incarnation() == incarnation) {
            return;
        }
        if (rivalSince == 0) {
            rivalSince = now;
        } else if (now - rivalSince > settings.silenceNanos()) {
            node.report().refused(peer, LinkRefusal.SAME_NAME, "");
        }
    }

    private void hello(long now) {
        nextHello = now + settings.retryNanos();
        node.sayHello(peer, linked, nonce, theirs);
    }

    private void open(Hello hello, long now) {
        int[] budgets = new int[Traffic.values().length];
        Arrays.setAll(budgets, i -> Math.min(hello.budgets()[i], settings.budgets().get(Traffic.values()[i])));
        int pipe = Math.min(hello.pipe(), settings.pipe());
        out = new SendWindow(pipe, budgets);
        in = new ReceiveWindow(pipe, budgets);
        number = node.opens(this, peer, nonce, theirs);
        incarnation = hello.who().incarnation();
        sent = 0;
        received = 0;
        sentData = 0;
        receivedData = 0;
        sentBytes = 0;
        receivedBytes = 0;
        began = now;
        rtt = 0;
        clockOffsetMillis = 0;
        heard = now;
        rivalSince = 0;
        nextBeat = now;
        linked = true;
        node.listener().linked(peer, hello.who());
    }

    /** Ends the link, if there is one. Nothing that belongs to it is sent or heard any more. */
    private void end(LinkEnd why, long now) {
        if (!linked) {
            return;
        }
        linked = false;
        node.closes(number);
        nonce = node.nonce();
        out = null;
        in = null;
        nextHello = now;
        node.listener().unlinked(peer, why);
    }

    /** Ends the link from outside. */
    void ended(LinkEnd why, long now) {
        lock.lock();
        try {
            end(why, now);
        } finally {
            lock.unlock();
        }
    }

    void gone() {
        lock.lock();
        try {
            if (!linked) {
                node.listener().gone(peer);
            }
        } finally {
            lock.unlock();
        }
    }

    /** A frame of this link, or of one before, has arrived. */
    Heard received(LinkFrame frame, long now) {
        lock.lock();
        try {
            if (!linked || frame.link() != number || frame.number() <= received) {
                return Heard.STRAY;
            }
            if (frame.number() != received + 1) {
                breakOff(LinkEnd.GAP, now);
                return Heard.TAKEN;
            }
            received++;
            heard = now;
            if (!understood(frame, now)) {
                breakOff(LinkEnd.GARBLED, now);
            }
            return Heard.TAKEN;
        } finally {
            lock.unlock();
        }
    }

    private void breakOff(LinkEnd why, long now) {
        end(why, now);
        hello(now);
    }

    private boolean understood(LinkFrame frame, long now) {
        ByteBuffer body = frame.body();
        return switch (frame.kind()) {
            case DATA -> data(frame.traffic(), body);
            case REPORT -> body.remaining() == REPORT && reported(body);
            case BEAT -> body.remaining() == 2 * Long.BYTES + REPORT && beaten(body);
            case BEAT_ANSWER -> body.remaining() == 2 * Long.BYTES + REPORT && answered(body, now);
            case HELLO, REFUSED -> false;
        };
    }

    private boolean data(Traffic traffic, ByteBuffer body) {
        if (!in.arrived(traffic, body.remaining())) {
            return false;
        }
        receivedData++;
        receivedBytes += body.remaining();
        byte[] bytes = new byte[body.remaining()];
        body.get(bytes);
        node.listener().received(peer, traffic, new Arrived(traffic, bytes, number));
        tellIfWorth();
        return true;
    }

    private boolean beaten(ByteBuffer body) {
        long sentNanos = body.getLong();
        body.getLong();
        if (!reported(body)) {
            return false;
        }
        frame(Kind.BEAT_ANSWER, Traffic.CONTROL, beatBody(sentNanos));
        return true;
    }

    private boolean answered(ByteBuffer body, long now) {
        long took = now - body.getLong();
        long theirWallMillis = body.getLong();
        if (took < 0) {
            return false;
        }
        rtt = Math.max(1, took);
        clockOffsetMillis = theirWallMillis - (node.clock().wallNanos() - took / 2) / MILLIS;
        return reported(body);
    }

    private boolean reported(ByteBuffer body) {
        long arrived = body.getLong();
        long[] done = new long[Traffic.values().length];
        Arrays.setAll(done, i -> body.getLong());
        Set<Traffic> room = out.reported(arrived, done);
        if (room == null) {
            return false;
        }
        pump();
        room.forEach(traffic -> node.listener().room(peer, traffic));
        return true;
    }

    private void tellIfWorth() {
        if (in.worthTelling()) {
            frame(Kind.REPORT, Traffic.CONTROL, report(ByteBuffer.allocate(REPORT)).array());
        }
    }

    private void beat(Kind kind, long now) {
        frame(kind, Traffic.CONTROL, beatBody(now));
    }

    private byte[] beatBody(long sentNanos) {
        return report(ByteBuffer.allocate(2 * Long.BYTES + REPORT).putLong(sentNanos)
            .putLong(node.clock().wallNanos() / MILLIS)).array();
    }

    private ByteBuffer report(ByteBuffer to) {
        to.putLong(in.tellArrived());
        for (long done : in.tellDone()) {
            to.putLong(done);
        }
        return to;
    }

    LinkHealth health() {
        lock.lock();
        try {
            long now = node.clock().nowNanos();
            return linked ? new LinkHealth(true, rtt, clockOffsetMillis, out.pending(), sentData, receivedData, sentBytes,
                receivedBytes, now - began, now - heard) : LinkHealth.DOWN;
        } finally {
            lock.unlock();
        }
    }

    private void done(Arrived frame) {
        lock.lock();
        try {
            if (linked && frame.link == number && !frame.done) {
                frame.done = true;
                in.done(frame.traffic, frame.bytes.length);
                tellIfWorth();
            }
        } finally {
            lock.unlock();
        }
    }

    private final class Arrived implements PeerFrame {
        private final Traffic traffic;
        private final byte[] bytes;
        private final long link;
        private boolean done;

        private Arrived(Traffic traffic, byte[] bytes, long link) {
            this.traffic = traffic;
            this.bytes = bytes;
            this.link = link;
        }

        @Override
        public byte[] bytes() {
            return bytes;
        }

        @Override
        public void done() {
            Link.this.done(this);
        }
    }
}
