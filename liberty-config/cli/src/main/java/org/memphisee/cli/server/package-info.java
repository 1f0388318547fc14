/**
 * Checks for monitoring systems, and what else is asked of a whole server. One thread. A check never fails: what went wrong is its
 * result.
 */
package org.memphisee.cli.server;
