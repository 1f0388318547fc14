/**
 * The transport: Netty carries bytes between sockets, plain or in TLS, and {@link org.memphisee.wire.ProtocolSession}.
 *
 * <p>Here is what all doors have in common, and the TCP door itself: connections, what waits to be sent, threads, keys,
 * counters. The rooms {@code websocket} and {@code http} are the other two doors and {@code link} the way out; none of them
 * knows another. {@code listen} opens the doors. A connection belongs to one event loop; the broker writes from any thread
 * through {@link org.memphisee.port.DeliverySink}, without a lock and with one wake-up for all that waits.
 */
package org.memphisee.net;
