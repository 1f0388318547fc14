package org.memphisee.core.partition.publish;

/** Whoever published a message and may want to hear what became of it. Called on the shard's thread. */
public interface PublishOrigin {

    /** The broker's own publishing: nobody waits. */
    PublishOrigin NOBODY = (bytes, offset, length, payload, payloadLength) -> { };

    /**
     * Sends an answer to the reply subject in the slice.
     *
     * @param bytes array that holds the reply subject
     * @param offset its first byte
     * @param length its length
     * @param payload the answer; reused by the caller
     * @param payloadLength its length in bytes from offset 0
     */
    void answer(byte[] bytes, int offset, int length, byte[] payload, int payloadLength);
}
