/**
 * What a node knows of its cluster, for the doors of operators: the monitor, the exporter, the management API. Values only. Made by
 * {@code cluster.broker}, about a second old, read by any thread; nobody who looks waits for anybody.
 */
package org.memphisee.core.cluster.watch;
