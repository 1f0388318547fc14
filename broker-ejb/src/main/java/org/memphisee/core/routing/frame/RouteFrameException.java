package org.memphisee.core.routing.frame;

/** A frame that cannot be read: its sender has a newer release, or it is damaged. What it still had is not looked at. */
public final class RouteFrameException extends Exception {

    private static final long serialVersionUID = 1;

    /** Says what is wrong with it. */
    public RouteFrameException(String message) {
        super(message);
    }
}
