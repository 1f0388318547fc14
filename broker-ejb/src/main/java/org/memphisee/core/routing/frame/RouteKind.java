package org.memphisee.core.routing.frame;

import java.util.Arrays;

/**
 * What a frame is about. Numbers are part of the wire format, never change their meaning, and lie beside those of other
 * conversations between nodes.
 */
public enum RouteKind {
    /** Which subjects clients of the sender listen to. */
    INTEREST(48),
    /** Messages for those who listen at the receiver. */
    MESSAGES(49),
    /** Acknowledgements, requests for messages and answers to flow control, for partitions that the receiver leads. */
    TRAFFIC(50),
    /** Messages to be stored in partitions that the receiver leads. */
    PUBLISHES(51),
    /** What became of those two. */
    OUTCOMES(52),
    /** Stored messages for requests of the receiver's clients. */
    DELIVERIES(53),
    /** Requests to the API about partitions that the receiver leads. */
    REQUESTS(54),
    /** Answers to them. */
    REPLIES(55),
    /** Whether somebody still waits for what a request for messages brings. */
    PULLS(56),
    /** What doors of the sender have done on partitions that the receiver decides about. */
    ERRANDS(64),
    /** What became of that. */
    ERRAND_ANSWERS(65);

    /** The first and the last number that are of this conversation. */
    public static final int FIRST = 48;
    public static final int LAST = 67;

    private static final RouteKind[] ALL = values();

    private final int number;

    RouteKind(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    /** Whether a frame belongs to this conversation. */
    public static boolean owns(byte[] frame) {
        return frame.length >= RouteFrame.HEADER && frame[1] >= FIRST && frame[1] <= LAST;
    }

    /** What a frame is about. */
    public static RouteKind of(byte[] frame) throws RouteFrameException {
        if (frame.length < RouteFrame.HEADER || frame[0] != RouteFrame.VERSION) {
            throw new RouteFrameException(frame.length < RouteFrame.HEADER ? "a frame of " + frame.length + " bytes"
                : "a frame of version " + frame[0] + ", readable is " + RouteFrame.VERSION);
        }
        return Arrays.stream(ALL).filter(kind -> kind.number == frame[1]).findFirst()
            .orElseThrow(() -> new RouteFrameException("a frame of kind " + frame[1] + ", which this release does not know"));
    }
}
