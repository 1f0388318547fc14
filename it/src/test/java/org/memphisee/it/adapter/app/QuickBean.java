package org.memphisee.it.adapter.app;

import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import org.memphisee.ra.api.MessageListener;
import org.memphisee.ra.api.ReceivedMessage;

/** Counts one by one, for measuring. */
@MessageDriven(activationConfig = {
    @ActivationConfigProperty(propertyName = "station", propertyValue = "quick"),
    @ActivationConfigProperty(propertyName = "consumerGroup", propertyValue = "single"),
    @ActivationConfigProperty(propertyName = "maxConcurrency", propertyValue = "2")})
public class QuickBean implements MessageListener {
    @Override
    @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
    public void onMessage(ReceivedMessage message) {
        Seen.quick(1);
    }
}
