package org.memphisee.core.cluster.journal;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A file of a length that does not change. One thread at a time writes and syncs; any thread reads, also meanwhile. */
public interface JournalFile extends AutoCloseable {

    /** Its length, bytes. */
    long bytes();

    /**
     * Fills what remains of a buffer.
     *
     * @param offset from where; all of it must be inside the file
     */
    void read(long offset, ByteBuffer into) throws IOException;

    /**
     * Overwrites. Durable after {@link #force}, in whole or in parts before that.
     *
     * @param offset where; all that remains of the buffer must fit
     */
    void write(long offset, ByteBuffer from) throws IOException;

    /**
     * Makes everything that was written durable. When it fails, nobody knows what is on the disk, and calling it again would
     * not tell: the system may have dropped what it could not write.
     */
    void force() throws IOException;

    @Override
    void close() throws IOException;
}
