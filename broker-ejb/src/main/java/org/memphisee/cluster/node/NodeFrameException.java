package org.memphisee.cluster.node;

import java.io.IOException;

/** A frame that this release cannot read: its sender has a newer one, or it is damaged. */
public final class NodeFrameException extends IOException {

    private static final long serialVersionUID = 1;

    /** Says what is wrong with it. */
    public NodeFrameException(String message) {
        super(message);
    }
}
