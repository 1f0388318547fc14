/**
 * Backups of a node when somebody asks for one: who may, the task that shows how far it is, and the port behind which the store makes
 * it. Called by the management API, on its threads; steps of the task are on the loop of tasks. What is in a backup is
 * docs/guide/backup.md.
 */
package org.memphisee.core.backup;
