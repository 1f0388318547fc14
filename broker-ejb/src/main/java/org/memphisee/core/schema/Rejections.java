package org.memphisee.core.schema;

/**
 * Messages of one partition that did not fit its schema since the start.
 *
 * @param stream name of the partition's stream
 * @param schema name of the schema it has now or had last
 * @param type language of that schema
 * @param refused messages that were refused
 * @param warned messages that were stored all the same
 * @param last what was wrong with the last of them, empty for none
 */
public record Rejections(String stream, String schema, SchemaType type, long refused, long warned, String last) { }
