/**
 * Definitions as one document: taken out of an installation, compared with it, and brought into one (deploy.md 6.3).
 *
 * <p>Called by the management API and by the start of the broker, through
 * {@link org.memphisee.core.definitions.DefinitionsTransfer}, from any thread. It decides nothing about stations, users or schemas: each
 * change goes through the same use cases as those of people, one after the other, under the name of who asked.
 */
package org.memphisee.core.definitions;
