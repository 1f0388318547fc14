package org.memphisee.core.memphis;

import java.util.List;
import java.util.Locale;

import org.memphisee.core.access.AccessRefusal;
import org.memphisee.core.access.StationAccess;
import org.memphisee.core.access.Users;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.stations.RequestRefusal;
import org.memphisee.core.stations.StationNames;
import org.memphisee.core.stations.StationOrder;
import org.memphisee.core.stations.StationRequest;
import org.memphisee.core.stations.Stations;
import org.memphisee.core.stations.Target;

/** Station creation and destruction by SDKs (wire-protocol.md 3.2 and 3.3). */
final class StationSubjects {

    private final ControlEngine engine;
    private final Users users;
    private final StationAccess access;
    private final Stations stations;

    StationSubjects(ControlEngine engine, Users users, Stations stations) {
        this.access = new StationAccess(users);
        this.engine = engine;
        this.users = users;
        this.stations = stations;
    }

    void create(SdkExchange x) {
        SdkFields f = SdkFields.parse(x.payload());
        String name = StationNames.external(StationNames.Kind.STATION, f.text("name"));
        String user = requireUser(users, x);
        access.requireCreate(user, name);
        StationRequest request;
        String schema;
        try {
            request = read(f, user);
            schema = f.text("schema_name").toLowerCase(Locale.ROOT);
        } catch (RequestRefusal | AccessRefusal refusal) {
            x.underLock(name, lock -> {
                if (Target.find(engine.definitions(), name).isEmpty()) {
                    throw refusal;
                }
                x.finish(""); // an existing one is left alone, whatever is asked of it
                lock.release();
            });
            return;
        }
        x.onLoop(() -> stations.create(request, schema, x.author(), false, x::finish));
    }

    private StationRequest read(SdkFields f, String user) {
        StationRequest request = StationRequest.of(order(f), engine.settings().maxStationPartitions());
        if (!request.dlsStation().isEmpty()) {
            access.requireCreate(user, request.dlsStation());
        }
        return request;
    }

    void destroy(SdkExchange x) {
        String name = SdkFields.parse(x.payload()).text("station_name");
        access.requireWrite(x.client().user(), name);
        x.onLoop(() -> stations.remove(name, x.author(), x::finish));
    }

    /** The connection's user, whatever the request says; a refusal when it was removed meanwhile. */
    static String requireUser(Users users, SdkExchange x) {
        String user = x.client().user();
        if (users.find(user).isEmpty()) {
            throw new RequestRefusal("User " + user + " does not exist");
        }
        return user;
    }

    private static StationOrder order(SdkFields f) {
        if (f.number("partitions_number", 0) == 0) {
            throw new RequestRefusal("you are using an old SDK, make sure to update your SDK");
        }
        SdkFields dls = f.object("dls_configuration");
        return new StationOrder(f.text("name"), f.text("retention_type"), f.number("retention_value", 0),
            f.text("storage_type"), f.number("replicas", 0), f.number("partitions_number", 0),
            f.number("idempotency_window_in_ms", 0), dls.flag("poison"), dls.flag("schemaverse"),
            f.text("dls_station"), f.flag("tiered_storage_enabled"), f.text("durability"),
            List.of());
    }
}
