/** What {@code GatewayBench} compares the gateway with: a servlet as one would write it without the gateway. */
package org.memphisee.it.rest.peer;
