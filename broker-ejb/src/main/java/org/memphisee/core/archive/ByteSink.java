package org.memphisee.core.archive;

/** Takes bytes as they come. */
@FunctionalInterface
public interface ByteSink {

    /** The next bytes; the array may be used again after the call. */
    void bytes(byte[] bytes, int offset, int length) throws ArchiveException;
}
