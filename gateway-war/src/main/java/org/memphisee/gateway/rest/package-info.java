/**
 * The REST gateway (rest-gateway.md): requests that the adapter reads on the gateway's port, translated into calls of the
 * broker's local client. A request begins on the event loop of its connection; producing one message never leaves it,
 * everything that parses more than headers goes on on the container's executor. No thread waits: not for a body, not for
 * the disk, not for messages.
 */
package org.memphisee.gateway.rest;
