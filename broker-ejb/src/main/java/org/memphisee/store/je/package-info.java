/**
 * The log store on Berkeley DB JE (D7, D8): one environment, few databases that all partitions share.
 *
 * <p>Called by the log writer (one thread: write, sync), by recovery before the first write, and by any thread for
 * reading batches and usage. Own threads: JE's daemons and one that finishes deletions of partitions. Threads inside
 * the store must not be interrupted: JE invalidates the environment then. Layout, settings and figures:
 * docs/design/store.md.
 */
package org.memphisee.store.je;
