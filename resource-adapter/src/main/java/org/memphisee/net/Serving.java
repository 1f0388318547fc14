package org.memphisee.net;

import org.memphisee.port.BrokerPort;

/**
 * What all connections of a listener have in common.
 *
 * @param broker who serves them
 * @param settings within which limits
 * @param counters where traffic is counted
 * @param connections where they are known while open
 * @param pool arrays for what is sent
 */
public record Serving(BrokerPort broker, NetSettings settings, NetCounters counters, Connections connections,
               ArrayPool pool) { }
