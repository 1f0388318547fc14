/**
 * The server as its operator sees it: refused starts, health and monitor, a database or a disk that fails (promises P6,
 * P7, decision D21). Each class has a broker of its own.
 */
package org.memphisee.it.server;
