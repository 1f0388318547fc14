/**
 * The live channel that dashboards of Memphis follow (management-api.md 14): figures that are published again and again to
 * whoever has asked for them. What the figures are is said by the doors that show them. Called by the router on I/O threads,
 * works on a thread of its own.
 */
package org.memphisee.core.topics;
