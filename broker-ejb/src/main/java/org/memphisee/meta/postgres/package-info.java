/**
 * A real PostgreSQL that lives and dies with the broker (D12): its programs are unpacked from the application, its data
 * lies in the broker's data directory.
 *
 * <p>{@link org.memphisee.meta.postgres.EmbeddedPostgres} is used by the metadata service on its own thread only and
 * may block for seconds; clients never wait for it (P7).
 */
package org.memphisee.meta.postgres;
