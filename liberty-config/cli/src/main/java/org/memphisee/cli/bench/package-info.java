/**
 * Load on a broker and what it measures (docs/guide/command-line.md). A load has threads of its own, one for each connection that
 * sends; what arrives is counted on the links' threads, without an object for each message.
 */
package org.memphisee.cli.bench;
