/**
 * The HTTP door: requests as Netty parses them, to an {@link org.memphisee.port.HttpService} and its answers back. Knows
 * nothing of what is asked for. A connection belongs to one event loop, which also closes those whose time is over.
 */
package org.memphisee.net.http;
