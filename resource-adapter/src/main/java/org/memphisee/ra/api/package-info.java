/**
 * What applications see of the resource adapter: connections to publish with, listeners for message-driven beans, messages and
 * exceptions. Plain Java; applications get it from the deployed adapter and do not pack it. {@code docs/resource-adapter.md}
 * is the manual.
 */
package org.memphisee.ra.api;
