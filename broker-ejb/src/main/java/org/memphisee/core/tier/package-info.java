/**
 * The words between partitions and tiered storage (features.md 7.4, ADR 0190): which partitions hold what their limits no longer
 * allow until it is in the second tier, and how it is taken from them. Values and a port; {@code core.tiering} is who asks, on
 * its loop, and {@code core.partition} answers on the shard.
 */
package org.memphisee.core.tier;
