/**
 * Clusters of processes that suffer. {@link org.memphisee.chaos.ChaosCluster} starts nodes without a container, each in a
 * process of its own with proxies between them; {@link org.memphisee.chaos.Fault}s are done to them by chance of a seed while
 * {@link org.memphisee.chaos.Workload}s write down what clients were told; checks hold that against what is there in the end.
 * See docs/design/chaos.md.
 */
package org.memphisee.chaos;
