package org.memphisee.example;

import java.util.List;

import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import org.memphisee.ra.api.BatchListener;
import org.memphisee.ra.api.ReceivedMessage;

/** Counts orders, many at a time and without a transaction: the quickest way to consume. */
@MessageDriven(activationConfig = {
    @ActivationConfigProperty(propertyName = "station", propertyValue = "orders"),
    @ActivationConfigProperty(propertyName = "consumerGroup", propertyValue = "counting"),
    @ActivationConfigProperty(propertyName = "batchSize", propertyValue = "500")})
public class Counting implements BatchListener {

    @Inject
    private Shop shop;

    @Override
    @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
    public void onMessages(List<ReceivedMessage> orders) {
        shop.count(orders.size());
    }
}
