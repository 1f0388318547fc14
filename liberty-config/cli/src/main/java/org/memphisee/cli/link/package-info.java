/**
 * The client's links over TCP for the command line, with nothing but the JDK (ADR 0085). Each link has a thread that reads and one
 * that writes what must not wait; both are daemons and end with the link.
 */
package org.memphisee.cli.link;
