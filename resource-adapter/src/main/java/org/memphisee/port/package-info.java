/**
 * The inbound contract between whoever speaks the client protocol and the broker (D2, D3).
 *
 * <p>The resource adapter owns it, the broker implements {@link org.memphisee.port.BrokerPort}, and from its
 * registration on there are only plain method calls. A session is confined to its connection's I/O thread; only
 * {@link org.memphisee.port.DeliverySink} may be used from any thread. Plain Java, no container types.
 *
 * <p>Requests of an HTTP port come as {@link org.memphisee.port.HttpCall} to the {@link org.memphisee.port.HttpService}
 * that was registered for it, on the event loop of their connection.
 */
package org.memphisee.port;
