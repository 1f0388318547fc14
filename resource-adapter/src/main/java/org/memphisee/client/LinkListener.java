package org.memphisee.client;

import java.nio.ByteBuffer;

/** Who reads from a link. Called by the link's thread. */
public interface LinkListener {

    /** The link can be used; called before anything else, and not at all if it never could. */
    void opened(BrokerLink link);

    /** Bytes of the broker; valid during the call. */
    void received(ByteBuffer bytes);

    /** Nothing more to read now. */
    void readComplete();

    /** The link has ended or never began. Called once, last. */
    void closed(String reason);
}
