/**
 * The transport: Netty carries bytes between sockets, plain, in TLS or in WebSocket frames, and
 * {@link org.memphisee.wire.ProtocolSession}, and HTTP requests to an {@link org.memphisee.port.HttpService}.
 *
 * <p>The resource adapter opens a {@link org.memphisee.net.ClientListener} when the broker registers and closes it when
 * the broker leaves. A connection belongs to one event loop; the broker writes from any thread through
 * {@link org.memphisee.port.DeliverySink}, without a lock and with one wake-up for all that waits.
 */
package org.memphisee.net;
