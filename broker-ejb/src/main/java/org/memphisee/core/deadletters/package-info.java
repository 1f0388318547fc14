/**
 * What people and SDKs do with dead letters, for every door: look at them, have them sent again, drop them, and what the broker does by
 * itself, as copies to dead-letter stations. Any thread; letters are asked of their partitions on the shards.
 */
package org.memphisee.core.deadletters;
