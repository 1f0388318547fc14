package org.memphisee.client;

import org.memphisee.ra.api.BrokerException;

/** Who waits for one answer; exactly one of the two is called, on the link's thread or the one that closes the session. */
interface AnswerHandler {

    /**
     * The answer came; the array is valid during the call only.
     *
     * @param status status of the header block, 0 for none; 503: nobody serves the subject
     */
    void answered(int status, byte[] bytes, int payloadOffset, int payloadLength);

    /** It will not come. */
    void failed(BrokerException why);
}
