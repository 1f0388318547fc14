/**
 * The dead-letter log of one partition: what its groups gave up, kept beside it in the same store under a number of its own, and
 * written together with the cursors that let go of it. Called by the partition and its consumers on their shard's thread; records
 * are read by readers.
 */
package org.memphisee.core.partition.letters;
