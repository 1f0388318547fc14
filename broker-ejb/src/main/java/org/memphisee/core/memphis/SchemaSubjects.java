package org.memphisee.core.memphis;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.RejectedExecutionException;

import org.memphisee.core.access.StationAccess;
import org.memphisee.core.access.Users;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.stations.RequestRefusal;
import org.memphisee.core.stations.SchemaOrder;
import org.memphisee.core.stations.SchemaRefusal;
import org.memphisee.core.stations.Schemas;
import org.memphisee.core.stations.StationSchemas;
import org.memphisee.core.stations.Target;

/** Schemas as SDKs make, attach and detach them (wire-protocol.md 3.8). */
final class SchemaSubjects {

    private final ControlEngine engine;
    private final Users users;
    private final StationAccess access;
    private final Schemas schemas;
    private final StationSchemas stations;

    SchemaSubjects(ControlEngine engine, Users users, Schemas schemas, StationSchemas stations) {
        this.engine = engine;
        this.users = users;
        this.access = new StationAccess(users);
        this.schemas = schemas;
        this.stations = stations;
    }

    void create(SdkExchange x) {
        SdkFields f = SdkFields.parse(x.payload());
        SchemaOrder order = new SchemaOrder(f.text("name"), f.text("type"), f.text("schema_content"),
            f.text("message_struct_name"), "", List.of());
        StationSubjects.requireUser(users, x);
        x.onLoop(() -> schemas.createOrAdd(order, x.author()).whenComplete((made, failure) -> {
            if (failure == null) {
                x.fail(""); // success has the form of errors here
            } else {
                x.guard(() -> {
                    throw refusal(failure);
                });
            }
        }));
    }

    private static RuntimeException refusal(Throwable failure) {
        if (failure instanceof SchemaRefusal || failure instanceof RejectedExecutionException) {
            return new RequestRefusal(failure.getMessage());
        }
        return failure instanceof RuntimeException known ? known : new RequestRefusal(failure.getMessage());
    }

    void attach(SdkExchange x) {
        SdkFields f = SdkFields.parse(x.payload());
        String station = f.text("station_name").toLowerCase(Locale.ROOT);
        String schema = f.text("name").toLowerCase(Locale.ROOT);
        access.requireWrite(x.client().user(), station);
        x.onLoop(() -> {
            if (Target.find(engine.definitions(), station).isEmpty()) {
                throw new RequestRefusal("memphis: Station " + station + " does not exist");
            }
            stations.attach(x.author(), station, schema, null, x::finish);
        });
    }

    void detach(SdkExchange x) {
        String station = SdkFields.parse(x.payload()).text("station_name").toLowerCase(Locale.ROOT);
        access.requireWrite(x.client().user(), station);
        x.onLoop(() -> {
            if (Target.find(engine.definitions(), station).isEmpty()) {
                throw new RequestRefusal("station " + station + " does not exist");
            }
            stations.detach(x.author(), station, x::finish);
        });
    }
}
