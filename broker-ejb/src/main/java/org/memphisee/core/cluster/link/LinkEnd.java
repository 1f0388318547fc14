package org.memphisee.core.cluster.link;

/** Why a link ended. */
public enum LinkEnd {
    /** The connection was closed, by the peer or on the way. */
    CLOSED,
    /** Nothing was heard of the peer for {@link LinkSettings#silenceNanos}. */
    SILENT,
    /** Frames were lost on the way. */
    GAP,
    /** The peer began anew. */
    RESET,
    /** What arrived could not be understood. */
    GARBLED,
    /** This node stops. */
    STOPPED
}
