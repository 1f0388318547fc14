package org.memphisee.store.je;

import com.sleepycat.je.DatabaseEntry;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Keys of the databases. Big endian, because JE compares keys as unsigned bytes and batches must be found in order;
 * numbers are therefore never negative.
 */
final class Keys {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Keys() { }

    /** Key of one thing of a partition: a batch by its first sequence, a cursor by its consumer. */
    static DatabaseEntry of(long partition, long second) {
        byte[] key = new byte[16];
        LONG.set(key, 0, partition);
        LONG.set(key, 8, second);
        return new DatabaseEntry(key);
    }

    /** Key of a partition, or of an event by its index. */
    static DatabaseEntry of(long number) {
        byte[] key = new byte[8];
        LONG.set(key, 0, number);
        return new DatabaseEntry(key);
    }

    static long first(byte[] key) {
        return (long) LONG.get(key, 0);
    }

    static long second(byte[] key) {
        return (long) LONG.get(key, 8);
    }
}
