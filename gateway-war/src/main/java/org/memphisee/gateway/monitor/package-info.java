/**
 * The monitor on port 8222 (monitoring.md 1): {@code /}, {@code /varz}, {@code /healthz}. Called on the container's
 * request threads; reads {@link org.memphisee.ejb.BrokerStatus} and never blocks.
 */
package org.memphisee.gateway.monitor;
