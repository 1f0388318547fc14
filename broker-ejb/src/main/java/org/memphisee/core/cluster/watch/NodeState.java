package org.memphisee.core.cluster.watch;

import java.util.Locale;

/** What a node is just now (cluster.md 5.3); its number is what nodes tell each other, and never gets another meaning. */
public enum NodeState {

    /** It waits for others, for the cluster to begin. */
    FORMING(1),
    /** It has not seen yet what was defined before it came. */
    JOINING(2),
    /** It takes what it lacks of some groups from others, and leads those not. */
    REBUILDING(3),
    /** It has everything, and does everything. */
    READY(4),
    /** It is being stopped. */
    DRAINING(5),
    /** A part of its work has ended until it is started again. */
    DEGRADED(6),
    /** It is not linked to so many that they are a majority with it. */
    ISOLATED(7),
    /** Seen from another node only: there is no link to it. What it is itself is not known. */
    AWAY(8);

    private final int number;

    NodeState(int number) {
        this.number = number;
    }

    /** As nodes write it, 1 to 127. */
    public int number() {
        return number;
    }

    /** Of a number; {@link #READY} for one of a later release, which whoever shows it cannot know better. */
    public static NodeState of(int number) {
        for (NodeState state : values()) {
            if (state.number == number) {
                return state;
            }
        }
        return READY;
    }

    /** As series and API write it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
