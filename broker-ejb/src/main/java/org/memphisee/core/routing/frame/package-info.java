/**
 * What nodes of a cluster say to each other about their clients' messages, as bytes: {@link
 * org.memphisee.core.routing.frame.RouteFrame} writes and {@link org.memphisee.core.routing.frame.RouteEntries} reads. Called by the
 * routing package only; without state, clock and threads of its own.
 */
package org.memphisee.core.routing.frame;
