package org.memphisee.cli.run;

/** How the process ends (docs/guide/command-line.md). {@code server check} alone has the codes of Nagios instead. */
public final class ExitCode {

    public static final int DONE = 0;
    /** The broker said no; its words are on the standard error. */
    public static final int REFUSED = 1;
    /** It was done at some of several places, which are named, and what was done stays. */
    public static final int PARTLY = 3;
    public static final int USAGE = 64;
    public static final int BAD_DATA = 65;
    public static final int NOT_FOUND = 66;
    public static final int UNREACHABLE = 69;
    /** What failed is ours. */
    public static final int INTERNAL = 70;
    /** The same may succeed later. */
    public static final int TRY_AGAIN = 75;
    public static final int NOT_ALLOWED = 77;
    public static final int INTERRUPTED = 130;

    private ExitCode() { }
}
