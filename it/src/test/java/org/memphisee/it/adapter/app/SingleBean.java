package org.memphisee.it.adapter.app;

import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import org.memphisee.ra.api.MessageListener;
import org.memphisee.ra.api.ReceivedMessage;

/** One by one, without a transaction, three at a time. */
@MessageDriven(activationConfig = {
    @ActivationConfigProperty(propertyName = "station", propertyValue = "single"),
    @ActivationConfigProperty(propertyName = "consumerGroup", propertyValue = "g"),
    @ActivationConfigProperty(propertyName = "maxConcurrency", propertyValue = "3"),
    @ActivationConfigProperty(propertyName = "maxDeliveries", propertyValue = "3"),
    @ActivationConfigProperty(propertyName = "ackWait", propertyValue = "3000"),
    @ActivationConfigProperty(propertyName = "redeliveryDelay", propertyValue = "100")})
public class SingleBean implements MessageListener {
    @Override
    @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
    public void onMessage(ReceivedMessage message) {
        Doing.as("single", message);
    }
}
