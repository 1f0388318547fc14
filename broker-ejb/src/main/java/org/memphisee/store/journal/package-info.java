/**
 * The files of the replication groups' journal on a real disk: the port {@link org.memphisee.core.cluster.journal.JournalFiles}.
 * Made by whoever opens the journal, used on its threads. Writing and syncing must not be interrupted: the channel is closed then
 * and the journal accepts nothing more; reading may.
 */
package org.memphisee.store.journal;
