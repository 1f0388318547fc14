package org.memphisee.core.cluster.watch;

import java.util.Optional;

import org.memphisee.core.cluster.election.Hindrance;

/**
 * A node, as this one sees it.
 *
 * @param name of the node
 * @param state what it is; {@link NodeState#AWAY} without a link
 * @param partitions that it decides about, as far as is known here
 * @param figures what it said last; empty when it did not say anything since this node's start
 * @param heardMillis since it said that
 * @param hindrance what speaks against it leading groups, as it says; nothing of one without a link
 */
public record NodeStatus(String name, NodeState state, int partitions, Optional<NodeFigures> figures, long heardMillis,
                         Hindrance hindrance) {

    /** Whether it may lead, with others there that may as well. */
    public boolean mayLead() {
        return hindrance.mayLead();
    }

    /** What keeps it from leading, for programs; empty when nothing does. */
    public String whyNot() {
        return hindrance.label();
    }

    /** The same, in a sentence behind its name. */
    public String whyNotInWords() {
        return hindrance.words();
    }
}
