/**
 * Links to the other nodes of a cluster. {@link org.memphisee.core.cluster.link.PeerLinks} is what the parts of a node send
 * with, {@link org.memphisee.core.cluster.link.PeerListener} is told what came of it: one ordered stream of frames to each peer,
 * divided into kinds of traffic that have a budget each, so that a peer that takes nothing costs only its own budget and whoever
 * leads is heard of while much is copied. What is not delivered is lost: a link that lost anything ends and begins anew.
 *
 * <p>Nobody calls it in production yet: its callers are the replicated groups and forwarding. Each class says which thread may
 * call it; no clock, socket or thread of its own.
 */
package org.memphisee.core.cluster.link;
