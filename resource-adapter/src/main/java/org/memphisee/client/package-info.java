/**
 * The lean client of the broker that applications reach through the resource adapter: the client protocol, requests,
 * producers and group members, over whatever {@link org.memphisee.client.BrokerLink} there is: TCP, or a session inside the
 * same process. Plain Java and Jackson; no container, no transport: the command line uses it too, over a socket of its own
 * (ADR 0085).
 *
 * <p>A {@link org.memphisee.client.BrokerSession} is one conversation and never reconnects; whoever needs one again dials
 * again. What arrives is handled on the link's thread and must not block it.
 */
package org.memphisee.client;
