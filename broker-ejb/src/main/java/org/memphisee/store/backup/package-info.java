/**
 * Backups of a node at one point: log files of a running store linked, copied away with their checksums, verified, and put
 * into an empty data directory again (docs/guide/backup.md). Made by the broker's backup thread, verified and restored by the
 * store tool. Plain files; nothing here needs a running broker but {@link org.memphisee.store.backup.OnlineBackup}.
 */
package org.memphisee.store.backup;
