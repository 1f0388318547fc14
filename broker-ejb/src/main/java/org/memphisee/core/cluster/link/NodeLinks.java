package org.memphisee.core.cluster.link;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.memphisee.core.cluster.link.LinkFrame.Kind;
import org.memphisee.core.time.BrokerClock;

/**
 * The links of a node over some {@link LinkTransport}: who may link, which frames belong to which link, and what is sent when.
 * Any thread.
 */
public final class NodeLinks implements PeerLinks {

    /** Versions of this protocol that this node speaks. */
    static final int OLDEST = 1;
    static final int NEWEST = 1;
    /** Bytes of a nonce. */
    public static final int NONCE = Hello.NONCE;
    /** Bytes that a frame has more than what was sent. */
    public static final int OVERHEAD = LinkFrame.HEADER;
    /** Bytes of the longest frame that may come from somebody who is not linked. */
    public static final int LONGEST_HELLO = Hello.LARGEST + LinkFrame.HEADER;

    /** What came of bytes from the network. */
    public enum Heard {
        /** They belong to a link, or are a hello that leads to one. */
        TAKEN,
        /** They are well formed and of no link that there is: from one before, or from somebody who was refused. */
        STRAY,
        /** They are no frame. Whatever sent them is no node of ours, or its connection is out of step: it should be closed. */
        GARBAGE
    }

    private final PeerIdentity self;
    private final LinkSettings settings;
    private final LinkKeys keys;
    private final Supplier<byte[]> nonces;
    private final BrokerClock clock;
    private final LinkTransport transport;
    private final PeerListener listener;
    private final LinkReport report;
    private final Map<String, Link> links = new TreeMap<>();
    private final Map<Long, Link> open = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /**
     * Links of a node that has just started; nothing is sent before the first {@link #tick}.
     *
     * @param self what this node says of itself
     * @param peers names of all other nodes
     * @param secret of the cluster, empty for none
     * @param nonces arrays of 16 bytes that nobody can guess
     */
    public NodeLinks(PeerIdentity self, Collection<String> peers, LinkSettings settings, byte[] secret, Supplier<byte[]> nonces,
                     BrokerClock clock, LinkTransport transport, PeerListener listener, LinkReport report) {
        this.self = self;
        this.settings = settings;
        this.nonces = nonces;
        this.clock = clock;
        this.transport = transport;
        this.listener = listener;
        this.report = report;
        keys = new LinkKeys(secret);
        for (String peer : peers) {
            if (peer.equals(self.node()) || links.put(peer, new Link(peer, this, settings, clock.nowNanos())) != null) {
                throw new IllegalArgumentException(peer + " is named twice: " + peers + " and " + self.node());
            }
        }
    }

    @Override
    public String self() {
        return self.node();
    }

    @Override
    public Set<String> peers() {
        return Set.copyOf(links.keySet());
    }

    @Override
    public Sent send(String peer, Traffic traffic, byte[] frame) {
        if (frame.length > settings.maxFrame()) {
            throw new IllegalArgumentException("a frame of " + frame.length + " bytes, at most " + settings.maxFrame());
        }
        return link(peer).send(traffic, frame);
    }

    @Override
    public LinkHealth health(String peer) {
        return link(peer).health();
    }

    /** Whether there is a link to a peer. */
    public boolean linked(String peer) {
        return link(peer).linked();
    }

    private Link link(String peer) {
        Link link = links.get(peer);
        if (link == null) {
            throw new IllegalArgumentException("no node " + peer + " but " + links.keySet());
        }
        return link;
    }

    /**
     * Time has passed: beats, hellos, ends of silent links. For each peer from one thread.
     *
     * @return when to call again for this peer, monotonic
     */
    public long tick(String peer) {
        return closed ? Long.MAX_VALUE : link(peer).tick(clock.nowNanos());
    }

    /** The connection to a peer has ended, so that frames may be lost. */
    public void closed(String peer) {
        link(peer).ended(LinkEnd.CLOSED, clock.nowNanos());
    }

    /** The process of a peer is known to have ended. */
    public void gone(String peer) {
        link(peer).gone();
    }

    /** This node stops: all links end. What arrives afterwards is strange, and nothing is sent any more. */
    public void stop() {
        closed = true;
        links.values().forEach(link -> link.ended(LinkEnd.STOPPED, clock.nowNanos()));
    }

    /** Who sent a hello, as it says itself and whatever it proves; null for all other frames. */
    public static String claimedBy(byte[] frame) {
        if (frame.length > LONGEST_HELLO || !LinkFrame.saysHello(frame)) {
            return null; // most frames, so it is not checked twice
        }
        LinkFrame decoded = LinkFrame.decode(frame);
        Hello.Received hello = decoded == null ? null : Hello.decode(decoded.body());
        return hello == null ? null : hello.hello().who().node();
    }

    /**
     * Something has arrived. Whatever it is harms nobody.
     *
     * @param bytes not changed any more
     * @param way back to whoever sent it, for a frame that need not arrive
     */
    public Heard received(byte[] bytes, Consumer<byte[]> way) {
        LinkFrame frame = LinkFrame.decode(bytes);
        if (frame == null) {
            return Heard.GARBAGE;
        }
        if (closed) {
            return Heard.STRAY;
        }
        return switch (frame.kind()) {
            case HELLO -> hello(frame.body(), way);
            case REFUSED -> refusedBy(frame.body());
            default -> {
                Link link = open.get(frame.link());
                yield link != null && link.received(frame, clock.nowNanos()) == Link.Heard.TAKEN ? Heard.TAKEN : Heard.STRAY;
            }
        };
    }

    private Heard hello(ByteBuffer body, Consumer<byte[]> way) {
        Hello.Received received = Hello.decode(body);
        if (received == null) {
            return Heard.GARBAGE;
        }
        Admission.Refused refused = Admission.of(self, links.keySet(), received, keys);
        if (refused == null) {
            links.get(received.hello().who().node()).hello(received.hello(), clock.nowNanos());
            return Heard.TAKEN;
        }
        report.refused(Admission.printable(received.hello().who().node()), refused.why(), refused.detail());
        way.accept(LinkFrame.encode(Kind.REFUSED, Traffic.CONTROL, 0, 0, Admission.encode(refused.why(), self.node())));
        return Heard.STRAY;
    }

    private Heard refusedBy(ByteBuffer body) {
        Admission.Refusal refusal = Admission.decode(body);
        if (refusal == null) {
            return Heard.GARBAGE;
        }
        report.refusedBy(refusal.by(), refusal.why());
        return Heard.STRAY;
    }

    void sayHello(String peer, boolean linked, byte[] nonce, byte[] echo) {
        int[] budgets = new int[Traffic.values().length];
        Arrays.setAll(budgets, i -> settings.budgets().get(Traffic.values()[i]));
        Hello hello = new Hello(OLDEST, NEWEST, linked, nonce, echo, peer, self, settings.pipe(), budgets);
        transport.send(peer, LinkFrame.encode(Kind.HELLO, Traffic.CONTROL, 0, 0, hello.encode(keys)));
    }

    long opens(Link link, String peer, byte[] nonce, byte[] theirs) {
        long number = keys.link(self.node(), nonce, peer, theirs);
        open.put(number, link);
        return number;
    }

    void closes(long number) {
        open.remove(number);
    }

    boolean stopped() {
        return closed;
    }

    byte[] nonce() {
        return nonces.get();
    }

    LinkTransport transport() {
        return transport;
    }

    PeerListener listener() {
        return listener;
    }

    LinkReport report() {
        return report;
    }

    BrokerClock clock() {
        return clock;
    }
}
