/**
 * The seam between what a partition decides and what is durable (P1): changes are proposed to a {@link
 * org.memphisee.core.cluster.ReplicationGroup}, and what became of them is a {@link
 * org.memphisee.core.cluster.WriteOutcome}. One replica is {@link org.memphisee.core.append.SoloGroup}. Proposed on the shard's
 * thread; outcomes come on whatever thread wrote.
 */
package org.memphisee.core.cluster;
