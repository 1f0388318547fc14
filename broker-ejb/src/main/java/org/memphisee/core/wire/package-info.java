/**
 * How JetStream says it: ack subjects and payloads, pull requests, status blocks, durations, advisories (wire-protocol.md 4,
 * jetstream-api.md 6). Bytes to values and back, without a state of its own. Used by shards and by doors, on their threads.
 */
package org.memphisee.core.wire;
