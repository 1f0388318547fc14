/** The command line as people run it: the script that lies beside the server, against the running broker. */
package org.memphisee.it.cli;
