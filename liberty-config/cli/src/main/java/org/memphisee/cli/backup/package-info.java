/**
 * A station, all its partitions together, in a directory and back (docs/guide/backup.md, ADR 0195): over JetStream's requests for
 * archives of single streams. Called by the commands {@code station backup} and {@code station restore}, on their thread.
 */
package org.memphisee.cli.backup;
