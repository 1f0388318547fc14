package org.memphisee.it.adapter.app;

import java.util.List;

import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import org.memphisee.ra.api.BatchListener;
import org.memphisee.ra.api.ReceivedMessage;

/** Many at a time. */
@MessageDriven(activationConfig = {
    @ActivationConfigProperty(propertyName = "station", propertyValue = "batch"),
    @ActivationConfigProperty(propertyName = "consumerGroup", propertyValue = "g"),
    @ActivationConfigProperty(propertyName = "maxConcurrency", propertyValue = "1"),
    @ActivationConfigProperty(propertyName = "batchSize", propertyValue = "50"),
    @ActivationConfigProperty(propertyName = "redeliveryDelay", propertyValue = "100")})
public class BatchBean implements BatchListener {
    @Override
    @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
    public void onMessages(List<ReceivedMessage> messages) {
        Seen.line("batch of " + messages.size());
        messages.forEach(m -> Doing.as("batch", m));
    }
}
