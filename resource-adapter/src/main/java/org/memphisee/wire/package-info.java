/**
 * The NATS client protocol without a transport: bytes in, calls on {@link org.memphisee.port.SessionPort}, bytes out.
 *
 * <p>One {@link org.memphisee.wire.ProtocolSession} per connection, used only by that connection's I/O thread; TCP and
 * WebSocket differ in the {@link org.memphisee.wire.Transport} they give it. Reads {@code wire-protocol.md} section 1
 * literally; decides nothing that is the broker's to decide. Plain Java and Jackson, no Netty, no container types.
 */
package org.memphisee.wire;
