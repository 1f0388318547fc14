/**
 * The four languages of schemas, each on a library of its own (ADR 0105): {@link org.memphisee.schema.Languages} is the door,
 * and the only class of this package that others see. It is called on threads that nobody waits for. What strangers write is
 * read here: every text is bounded in size, every check of a message in steps ({@code Budget}), nothing is fetched, and no
 * class is loaded by a name in a text.
 */
package org.memphisee.schema;
