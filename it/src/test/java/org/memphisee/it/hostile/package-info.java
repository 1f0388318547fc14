/**
 * Clients that misbehave, and what that costs a client beside them (promise P8). Run by failsafe on one test thread
 * against the shared broker; each kind of hostility has threads of its own that end with the test.
 */
package org.memphisee.it.hostile;
