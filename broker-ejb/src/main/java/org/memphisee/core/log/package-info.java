/**
 * The ports to what must survive: batches of messages, cursors, and the system log. The durability contract is stated at
 * {@link org.memphisee.core.log.LogStore}; only the log writer's thread writes.
 * Summaries of batches as bytes are here too, for whoever stores or sends them.
 */
package org.memphisee.core.log;
