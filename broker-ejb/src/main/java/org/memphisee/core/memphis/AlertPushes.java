package org.memphisee.core.memphis;

import java.nio.charset.StandardCharsets;

import org.memphisee.core.api.InternalPublisher;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.control.SystemEventListener;
import org.memphisee.core.integrations.Integrations;
import org.memphisee.core.notices.Alert;

/** Tells connected SDKs whether anybody wants to hear of what their schemas refuse (wire-protocol.md 3.9). Control loop. */
final class AlertPushes implements SystemEventListener {

    private final ControlEngine engine;
    private final InternalPublisher publisher;
    private boolean wanted;

    AlertPushes(ControlEngine engine, InternalPublisher publisher) {
        this.engine = engine;
        this.publisher = publisher;
        this.wanted = wanted();
    }

    private boolean wanted() {
        return Integrations.wanted(engine.definitions(), Alert.Kind.SCHEMA_FAILURE);
    }

    @Override
    public void event(long index, SystemEvent event) {
        boolean about = event instanceof SystemEvent.IntegrationSaved || event instanceof SystemEvent.IntegrationRemoved;
        if (about && wanted() != wanted) {
            wanted = !wanted;
            String update = "{\"station_name\":\"\",\"type\":\"send_notification\",\"update\":" + wanted + "}";
            publisher.publishHere("$memphis_sdk_clients_updates", update.getBytes(StandardCharsets.UTF_8));
        }
    }
}
