/**
 * What every command needs: the surroundings of the process, its options that all commands share, how it ends. One thread, the
 * one that runs the command.
 */
package org.memphisee.cli.run;
