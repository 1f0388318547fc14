package org.memphisee.ra.api;

/**
 * Where an application gets its connections; injected with {@code @Resource}. Thread-safe.
 *
 * <pre>
 * &#64;Resource(lookup = "memphis/connections") BrokerConnectionFactory broker;
 *
 * try (BrokerConnection connection = broker.getConnection()) {
 *     connection.publish(OutboundMessage.to("orders", "{\"id\":7}"));
 * }
 * </pre>
 */
public interface BrokerConnectionFactory {

    /**
     * A connection from the container's pool, with the credentials of the factory or those the container manages.
     *
     * @throws BrokerUnavailableException if the broker cannot be reached; a later call tries again
     * @throws BrokerException if the credentials are refused or the pool is exhausted
     */
    BrokerConnection getConnection();

    /**
     * A connection with credentials of the application.
     *
     * @param user who
     * @param password the user's password
     * @throws BrokerException as for {@link #getConnection()}
     */
    BrokerConnection getConnection(String user, String password);
}
