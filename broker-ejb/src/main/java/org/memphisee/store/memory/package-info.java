/**
 * The log store in memory, for tests and for the simulation: same contract, a disk that can forget what was not
 * synced, and failures on demand. Callers are the same as of the real store; all methods may be called from any
 * thread.
 */
package org.memphisee.store.memory;
