/**
 * The container in which a stream travels between servers: an S2 stream, inside of it version 2 of the archive of
 * nats-server (jetstream-new.md 6). Bytes in, bytes out, piece by piece; nothing here knows streams, and nothing takes more
 * memory than one block and one entry. Called by {@code core.jetstream.transfer} on its worker; classes are confined to one
 * thread at a time.
 */
package org.memphisee.core.archive;
