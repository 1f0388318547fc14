/**
 * How messages leave: by the limits of the stream, because no consumer needs them any more, or because somebody removed
 * them; and what of it the store must learn. Shard's thread only.
 */
package org.memphisee.core.partition.retention;
