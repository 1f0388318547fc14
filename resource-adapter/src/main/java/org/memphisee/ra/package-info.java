/**
 * The Jakarta Connectors face of the adapter.
 *
 * <p>The container starts {@link org.memphisee.ra.BrokerResourceAdapter}; a start-up bean of the broker looks up
 * {@link org.memphisee.ra.RaControl} and registers its {@link org.memphisee.port.BrokerPort}. Only then a port is
 * bound: a listener opened earlier would accept clients nobody serves, and would stay open if the application's start
 * failed, because the container does not stop the adapter then.
 */
package org.memphisee.ra;
