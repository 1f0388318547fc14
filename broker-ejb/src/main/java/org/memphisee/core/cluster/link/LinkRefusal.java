package org.memphisee.core.cluster.link;

/** Why a node does not link to another one. The order is part of the wire format: new reasons come last. */
public enum LinkRefusal {
    /** They speak no version of this protocol in common, or understand no level of formats in common. */
    VERSION,
    /** It belongs to a cluster of another name. */
    CLUSTER,
    /** It wanted somebody else: the lists of members differ. */
    WRONG_NODE,
    /** It is not in this node's list of members. */
    UNKNOWN_NODE,
    /** It has this node's name, or that of a node that is linked. */
    SAME_NAME,
    /** It does not have the secret of the cluster. */
    SECRET,
    /** A secret that all nodes must have alike is another one there. */
    FINGERPRINT
}
