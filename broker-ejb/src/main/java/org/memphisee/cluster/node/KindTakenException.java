package org.memphisee.cluster.node;

/** Two conversations of a node want frames of one kind, so that one of them would hear nothing: a defect of this release. */
public final class KindTakenException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    KindTakenException(int kind, NodeService service, NodeService other) {
        super("frames of kind " + kind + " are not for " + service.getClass().getName() + ": " + (other == null
            ? "services have the kinds 32 to 47 and 64 to 127" : other.getClass().getName() + " has them")
            + "; this release is defective, start another one");
    }
}
