package org.memphisee.it.adapter.app;

import jakarta.annotation.Resource;
import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import jakarta.ejb.MessageDrivenContext;
import org.memphisee.ra.api.BrokerConnection;
import org.memphisee.ra.api.BrokerConnectionFactory;
import org.memphisee.ra.api.MessageListener;
import org.memphisee.ra.api.OutboundMessage;
import org.memphisee.ra.api.ReceivedMessage;

/** Publishes a result in the delivery's transaction; {@code undo} rolls the first attempt back without an exception. */
@MessageDriven(activationConfig = {
    @ActivationConfigProperty(propertyName = "station", propertyValue = "work"),
    @ActivationConfigProperty(propertyName = "consumerGroup", propertyValue = "g"),
    @ActivationConfigProperty(propertyName = "redeliveryDelay", propertyValue = "100")})
public class QueueBean implements MessageListener {
    @Resource(lookup = "memphis/connections")
    private BrokerConnectionFactory broker;
    @Resource
    private MessageDrivenContext context;

    @Override
    public void onMessage(ReceivedMessage message) {
        try (BrokerConnection connection = broker.getConnection()) {
            connection.publish(OutboundMessage.to("single", "result of " + message.text() + " " + message.attempt()));
        }
        Doing.as("work", message);
        if (message.text().startsWith("undo") && message.attempt() == 1) {
            context.setRollbackOnly();
        }
    }
}
