package org.memphisee.ejb;

import org.memphisee.config.BrokerSettings;
import org.memphisee.port.HttpService;

/** Makes what answers the REST gateway's requests. */
@FunctionalInterface
public interface GatewayOpening {

    /**
     * Called once for a broker that runs, before the port opens.
     *
     * @param engine the broker
     * @param settings the settings in force
     */
    HttpService open(BrokerEngine engine, BrokerSettings settings);
}
