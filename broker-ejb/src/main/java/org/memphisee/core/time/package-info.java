/**
 * Time as a port, so that the same core runs in production and in a seeded simulation; how long things took; and
 * threads that repeat and end.
 */
package org.memphisee.core.time;
