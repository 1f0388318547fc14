package org.memphisee.core.routing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.memphisee.core.routing.frame.RouteFrame;
import org.memphisee.port.PublishRequest;

/**
 * Who listens to one subject at other nodes. A message goes once to each of them, and is not sent on from there. Immutable; any
 * thread.
 */
final class RemoteRoute {

    private static final ClientSubscription[] NOBODY = {};
    /** Of an entry: for those without a queue group. */
    static final int PLAIN = 1;
    /** The most queue groups that one entry may name. */
    static final int MOST_GROUPS = 255;

    /** A queue group with members at other nodes. */
    private record Group(String name, ClientSubscription[] local, Peer[] peers, int[] weights, int total) { }

    /** Nodes where somebody listens without a queue group. */
    private final Peer[] plain;
    private final Group[] groups;
    private final Peer[] all;

    private RemoteRoute(Peer[] plain, Group[] groups, Peer[] all) {
        this.plain = plain;
        this.groups = groups;
        this.all = all;
    }

    /**
     * Makes a route.
     *
     * @param interests not empty
     * @param local members here of queue groups; those with members elsewhere are taken out
     */
    static RemoteRoute of(List<RemoteInterest> interests, Map<String, List<ClientSubscription>> local) {
        Set<Peer> plain = new LinkedHashSet<>();
        Set<Peer> all = new LinkedHashSet<>();
        Map<String, Map<Peer, Integer>> queues = new LinkedHashMap<>();
        for (RemoteInterest interest : interests) {
            all.add(interest.peer());
            if (interest.queue().isEmpty()) {
                plain.add(interest.peer());
            } else {
                queues.computeIfAbsent(interest.queue(), q -> new LinkedHashMap<>())
                    .merge(interest.peer(), interest.weight(), Integer::sum);
            }
        }
        List<Group> groups = new ArrayList<>();
        queues.forEach((name, members) -> {
            List<ClientSubscription> here = local.remove(name);
            groups.add(new Group(name, here == null ? NOBODY : here.toArray(ClientSubscription[]::new),
                members.keySet().toArray(Peer[]::new), members.values().stream().mapToInt(Integer::intValue).toArray(),
                members.values().stream().mapToInt(Integer::intValue).sum()));
        });
        return new RemoteRoute(plain.toArray(Peer[]::new), groups.toArray(Group[]::new), all.toArray(Peer[]::new));
    }

    /** Members here of a queue group that has some elsewhere. */
    ClientSubscription[] localGroup(String name) {
        Group group = group(name);
        return group == null ? NOBODY : group.local;
    }

    /** Whether a queue group has members elsewhere. */
    boolean hasGroup(String name) {
        return group(name) != null;
    }

    private Group group(String name) {
        for (Group group : groups) {
            if (group.name.equals(name)) {
                return group;
            }
        }
        return null;
    }

