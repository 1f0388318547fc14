package org.memphisee.core.cluster.journal;

/** A place in the journal as one number: segment, then offset. Later is larger. */
final class Position {

    /** Of no record: segments count from 1. */
    static final long NONE = 0;

    private Position() { }

    static long of(long segment, int offset) {
        return segment << Integer.SIZE | offset;
    }

    static long segment(long position) {
        return position >>> Integer.SIZE;
    }

    static int offset(long position) {
        return (int) position;
    }

    static String text(long position) {
        return "segment " + segment(position) + " offset " + offset(position);
    }
}
