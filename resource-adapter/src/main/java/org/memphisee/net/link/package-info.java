/**
 * Links to a broker, for {@link org.memphisee.client}: over TCP, or to the broker that registered with the same adapter,
 * without a socket. The resource adapter opens {@link org.memphisee.net.link.Links} when it starts. What arrives is handled
 * on the link's event loop; writing is for any thread.
 */
package org.memphisee.net.link;