    /** Whether stored messages, which can come later, should come later. */
    boolean congested() {
        for (Peer peer : all) {
            if (peer.congested()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Sends to everybody: to each node once, and to one member of each queue group wherever it is.
     *
     * @param to what they listen to
     * @param shown the subject that they are shown
     * @param stored whether it is a stored message, of which none may be lost because much waits
     * @return whether there was somebody
     */
    boolean deliver(Lane lane, ClientSession not, byte[] to, int toOffset, int toLength, byte[] shown, int shownOffset,
                    int shownLength, byte[] reply, int replyOffset, int replyLength, byte[] body, int bodyOffset, int headerLength,
                    int payloadLength, boolean stored) {
        boolean reached = plain.length > 0;
        Map<Peer, List<String>> chosen = null;
        for (Group group : groups) {
            int at = choose(group, not);
            if (at < 0) {
                ClientSubscription s = Router.member(group.local, not);
                if (s != null) {
                    s.session.frame(lane, s.sid, shown, shownOffset, shownLength, reply, replyOffset, replyLength, body, bodyOffset,
                        headerLength, payloadLength);
                    reached = true;
                    continue;
                }
                at = 0;
            }
            reached = true;
            chosen = chosen == null ? new LinkedHashMap<>() : chosen;
            chosen.computeIfAbsent(group.peers[at], p -> new ArrayList<>()).add(group.name);
        }
        byte[] same = null;
        for (Peer peer : plain) {
            List<String> names = chosen == null ? null : chosen.remove(peer);
            byte[] entry;
            if (names == null && same != null) {
                entry = same;
            } else {
                entry = entry(PLAIN, names == null ? List.of() : names, to, toOffset, toLength, shown, shownOffset, shownLength,
                    reply, replyOffset, replyLength, body, bodyOffset, headerLength, payloadLength);
                same = names == null ? entry : same;
            }
            hand(lane, peer, entry, stored);
        }
        if (chosen != null) {
            chosen.forEach((peer, names) -> hand(lane, peer, entry(0, names, to, toOffset, toLength, shown, shownOffset,
                shownLength, reply, replyOffset, replyLength, body, bodyOffset, headerLength, payloadLength), stored));
        }
        return reached;
    }

    /**
     * Sends what each node says to its own: of a queue group one member gets it, at that of the nodes with members whose name comes
     * first.
     */
    void deliverHere(Lane lane, PublishRequest r) {
        for (Group group : groups) {
            boolean another = group.local.length == 0;
            for (Peer peer : group.peers) {
                another |= peer.before();
            }
            ClientSubscription s = another ? null : Router.member(group.local, null);
            if (s != null) {
                s.session.frame(lane, s.sid, r.bytes(), r.subjectOffset(), r.subjectLength(), r.bytes(), r.replyOffset(),
                    r.replyLength(), r.bytes(), r.bodyOffset(), r.headerLength(), r.payloadLength());
            }
        }
    }

    /** Sends a stored message to one member of a queue group that has some elsewhere. */
    void deliverTo(String queue, Lane lane, byte[] to, byte[] shown, int shownOffset, int shownLength, byte[] reply,
                   int replyLength, byte[] body, int bodyOffset, int headerLength, int payloadLength) {
        Group group = group(queue);
        int at = choose(group, null);
        if (at < 0) {
            ClientSubscription s = Router.member(group.local, null);
            if (s != null) {
                s.session.frame(lane, s.sid, shown, shownOffset, shownLength, reply, 0, replyLength, body, bodyOffset, headerLength,
                    payloadLength);
                return;
            }
            at = 0;
        }
        hand(lane, group.peers[at], entry(0, List.of(queue), to, 0, to.length, shown, shownOffset, shownLength, reply, 0,
            replyLength, body, bodyOffset, headerLength, payloadLength), true);
    }

    /** Which node gets it, by chance and weight; -1 for this one. */
    private static int choose(Group group, ClientSession not) {
        int here = 0;
        for (ClientSubscription s : group.local) {
            here += s.session != not && s.active() ? 1 : 0;
        }
        int ticket = group.peers[0].chance(here + group.total) - here;
        if (ticket < 0) {
            return -1;
        }
        int at = 0;
        while (ticket >= group.weights[at]) {
            ticket -= group.weights[at++];
        }
        return at;
    }

    private static void hand(Lane lane, Peer peer, byte[] entry, boolean stored) {
        lane.command(peer.shard(), () -> peer.message(entry, stored), entry.length);
    }

    private static byte[] entry(int flags, List<String> queues, byte[] to, int toOffset, int toLength, byte[] shown,
                                int shownOffset, int shownLength, byte[] reply, int replyOffset, int replyLength, byte[] body,
                                int bodyOffset, int headerLength, int payloadLength) {
        boolean same = to == shown && toOffset == shownOffset && toLength == shownLength;
        RouteFrame entry = RouteFrame.entry(32 + toLength + (same ? 0 : shownLength) + replyLength + headerLength + payloadLength);
        int named = Math.min(MOST_GROUPS, queues.size());
        entry.u8(flags).u8(named);
        queues.subList(0, named).forEach(entry::text);
        return entry.slice(to, toOffset, toLength).slice(shown, shownOffset, same ? 0 : shownLength)
            .slice(reply, replyOffset, replyLength).i32(headerLength).slice(body, bodyOffset, headerLength + payloadLength).take();
    }
}
