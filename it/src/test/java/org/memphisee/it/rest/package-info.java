/** The REST gateway over real HTTP against the running server, row by row (rest-gateway.md 12). */
package org.memphisee.it.rest;
