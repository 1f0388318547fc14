/**
 * How integrations reach the network: HTTP with the JDK's client on threads of its own, away from those of the broker. Implements ports
 * of {@link org.memphisee.core.integrations}; the life cycle makes and closes it.
 */
package org.memphisee.integration;
