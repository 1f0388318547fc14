/**
 * Tiered storage (features.md 7.4, ADR 0190): what the limits of a station no longer allow becomes objects in a bucket before it
 * is removed, and is read back by its number. {@link org.memphisee.core.tiering.TieredStorage} works on the loop for background
 * work, is told of stations on the control loop and asks partitions on their shards; the network is the other side of
 * {@link org.memphisee.core.tiering.ObjectStore}.
 */
package org.memphisee.core.tiering;
