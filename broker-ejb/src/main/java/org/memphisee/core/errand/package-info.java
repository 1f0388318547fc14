/**
 * Errands: what doors have done on a partition, wherever it is decided about. {@link org.memphisee.core.errand.Errands} does one
 * on the partition's shard when that is here, and else sends it over {@link org.memphisee.core.errand.ErrandWay} to the node
 * that decides; there it is the same object again. Called by the use cases of stations and dead letters on any thread, and by
 * the routes of a cluster; without threads of its own.
 */
package org.memphisee.core.errand;
