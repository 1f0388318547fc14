/**
 * Metadata for people and queries in PostgreSQL (D12): tables, and the projection that keeps them in step with the
 * system log (D7).
 *
 * <p>{@link org.memphisee.meta.jpa.MetadataService} is opened and closed by the life cycle and does everything on a
 * thread of its own. Whatever the database does, nobody else waits for it (P7).
 */
package org.memphisee.meta.jpa;
