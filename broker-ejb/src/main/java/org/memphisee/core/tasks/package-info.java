/**
 * Things that take long: somebody begins one, looks how far it is, may stop it, and is told how it ended (features.md 9.8,
 * ADR 0120). Doors and other parts of the broker call {@link org.memphisee.core.tasks.Tasks} from any thread; a part that has
 * something to do registers a {@link org.memphisee.core.tasks.TaskKind}, whose work is asked for one step after the other on
 * the one loop of all tasks. A step never waits: it says in a future when it is done.
 */
package org.memphisee.core.tasks;
