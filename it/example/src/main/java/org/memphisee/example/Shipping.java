package org.memphisee.example;

import jakarta.annotation.Resource;
import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import org.memphisee.ra.api.BrokerConnection;
import org.memphisee.ra.api.BrokerConnectionFactory;
import org.memphisee.ra.api.MessageListener;
import org.memphisee.ra.api.OutboundMessage;
import org.memphisee.ra.api.ReceivedMessage;

/**
 * Ships orders: takes one, publishes its shipment, in one transaction. The order is acknowledged after the commit; when
 * shipping fails, no shipment is published and the order comes again.
 */
@MessageDriven(activationConfig = {
    @ActivationConfigProperty(propertyName = "station", propertyValue = "orders"),
    @ActivationConfigProperty(propertyName = "consumerGroup", propertyValue = "shipping"),
    @ActivationConfigProperty(propertyName = "redeliveryDelay", propertyValue = "100")})
public class Shipping implements MessageListener {

    @Resource(lookup = "memphis/connections")
    private BrokerConnectionFactory broker;

    @Override
    public void onMessage(ReceivedMessage order) {
        try (BrokerConnection connection = broker.getConnection()) {
            connection.publish(OutboundMessage.to("shipments", order.text() + " (attempt " + order.attempt() + ")"));
        }
        if (order.text().startsWith("fragile") && order.attempt() < 3) {
            throw new IllegalStateException("no careful courier today");
        }
    }
}
