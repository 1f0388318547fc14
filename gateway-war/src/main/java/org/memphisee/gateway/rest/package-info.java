/**
 * The REST gateway (rest-gateway.md): HTTP requests on the gateway's port, translated into calls of the broker's local
 * client. A filter takes every request of that port, so nothing else of the module answers there. Requests run on the
 * container's threads and hold none while they wait: for their body, for the disk, for messages.
 */
package org.memphisee.gateway.rest;
