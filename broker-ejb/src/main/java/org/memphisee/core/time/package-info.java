/**
 * Time as a port, so that the same core runs in production and in a seeded simulation; and how long things took.
 */
package org.memphisee.core.time;
