/**
 * The exporter: registers with MicroProfile Metrics what port 7777 gives under {@code /metrics} (monitoring.md 2 and 6).
 * Figures of the server are the monitor's own answers, flattened; series of streams and consumers come and go with them.
 * One snapshot serves all the gauges of a scrape. Runs on the container's threads.
 */
package org.memphisee.gateway.metrics;
