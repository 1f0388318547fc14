/**
 * The exporter: what port 7777 gives under {@code /metrics} (monitoring.md 2 and 6, ADR 0026). Figures of the server
 * are the monitor's own answers, flattened and registered once with MicroProfile Metrics; series of streams and
 * consumers are written from one snapshot, without being registered. Runs on the container's request threads.
 */
package org.memphisee.gateway.metrics;
