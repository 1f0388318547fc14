/**
 * Delivery to message-driven beans (Jakarta Connectors, inbound). The container activates and deactivates; messages arrive on a
 * link's thread, beans run on threads of the container's work manager in short pieces of work, timers on a link's thread.
 *
 * <p>{@link org.memphisee.ra.inbound.EndpointActivation} owns one activation: connection, held messages, workers, end. What it
 * decides is in small parts without threads or clocks: {@code Prefetch}, {@code FailurePause}, {@code RedeliveryDelay},
 * {@code HeldMessages}.
 */
package org.memphisee.ra.inbound;
