/**
 * What monitors and the exporter read of the broker: one set of figures for all doors (O-050). Called by request threads
 * of the container; never on the way of a message. Figures of partitions are what these publish anyway; those of
 * consumers are asked for in small pieces, so that publishes go on between them.
 */
package org.memphisee.core.observe;
