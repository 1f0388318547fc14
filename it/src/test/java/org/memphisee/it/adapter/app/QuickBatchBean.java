package org.memphisee.it.adapter.app;

import java.util.List;

import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import org.memphisee.ra.api.BatchListener;
import org.memphisee.ra.api.ReceivedMessage;

/** Counts batches, for measuring. */
@MessageDriven(activationConfig = {
    @ActivationConfigProperty(propertyName = "station", propertyValue = "quickbatch"),
    @ActivationConfigProperty(propertyName = "consumerGroup", propertyValue = "batch"),
    @ActivationConfigProperty(propertyName = "maxConcurrency", propertyValue = "2"),
    @ActivationConfigProperty(propertyName = "batchSize", propertyValue = "500")})
public class QuickBatchBean implements BatchListener {
    @Override
    @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
    public void onMessages(List<ReceivedMessage> messages) {
        Seen.quick(messages.size());
    }
}
