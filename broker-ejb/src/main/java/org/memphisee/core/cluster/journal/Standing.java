package org.memphisee.core.cluster.journal;

/** What a group's log on this node is worth. */
public enum Standing {
    /** The journal has nothing of it, as far as it knows. */
    ABSENT,
    /** Everything that was durable is there. */
    COMPLETE,
    /** Something that was durable is damaged or gone: it neither votes nor answers before it was rebuilt and begun. */
    REBUILD
}
