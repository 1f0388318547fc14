package org.memphisee.contract;

import org.memphisee.core.cluster.journal.JournalException;
import org.memphisee.core.cluster.journal.JournalListener;

/** Of a group whose journal has room and does not fail. */
public interface NeverFails extends JournalListener {

    @Override
    default void refused(long ticket, JournalException why) {
        throw new IllegalStateException(why);
    }

    @Override
    default void failed(JournalException why) {
        throw new IllegalStateException(why);
    }
}
