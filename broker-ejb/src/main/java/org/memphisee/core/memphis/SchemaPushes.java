package org.memphisee.core.memphis;

import java.nio.charset.StandardCharsets;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.api.InternalPublisher;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.SchemaEvent;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.control.SystemEventListener;
import org.memphisee.core.stations.StationNames;
import org.memphisee.core.stations.StationSchemas;
import org.memphisee.core.stations.Target;

/**
 * Tells connected SDKs which schema a station has now (wire-protocol.md 3.9), whoever changed that, before whoever asked for it
 * is answered. Control loop.
 */
final class SchemaPushes implements SystemEventListener {

    private static final int ATTACHED = 1;
    private static final int DETACHED = 2;

    private final ControlEngine engine;
    private final InternalPublisher publisher;

    SchemaPushes(ControlEngine engine, InternalPublisher publisher) {
        this.engine = engine;
        this.publisher = publisher;
    }

    @Override
    public void event(long index, SystemEvent event) {
        if (event instanceof SchemaEvent.SchemaAttached e) {
            push(e.stationId(), ATTACHED);
        } else if (event instanceof SchemaEvent.SchemaDetached e) {
            push(e.stationId(), DETACHED);
        }
    }

    private void push(long stationId, int updateType) {
        Target.byId(engine.definitions(), stationId).ifPresent(target -> {
            ObjectNode update = JsonNodeFactory.instance.objectNode().put("UpdateType", updateType);
            SdkReplies.schema(update, "init", StationSchemas.of(engine.definitions(), stationId));
            publisher.publishHere("$memphis_schema_updates_" + StationNames.internal(target.name()),
                update.toString().getBytes(StandardCharsets.UTF_8));
        });
    }
}
