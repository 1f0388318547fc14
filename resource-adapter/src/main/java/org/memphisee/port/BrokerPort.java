package org.memphisee.port;

/** The broker as a transport sees it. Implemented by the broker, registered once with the adapter. Thread-safe. */
public interface BrokerPort {

    /** What INFO tells a client about this server; may change between calls (maximum payload). */
    ServerIdentity identity();

    /**
     * Opens the broker's side of a connection that was just accepted.
     *
     * @param info who connects
     * @param sink where the broker writes; used by the broker from any of its threads
     * @return the session, to be used by the connection's I/O thread only
     */
    SessionPort open(SessionInfo info, DeliverySink sink);
}
