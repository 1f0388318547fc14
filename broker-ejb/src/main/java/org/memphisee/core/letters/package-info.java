/**
 * Dead letters as values: what a station keeps of a message that a group gave up or that its producer's schema refused, how that
 * is stored, and what all partitions share about it. Immutable, any thread; who keeps them is
 * {@link org.memphisee.core.partition.letters}.
 */
package org.memphisee.core.letters;
