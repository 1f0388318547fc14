/**
 * Streams of another server copied into this broker over the protocol of clients, with sequences, times and headers as they are
 * (docs/guide/migrate.md, ADR 0165 and 0166). {@link org.memphisee.cli.migrate.Migration} says what is done with a stream, the
 * interfaces {@link org.memphisee.cli.migrate.Source} and {@link org.memphisee.cli.migrate.Target} what it needs of the two
 * servers, {@link org.memphisee.cli.migrate.JetStreamServer} is both. One thread, and a second one while two servers are
 * compared.
 */
package org.memphisee.cli.migrate;
