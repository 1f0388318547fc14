package org.memphisee.cluster.node;

import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

import org.memphisee.core.cluster.election.Hindrance;
import org.memphisee.core.cluster.link.PeerFrame;
import org.memphisee.core.cluster.link.PeerIdentity;
import org.memphisee.core.cluster.link.PeerLinks;
import org.memphisee.core.cluster.link.Traffic;

/**
 * Which nodes should lead nothing, and why (ADR 0226): each says it of itself, at once and in the beginning of a link, and it is
 * so until it says otherwise or the link ends; the next life of a node is another one. All that moves a leadership asks here.
 * One that is hindered gives what it leads to others that are less so, and tries that again as long as it is.
 *
 * <p>A frame is one byte behind version and kind: the place of the {@link Hindrance}. One that a later release says and this one
 * does not know counts as the worst. The node's loop, but for what says otherwise.
 */
public final class Hindrances implements NodeService {

    /** Kind of its frames. */
    static final int KIND = 34;
    /** Time between two tries to have others lead. */
    private static final long AGAIN_NANOS = 1_000_000_000L;

    private final NodeGroups node;
    private final Set<Hindrance> own = EnumSet.noneOf(Hindrance.class);
    private final Map<String, Hindrance> of = new ConcurrentHashMap<>();
    private final Set<String> linked = ConcurrentHashMap.newKeySet();
    private final Set<String> untold = new TreeSet<>();
    private Consumer<String> stops = peer -> { };
    private Runnable evade = () -> { };
    private long next = Long.MIN_VALUE;

    Hindrances(NodeGroups node) {
        this.node = node;
    }

    // ---- any thread

    /** Something speaks against this node leading, or does so no more. */
    public void of(Hindrance what, boolean now) {
        synchronized (own) {
            boolean changed = now ? own.add(what) : own.remove(what);
            if (!changed) {
                return;
            }
            Hindrance worst = own.stream().max(Comparator.naturalOrder()).orElse(Hindrance.NONE);
            of.put(node.self(), worst);
        }
        node.resume(() -> {
            untold.addAll(linked);
            next = Long.MIN_VALUE;
        });
    }

    /** What speaks against a node leading, as it said in this link; this one, perhaps. */
    public Hindrance of(String name) {
        return of.getOrDefault(name, Hindrance.NONE);
    }

    /** Who hears of peers that are about to stop, on the loop; of those first that are already. */
    public void tellWhoStops(Consumer<String> listener) {
        node.resume(() -> {
            stops = listener;
            linked.stream().filter(peer -> of(peer) == Hindrance.STOPS).forEach(listener);
        });
    }

    /** Has others lead what this node leads; called again and again while it is hindered. Before the loop runs. */
    public void evadeBy(Runnable handOver) {
        evade = handOver;
    }

    // ---- on the loop

    /** Who leads in place of this node. */
    public interface Heirs {

        /**
         * Whom to have lead, of the members of a group.
         *
         * @param lag entries that a member lacks
         * @param most that it may lack
         */
        Optional<String> of(List<String> members, ToLongFunction<String> lag, long most);
    }

    /** Of nodes that are linked, those that are less hindered than this one; the least hindered, of these whoever lacks least. */
    public Heirs better() {
        return (members, lag, most) -> heir(members, lag, most, of(node.self()));
    }

    /** Of nodes that are linked, all that do not stop; the least hindered, of these whoever lacks least. */
    public Heirs any() {
        return (members, lag, most) -> heir(members, lag, most, Hindrance.STOPS);
    }

    private Optional<String> heir(List<String> members, ToLongFunction<String> lag, long most, Hindrance lessThan) {
        return members.stream().filter(linked::contains).filter(member -> of(member).lessThan(lessThan))
            .filter(member -> lag.applyAsLong(member) <= most)
            .min(Comparator.<String, Hindrance>comparing(this::of).thenComparingLong(lag));
    }

    @Override
    public Set<Integer> kinds() {
        return Set.of(KIND);
    }

    @Override
    public void linked(String peer, PeerIdentity who) {
        linked.add(peer);
        if (!of(node.self()).mayLead()) {
            untold.add(peer);
            next = Long.MIN_VALUE; // it may be better
        }
    }

    @Override
    public void unlinked(String peer) {
        linked.remove(peer);
        untold.remove(peer);
        of.remove(peer);
    }

    @Override
    public void received(String peer, int kind, PeerFrame frame, long now) {
        ByteBuffer in = ByteBuffer.wrap(frame.bytes());
        frame.done();
        int place = in.limit() > NodeFrames.HEADER ? in.get(NodeFrames.HEADER) : -1;
        Hindrance[] known = Hindrance.values();
        Hindrance said = place >= 0 && place < known.length ? known[place] : Hindrance.STOPS;
        Hindrance before = of.put(peer, said);
        if (said == Hindrance.STOPS && before != Hindrance.STOPS) {
            stops.accept(peer);
        }
        next = Long.MIN_VALUE;
    }

    @Override
    public long turn(long now) {
        Hindrance mine = of(node.self());
        untold.removeIf(peer -> node.send(peer, Traffic.CONTROL, NodeFrames.begin(KIND, 1).put((byte) mine.ordinal()).array())
            == PeerLinks.Sent.TAKEN); // when there is room it is woken
        if (mine.mayLead()) {
            return Long.MAX_VALUE;
        }
        if (next <= now) {
            next = now + AGAIN_NANOS;
            evade.run();
        }
        return next;
    }

    @Override
    public void stopped() { }
}
