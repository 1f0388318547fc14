package org.memphisee.core.routing;

import org.memphisee.core.partition.publish.PublishOrigin;


/** A client in this process that waits for what becomes of one message. Called on the shard's thread. */
public interface LocalOrigin extends PublishOrigin {

    /** Whether the message is still to be stored; asked right before it would be. */
    boolean wanted();

    /** The partition was removed before the message came to it: there is no answer. */
    void gone();
}
