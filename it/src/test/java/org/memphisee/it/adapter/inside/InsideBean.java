package org.memphisee.it.adapter.inside;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import org.memphisee.ra.api.MessageListener;
import org.memphisee.ra.api.ReceivedMessage;

/** Remembers what it gets; everything fails once. */
@MessageDriven(activationConfig = {
    @ActivationConfigProperty(propertyName = "station", propertyValue = "inside"),
    @ActivationConfigProperty(propertyName = "consumerGroup", propertyValue = "g"),
    @ActivationConfigProperty(propertyName = "redeliveryDelay", propertyValue = "50")})
public class InsideBean implements MessageListener {
    static final Queue<String> SEEN = new ConcurrentLinkedQueue<>();

    @Override
    public void onMessage(ReceivedMessage message) {
        if (message.attempt() == 1) {
            throw new IllegalStateException("once");
        }
        SEEN.add(message.text() + " " + message.attempt());
    }
}
