package org.memphisee.core.memphis;

import java.nio.charset.StandardCharsets;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import org.memphisee.core.api.InternalPublisher;

/**
 * Whether SDKs are to tell of messages that broke their schema (wire-protocol.md 3.4, 3.9): while an integration sends such
 * alerts on. Producers are told when they register, those that are there when it changes. Changed on the control loop, read on
 * any thread.
 */
final class NotificationWish {

    private static final String SUBJECT = "$memphis_sdk_clients_updates";

    private final InternalPublisher publisher;
    private volatile boolean wanted;

    NotificationWish(InternalPublisher publisher) {
        this.publisher = publisher;
    }

    boolean wanted() {
        return wanted;
    }

    void wanted(boolean now) {
        if (now != wanted) {
            wanted = now;
            publisher.publish(SUBJECT, JsonNodeFactory.instance.objectNode().put("station_name", "")
                .put("type", "send_notification").put("update", now).toString().getBytes(StandardCharsets.UTF_8));
        }
    }
}
