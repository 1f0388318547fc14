/**
 * The command line {@code memphisee} (docs/guide/command-line.md): a program of its own that talks to a broker over its ports, and
 * shares nothing with it but the client of the resource adapter (ADR 0085). One thread runs the command.
 */
package org.memphisee.cli;
