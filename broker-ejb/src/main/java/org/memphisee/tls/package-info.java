/**
 * Key and certificate of the server: read from a key store, PEM files or the container, or made for development.
 *
 * <p>Called once at start by the life cycle, on its thread, and from then on by the thread of {@link
 * org.memphisee.tls.KeyWatch}, which renews it; the engines' supplier is safe on any thread. JDK only: sockets belong to the
 * resource adapter, HTTPS to the container.
 */
package org.memphisee.tls;
