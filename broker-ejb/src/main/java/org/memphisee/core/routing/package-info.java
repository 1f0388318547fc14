/**
 * Sessions, subscriptions and the way of a message to whoever is interested in it. A session is confined to its
 * connection's I/O thread; the router is read by I/O threads, shards and the control loop without locks. What a turn of
 * a thread causes for a client is gathered in that thread's {@link org.memphisee.core.routing.Lane} and leaves at the
 * end of the turn.
 *
 * <p>In a cluster {@link org.memphisee.core.routing.PeerRoutes} takes messages to other nodes and back, on a loop of its own
 * (docs/design/routes.md).
 */
package org.memphisee.core.routing;
