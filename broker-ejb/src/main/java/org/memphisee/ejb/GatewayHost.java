package org.memphisee.ejb;

import jakarta.ejb.Local;

/** Where the REST gateway's web module says that it is there. Thread-safe. */
@Local
public interface GatewayHost {

    /**
     * Says who answers the requests of the gateway's port. The port opens when the broker can store messages, so that before
     * it connections are refused (rest-gateway.md 1), and closes before the broker does.
     */
    void serveGateway(GatewayOpening gateway);

    /** Closes the gateway's port; waits for requests at hand for two seconds. */
    void closeGateway();
}
