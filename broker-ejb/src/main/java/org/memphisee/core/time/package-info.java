/**
 * Time, chance and loops as a port ({@link org.memphisee.core.time.World}), so that the same core runs in production and in
 * a seeded simulation; and how long things took. Every package of the core may use it.
 */
package org.memphisee.core.time;
