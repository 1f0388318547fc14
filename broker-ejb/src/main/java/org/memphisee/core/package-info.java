/**
 * The broker proper, plain Java (D2). {@link org.memphisee.core.Broker} puts the parts together; whoever embeds it gives
 * it a store, threads and options, and gets the inbound port for transports. An architecture test keeps container,
 * store and network libraries out.
 */
package org.memphisee.core;
