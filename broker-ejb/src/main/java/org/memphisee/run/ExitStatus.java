package org.memphisee.run;

/** How the process of a server ends, for whoever starts it again or does not. */
public final class ExitStatus {

    /** Told to stop, and everything is closed. */
    public static final int STOPPED = 0;
    /** It could not start; another try may do better. The JVM itself ends with 3 when its memory is exhausted. */
    public static final int START_FAILED = 1;
    /** Settings keep it from starting, and will the next time: {@code EX_CONFIG} of the system's own list. */
    public static final int WRONG_SETTINGS = 78;
    /** Ended by Ctrl-C, in good order. */
    public static final int INTERRUPTED = 130;

    private ExitStatus() { }
}
