package org.memphisee.ra.api;

import java.util.List;

/** A message-driven bean that takes as many messages at a time as wait, up to {@code batchSize}. */
public interface BatchListener {

    /**
     * Handles messages; those of one partition are in their order. All are acknowledged when this returns normally; with a
     * container-managed transaction, when the transaction has committed. After an exception or a rollback all come again,
     * each in a call of its own, so that one bad message does not use up the deliveries of the others.
     *
     * @throws Exception if not all messages were handled
     */
    void onMessages(List<ReceivedMessage> messages) throws Exception;
}
