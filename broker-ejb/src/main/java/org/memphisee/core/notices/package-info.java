/**
 * What people should hear of without asking: a task ended, a message nobody can process, a message that its schema refuses, a
 * client that is gone (features.md 7.5, 7.6, F-188). Parts of the broker raise an {@link org.memphisee.core.notices.Alert}
 * from any thread, also from a shard; doors ask {@link org.memphisee.core.notices.Notices} for the newest ones. Nothing
 * here waits, and nothing is kept over a restart.
 */
package org.memphisee.core.notices;
