/**
 * Schemas as the rest of the core needs them: their languages as a port ({@link org.memphisee.core.schema.SchemaLanguages}),
 * what is stored of them, and the bench on which texts of strangers are read ({@link org.memphisee.core.schema.SchemaBench}).
 * The libraries that know the languages are in {@code org.memphisee.schema} (ADR 0105).
 *
 * <p>The control loop asks, the bench answers on a thread of its own; checks of messages are made by
 * {@link org.memphisee.core.routing} on threads of their own. Values here are immutable and for any thread.
 */
package org.memphisee.core.schema;
