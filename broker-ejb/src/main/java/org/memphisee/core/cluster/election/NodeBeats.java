package org.memphisee.core.cluster.election;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.memphisee.core.cluster.election.ElectionMessage.Beat;
import org.memphisee.core.cluster.election.ElectionMessage.BeatAnswer;

/**
 * Gathers the beats of a node's groups, and the answers to them: one message to each peer, however many groups they have in common.
 * Leaders beat at the same moments of their node's clock ({@link GroupElection}), so that there is something to gather. Of a group
 * only the newest beat and the newest answer wait, so what waits is bounded by the groups. Thread-safe: groups add on threads of their
 * own, and the node's tick sends.
 */
public final class NodeBeats {

    private final Map<String, Map<String, GroupBeat>> waiting = new LinkedHashMap<>();

    /**
     * A beat of one group.
     *
     * @param group its number
     * @param message a {@link Beat} or a {@link BeatAnswer}
     */
    public record GroupBeat(long group, ElectionMessage message) {
        public GroupBeat {
            if (!isBeat(message)) {
                throw new IllegalArgumentException("not a beat: " + message);
            }
        }
    }

    /** Where gathered beats go. */
    public interface Out {
        /** Sends all of them in one message. */
        void send(String peer, List<GroupBeat> beats);
    }

    private static boolean isBeat(ElectionMessage message) {
        return message instanceof Beat || message instanceof BeatAnswer;
    }

    /**
     * Takes what a group says to a peer, when it is a beat or an answer to one.
     *
     * @return false when it is something else, which does not wait for others
     */
    public synchronized boolean take(String peer, long group, ElectionMessage message) {
        if (!isBeat(message)) {
            return false;
        }
        String place = group + (message instanceof Beat ? " beat" : " answer");
        waiting.computeIfAbsent(peer, name -> new LinkedHashMap<>()).merge(place, new GroupBeat(group, message),
            (old, young) -> old.message().term() > young.message().term() ? old : young);
        return true;
    }

    /** Sends what was gathered. */
    public void flush(Out out) {
        Map<String, Map<String, GroupBeat>> gathered;
        synchronized (this) {
            gathered = new LinkedHashMap<>(waiting);
            waiting.clear();
        }
        gathered.forEach((peer, beats) -> out.send(peer, List.copyOf(beats.values())));
    }
}
