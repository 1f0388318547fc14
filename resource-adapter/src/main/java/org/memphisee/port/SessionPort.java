package org.memphisee.port;

import java.util.function.Consumer;

/**
 * The broker's side of one connection. All methods are called by the connection's I/O thread, in the order of the
 * client's operations, and none blocks.
 */
public interface SessionPort {

    /**
     * Decides on CONNECT. May answer later and on another thread; the transport handles no further operation of this
     * client until then.
     *
     * @param options what the client sent
     * @param whenDone called exactly once, on any thread
     */
    void authenticate(ConnectOptions options, Consumer<AuthOutcome> whenDone);

    /** Takes one message. Its consequences may be held back until {@link #readComplete()}. */
    Verdict publish(PublishRequest request);

    /**
     * As {@link #publish}, for a transport that can stop reading: the message may be deferred. Whoever is waited for so is
     * waited for within bounds ({@link DeliverySink#whenRelieved}), and so is the transport.
     */
    default Verdict offer(PublishRequest request) {
        return publish(request);
    }

    /**
     * Adds a subscription; an sid already in use is ignored.
     *
     * @param subject subject or pattern as sent
     * @param queue queue group, empty for none
     * @param sid the client's name for the subscription
     */
    Verdict subscribe(byte[] subject, byte[] queue, byte[] sid);

    /**
     * Ends a subscription; unknown ones are ignored.
     *
     * @param sid the client's name for it
     * @param maxDeliveries total number of deliveries, counted from SUB, after which it ends; 0 ends it now
     */
    void unsubscribe(byte[] sid, long maxDeliveries);

    /** All operations of one drained read have been handed over: pass on what they caused, once for all of them. */
    void readComplete();

    /** What the broker knows about this client, for monitors. Any thread, unlike all others. */
    default SessionDetails details() {
        return SessionDetails.NONE;
    }

    /** The connection is gone. Called once; nothing is called afterwards. */
    void close();
}
