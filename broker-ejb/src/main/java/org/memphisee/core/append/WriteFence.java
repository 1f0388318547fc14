package org.memphisee.core.append;

import org.memphisee.core.log.StoreException;

/**
 * Keeps a partition's log free of gaps: after a failed write nothing that was submitted behind it may be written, or
 * sequences would be missing. Used by whoever writes, apart from being created.
 */
public final class WriteFence {

    private StoreException cause;

    StoreException cause() {
        return cause;
    }

    void close(StoreException failure) {
        cause = failure;
    }
}
