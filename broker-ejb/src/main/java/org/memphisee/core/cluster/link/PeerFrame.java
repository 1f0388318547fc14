package org.memphisee.core.cluster.link;

/** A frame that has arrived. */
public interface PeerFrame {

    /** What was sent; the receiver's own. */
    byte[] bytes();

    /** The receiver has no more use for it, so that as much can be sent again. Once; any thread; nothing after the link's end. */
    void done();
}
