/**
 * The broker's HTTP ports as a client sees them: the management API on 9000, monitor and health on 8222 and 7777. HTTP/1.1 only,
 * as the server offers. One thread; what fails ends the command with the code of its kind.
 */
package org.memphisee.cli.http;
