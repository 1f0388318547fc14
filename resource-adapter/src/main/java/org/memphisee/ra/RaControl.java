package org.memphisee.ra;

import java.util.List;
import java.util.OptionalInt;

import org.memphisee.net.ConnectionFigures;
import org.memphisee.net.NetSettings;
import org.memphisee.net.NetStatistics;
import org.memphisee.net.http.HttpSettings;
import org.memphisee.net.listen.ListenException;
import org.memphisee.port.BrokerPort;
import org.memphisee.port.HttpService;

/** The administered object by which the broker switches the adapter on and off. Thread-safe. */
public interface RaControl {

    /**
     * Opens the listener for this broker; clients are served when this returns.
     *
     * @param broker who serves the clients
     * @param settings address and limits; the broker has them from its one configuration
     * @throws ListenException if the port is in use or the address cannot be used; registering may be tried again
     * @throws IllegalStateException if a broker is registered already or the adapter is not started
     */
    void register(BrokerPort broker, NetSettings settings) throws ListenException;

    /**
     * Stops accepting, ends all sessions, writes what waits within a bounded time and closes the sockets and their
     * threads; returns when that is done. Does nothing when no broker is registered.
     */
    void unregister();

    /**
     * Lets no client in any more, and tells those that are here that this server is about to stop, and where the others are; they are
     * served on. Does nothing when no broker is registered.
     */
    void leave();

    /**
     * Ends the sessions of so many clients, those first that were not asked to go yet, in order: what they wait for has a moment to
     * come. Does not wait for it.
     */
    void dismiss(int most);

    /**
     * Opens an HTTP port beside the listener; requests are served when this returns.
     *
     * @param service who answers them
     * @param settings where and within which limits
     * @throws ListenException if the port is in use; opening may be tried again
     * @throws IllegalStateException if no broker is registered or the port is open already
     */
    void openHttp(HttpService service, HttpSettings settings) throws ListenException;

    /**
     * Closes the HTTP port; requests at hand are answered within a bounded time. Does nothing when there is none;
     * {@link #unregister()} closes it too.
     */
    void closeHttp();

    /** What the transport has seen since the adapter started. */
    NetStatistics counters();

    /** Clients that are connected, in no particular order; empty while there is no listener. */
    List<ConnectionFigures> openConnections();

    /** Clients that left lately, the last to leave at the end, as far as their byte budget allows. */
    List<ConnectionFigures> closedConnections();

    /** The port clients can connect to now; empty while there is no listener. */
    OptionalInt boundPort();

    /** The port of WebSocket clients; empty while there is no such listener. */
    OptionalInt boundWebSocketPort();
}
