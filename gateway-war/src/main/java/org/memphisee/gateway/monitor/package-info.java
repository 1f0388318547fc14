/**
 * The monitor on port 8222 (monitoring.md 1). Called on the container's request threads; {@code /}, {@code /varz} and
 * {@code /healthz} answer while the broker still recovers. The exporter ({@link org.memphisee.gateway.metrics}) flattens
 * the same answers, so that both always show the same.
 */
package org.memphisee.gateway.monitor;
