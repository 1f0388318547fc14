package org.memphisee.client;

/** Takes the messages of one subscription. Link's thread; must not block. */
interface SubscriptionHandler {

    /** One message; the array is valid during the call only. */
    void message(byte[] bytes, int subjectOffset, int subjectLength, int replyOffset, int replyLength, int bodyOffset,
                 int headerLength, int payloadLength);

    /** Everything that had arrived was handed over. */
    void readComplete();
}
