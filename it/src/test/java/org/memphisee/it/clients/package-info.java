/**
 * Published clients and raw sockets against a running broker: what a user of the Memphis SDK, of jnats, of nats.js or
 * of a client nobody has thought of sees. Run by failsafe on one test thread; every test uses names of its own.
 */
package org.memphisee.it.clients;
