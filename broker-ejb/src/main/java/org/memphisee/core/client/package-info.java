/**
 * The broker's client in its own process, for the doors that are not sockets: the REST gateway, the management API, the
 * embedded resource adapter. It registers producers and consumers, publishes, fetches and acknowledges through the same
 * router, partitions and control subjects as connections do, so no rule exists twice (D22). Any thread may call it and
 * none is blocked; results are futures that complete on a thread of the broker, so what depends on them must not block
 * either. Messages are published on the caller's thread; fetches and acknowledgements run on one thread of their own
 * ({@link org.memphisee.core.client.LocalLoop}), which plays the I/O thread of a connection.
 */
package org.memphisee.core.client;
