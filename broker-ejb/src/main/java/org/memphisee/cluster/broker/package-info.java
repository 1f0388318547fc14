/**
 * A broker that is a node of a cluster, put together of its parts: the links to the other nodes, the journal and the loop of its
 * groups, the definitions that all nodes have alike, the groups of partitions, the routes of clients' messages, and the broker
 * itself. {@link org.memphisee.cluster.broker.ClusterNode} opens and closes them in their order; called by the life cycle of the
 * container, and by tests. Each part has its own threads, as its package says.
 */
package org.memphisee.cluster.broker;
