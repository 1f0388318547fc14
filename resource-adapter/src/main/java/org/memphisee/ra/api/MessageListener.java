package org.memphisee.ra.api;

/**
 * A message-driven bean that takes messages one by one.
 *
 * <pre>
 * &#64;MessageDriven(activationConfig = {
 *     &#64;ActivationConfigProperty(propertyName = "station", propertyValue = "orders"),
 *     &#64;ActivationConfigProperty(propertyName = "consumerGroup", propertyValue = "billing")})
 * public class Billing implements MessageListener { … }
 * </pre>
 */
public interface MessageListener {

    /**
     * Handles one message. It is acknowledged when this returns normally; with a container-managed transaction, when the
     * transaction has committed. After an exception or a rollback it comes again, later each time, until its deliveries
     * are exhausted.
     *
     * @throws Exception if the message was not handled
     */
    void onMessage(ReceivedMessage message) throws Exception;
}
