package org.memphisee.core.control;

import org.memphisee.core.log.SystemLog;

/**
 * Numbers of what is defined, none of which is given twice: one after the other, or, where nodes share them, from blocks of which each
 * node has its own. Control loop.
 */
final class Numbers {

    /** In a block of numbers that one of several nodes gives out. */
    static final long BLOCK = 1 << 16;

    private long nextId = 1;
    private SystemLog.NumberShare share = SystemLog.NumberShare.ALL;
    /** The next number of this node's own block, when nodes share the numbers; below 0 when it has none. */
    private long nextOwn = -1;

    /** Numbers are shared with other nodes from now on: each gives out blocks of its own. */
    void share(SystemLog.NumberShare numbers) {
        share = numbers;
    }

    /** Gives so many consecutive numbers and tells the first. */
    long allocate(int count) {
        if (share.parts() > 1) {
            return allocateOwn(count);
        }
        long first = nextId;
        nextId += count;
        return first;
    }

    private long allocateOwn(int count) {
        if (count > BLOCK) {
            throw new IllegalArgumentException(count + " numbers at once; a block has " + BLOCK);
        }
        if (nextOwn < 0 || !own(nextOwn) || block(nextOwn) != block(nextOwn + count - 1)) {
            long block = block(Math.max(nextId, nextOwn) + BLOCK - 1);
            nextOwn = (block + Math.floorMod(share.part() - block, (long) share.parts())) * BLOCK;
        }
        long first = nextOwn;
        nextOwn += count;
        return first;
    }

    private static long block(long id) {
        return id / BLOCK;
    }

    /** Whether a number is one of those that this node gives out. */
    boolean own(long id) {
        return block(id) % share.parts() == share.part();
    }

    /** Lower than all that nobody has seen. */
    long next() {
        return nextId;
    }

    /** Numbers up to here were given, whatever events say. */
    void seen(long id) {
        nextId = Math.max(nextId, id + 1);
        if (nextOwn >= 0 && own(id)) { // of an earlier life of this node, which came late
            nextOwn = Math.max(nextOwn, id + 1);
        }
    }
}
