package org.memphisee.core.cluster.journal;

import java.io.IOException;
import java.util.List;

/**
 * The directory of a journal, and nobody else's while it is open. Names have no folders in them. What a create, rename or
 * delete did survives a power cut after {@link #syncDirectory}. Different files may be used by different threads.
 */
public interface JournalFiles extends AutoCloseable {

    /** Names of all files. */
    List<String> list() throws IOException;

    /** Opens a file that exists. */
    JournalFile open(String name) throws IOException;

    /**
     * Makes a file of so many zeros, all of them on the disk when this returns, so that writing them over never changes a
     * length or takes room. Nothing is left of it when it fails.
     *
     * @throws NoRoomException when there is no room for it
     * @throws java.nio.file.FileAlreadyExistsException when the name is taken
     */
    JournalFile create(String name, long bytes) throws IOException;

    /** Gives a file another name, which nobody has. Files that are open stay open. */
    void rename(String from, String to) throws IOException;

    /** Removes a file. */
    void delete(String name) throws IOException;

    /** Makes names durable. */
    void syncDirectory() throws IOException;

    /** Bytes that may still be taken; {@link Long#MAX_VALUE} when nobody knows. */
    long usableBytes();

    /** Where it is, for messages. */
    String where();

    /** Lets others have it. Files are closed by whoever opened them. */
    @Override
    void close() throws IOException;
}
