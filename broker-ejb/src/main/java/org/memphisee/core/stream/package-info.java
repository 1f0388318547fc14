/**
 * How a stream is configured (jetstream-api.md 5.3). Decided by the control plane, obeyed by partitions, shown by the doors.
 * Immutable; any thread.
 */
package org.memphisee.core.stream;
