/**
 * The JetStream API (jetstream-api.md 5): requests on {@code $JS.API.…} as changes and queries of the core, and their
 * answers. Pulls, acks and flow control are the data path's and not here.
 *
 * <p>Requests arrive on I/O threads. Queries of one stream go straight to its shard; changes and lists go over the
 * control loop. {@link org.memphisee.core.jetstream.JetStreamApi} binds everything.
 */
package org.memphisee.core.jetstream;
