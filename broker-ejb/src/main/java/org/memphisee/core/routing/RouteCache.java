package org.memphisee.core.routing;

import java.util.Arrays;

/**
 * The routes of the subjects that one thread has published to lately; an entry counts only for the generation of the
 * tree it was made at. Direct-mapped: a collision costs a walk of the tree, never a wrong answer. One thread only.
 */
final class RouteCache {

    private static final int MAX_SUBJECT = 256;

    private final byte[][] subjects;
    private final Route[] routes;
    private final long[] generations;

    /** A cache of so many routes, a power of two. */
    RouteCache(int slots) {
        subjects = new byte[slots][];
        routes = new Route[slots];
        generations = new long[slots];
    }

    Route get(byte[] bytes, int offset, int length, long generation) {
        int slot = slot(bytes, offset, length);
        byte[] subject = subjects[slot];
        if (subject != null && generations[slot] == generation && subject.length == length
            && Arrays.equals(subject, 0, length, bytes, offset, offset + length)) {
            return routes[slot];
        }
        return null;
    }

    void put(byte[] bytes, int offset, int length, long generation, Route route) {
        if (length > MAX_SUBJECT) {
            return;
        }
        int slot = slot(bytes, offset, length);
        byte[] subject = subjects[slot];
        if (subject == null || subject.length != length
            || !Arrays.equals(subject, 0, length, bytes, offset, offset + length)) {
            subjects[slot] = Arrays.copyOfRange(bytes, offset, offset + length);
        }
        routes[slot] = route;
        generations[slot] = generation;
    }

    private int slot(byte[] bytes, int offset, int length) {
        int h = length;
        for (int i = offset; i < offset + length; i++) {
            h = 31 * h + bytes[i];
        }
        return (h ^ h >>> 16) & routes.length - 1;
    }
}
