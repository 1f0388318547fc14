/**
 * The commands, a class for each group (docs/guide/command-line.md). A command's method is what picocli calls with options and
 * arguments; it answers with the exit code or ends with a {@link org.memphisee.cli.run.CliFailure}. One thread.
 */
package org.memphisee.cli.commands;
