package org.memphisee.example;

import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import jakarta.inject.Inject;
import org.memphisee.ra.api.MessageListener;
import org.memphisee.ra.api.ReceivedMessage;

/** Notes what was shipped. */
@MessageDriven(activationConfig = {
    @ActivationConfigProperty(propertyName = "station", propertyValue = "shipments"),
    @ActivationConfigProperty(propertyName = "consumerGroup", propertyValue = "page")})
public class Shipments implements MessageListener {

    @Inject
    private Shop shop;

    @Override
    public void onMessage(ReceivedMessage shipment) {
        shop.ship(shipment.text());
    }
}
