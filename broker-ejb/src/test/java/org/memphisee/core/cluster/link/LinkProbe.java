package org.memphisee.core.cluster.link;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What the links of one node told it. Thread-safe. */
public final class LinkProbe implements PeerListener, LinkReport {

    /** One thing that was told. */
    public sealed interface Told {
        String peer();
    }

    public record Linked(String peer, PeerIdentity who) implements Told { }

    public record Unlinked(String peer, LinkEnd end) implements Told { }

    public record Got(String peer, Traffic traffic, long number, int length) implements Told { }

    public record Room(String peer, Traffic traffic) implements Told { }

    public record Gone(String peer) implements Told { }

    private final List<Told> told = new ArrayList<>();
    private final List<String> refusals = new ArrayList<>();
    private final Set<Traffic> keeping = EnumSet.noneOf(Traffic.class);
    private final List<PeerFrame> kept = new ArrayList<>();
    private final Map<String, Long> sent = new TreeMap<>();

    /** A frame with a number in front. */
    public static byte[] numbered(long number, int length) {
        return ByteBuffer.allocate(Math.max(Long.BYTES, length)).putLong(number).array();
    }

    @Override
    public synchronized void linked(String peer, PeerIdentity who) {
        told.add(new Linked(peer, who));
    }

    @Override
    public synchronized void unlinked(String peer, LinkEnd end) {
        told.add(new Unlinked(peer, end));
    }

    @Override
    public synchronized void received(String peer, Traffic traffic, PeerFrame frame) {
        told.add(new Got(peer, traffic, ByteBuffer.wrap(frame.bytes()).getLong(), frame.bytes().length));
        if (keeping.contains(traffic)) {
            kept.add(frame);
        } else {
            frame.done();
        }
    }

    @Override
    public synchronized void room(String peer, Traffic traffic) {
        told.add(new Room(peer, traffic));
    }

    @Override
    public synchronized void gone(String peer) {
        told.add(new Gone(peer));
    }

    @Override
    public synchronized void refused(String node, LinkRefusal why, String detail) {
        refusals.add(node + " " + why + (detail.isEmpty() ? "" : " " + detail));
    }

    @Override
    public synchronized void refusedBy(String node, LinkRefusal why) {
        refusals.add("by " + node + " " + why);
    }

    /** From now on nothing of this kind is done with. */
    public synchronized void keep(Traffic traffic) {
        keeping.add(traffic);
    }

    /** Everything that was kept is done with, and nothing is kept any more. */
    public void release() {
        List<PeerFrame> all;
        synchronized (this) {
            keeping.clear();
            all = List.copyOf(kept);
            kept.clear();
        }
        all.forEach(PeerFrame::done);
    }

    public synchronized long keptBytes() {
        return kept.stream().mapToLong(frame -> frame.bytes().length).sum();
    }

    public synchronized List<Told> told() {
        return List.copyOf(told);
    }

    public synchronized List<String> refusals() {
        return List.copyOf(refusals);
    }

    /** What was told of a peer, of one kind. */
    public <T extends Told> List<T> told(String peer, Class<T> kind) {
        return told().stream().filter(t -> t.peer().equals(peer)).filter(kind::isInstance).map(kind::cast).toList();
    }

    /** Numbers of the frames of one kind of traffic. */
    public List<Long> got(String peer, Traffic traffic) {
        return told(peer, Got.class).stream().filter(g -> g.traffic() == traffic).map(Got::number).toList();
    }

    public boolean isLinked(String peer) {
        Told last = null;
        for (Told t : told()) {
            if (t.peer().equals(peer) && (t instanceof Linked || t instanceof Unlinked)) {
                last = t;
            }
        }
        return last instanceof Linked;
    }

    /** Next number for a peer. */
    synchronized long next(String peer) {
        return sent.merge(peer, 1L, Long::sum);
    }
}
