/**
 * Which broker is meant and who we are there: options, variables, contexts, in this order (docs/guide/command-line.md). One thread.
 */
package org.memphisee.cli.context;
