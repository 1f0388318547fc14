/**
 * The way of a publish into the log: {@link org.memphisee.core.partition.publish.Appender} checks, numbers, gathers, has it
 * written and answers; message ids are known here, for one partition or for all of a station. Shard's thread only, but for
 * {@link org.memphisee.core.partition.publish.StationWindow}, which the shards of a station share.
 */
package org.memphisee.core.partition.publish;
