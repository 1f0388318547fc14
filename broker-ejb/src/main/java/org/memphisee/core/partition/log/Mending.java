package org.memphisee.core.partition.log;

import java.util.function.Consumer;

import org.memphisee.core.log.DamagedException;
import org.memphisee.core.log.StoreException;

/** Where a record that is damaged here may be whole. Any thread; does not wait. */
public interface Mending {

    /**
     * Finds a record elsewhere.
     *
     * @param first sequence that the record begins with
     * @param damage what reading it said
     * @param found told the record, or
     * @param failed told why nobody has it; one of both, once, on any thread
     */
    void mend(long partition, long first, DamagedException damage, Consumer<byte[]> found, Consumer<StoreException> failed);

    /** Of a broker alone. */
    Mending NOWHERE = (partition, first, damage, found, failed) -> failed.accept(damage);
}
