/**
 * The WebSocket door: a handshake, and then the client protocol in frames, through the same
 * {@link org.memphisee.net.ClientConnection} as over TCP. All on the event loop of the connection.
 */
package org.memphisee.net.websocket;
