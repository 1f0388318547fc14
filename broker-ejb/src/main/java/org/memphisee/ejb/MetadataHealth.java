package org.memphisee.ejb;

/**
 * How the metadata database is.
 *
 * @param settled whether the first attempt to reach and migrate it has ended, well or not
 * @param available whether it can be used now
 * @param unavailableSeconds how long it has been out of reach, 0 while it can be used
 * @param required whether the operator wants a server without it to count as not ready
 */
public record MetadataHealth(boolean settled, boolean available, long unavailableSeconds, boolean required) { }
