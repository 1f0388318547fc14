package org.memphisee.core.memphis;

import java.util.List;
import java.util.Locale;

import org.memphisee.core.access.AccessRefusal;
import org.memphisee.core.access.StationAccess;
import org.memphisee.core.access.Users;
import org.memphisee.core.control.ControlEngine;

/** Station creation and destruction by SDKs (wire-protocol.md 3.2 and 3.3), and the schema subjects (3.8). */
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
        Fields f = Fields.parse(x.payload());
        String name = Names.external(Names.Kind.STATION, f.text("name"));
        String user = requireUser(users, x);
        access.requireCreate(user, name);
        StationRequest request;
        try {
            request = read(f, user);
        } catch (Refusal | AccessRefusal refusal) {
            x.inTurn(name, turn -> {
                if (Target.find(engine.definitions(), name).isEmpty()) {
                    throw refusal;
                }
                x.finish(""); // an existing one is left alone, whatever is asked of it
                turn.done();
            });
            return;
        }
        x.onLoop(() -> stations.create(request, user, x::finish));
    }

    private StationRequest read(Fields f, String user) {
        StationRequest request = StationRequest.of(order(f), engine.settings().maxStationPartitions());
        if (!request.dlsStation().isEmpty()) {
            access.requireCreate(user, request.dlsStation());
        }
        String schema = f.text("schema_name");
        if (!schema.isEmpty()) {
            throw new Refusal("Schema " + schema.toLowerCase(Locale.ROOT) + " does not exist");
        }
        return request;
    }

    void destroy(SdkExchange x) {
        String name = Fields.parse(x.payload()).text("station_name");
        access.requireWrite(x.client().user(), name);
        x.onLoop(() -> stations.remove(name, x::finish));
    }

    void createSchema(SdkExchange x) {
        Names.external(Names.Kind.SCHEMA, Fields.parse(x.payload()).text("name"));
        throw new Refusal("this server does not store schemas");
    }

    void attachSchema(SdkExchange x) {
        Fields f = Fields.parse(x.payload());
        String station = f.text("station_name").toLowerCase(Locale.ROOT);
        String schema = f.text("name").toLowerCase(Locale.ROOT);
        access.requireWrite(x.client().user(), station);
        x.onLoop(() -> {
            boolean known = Target.find(engine.definitions(), station).isPresent();
            throw new Refusal(known ? "Schema " + schema + " does not exist"
                : "memphis: Station " + station + " does not exist");
        });
    }

    void detachSchema(SdkExchange x) {
        String station = Fields.parse(x.payload()).text("station_name").toLowerCase(Locale.ROOT);
        access.requireWrite(x.client().user(), station);
        x.onLoop(() -> x.finish(Target.find(engine.definitions(), station).isPresent() ? ""
            : "station " + station + " does not exist"));
    }

    /** The connection's user, whatever the request says; a refusal when it was removed meanwhile. */
    static String requireUser(Users users, SdkExchange x) {
        String user = x.client().user();
        if (users.find(user).isEmpty()) {
            throw new Refusal("User " + user + " does not exist");
        }
        return user;
    }

    private static StationOrder order(Fields f) {
        if (f.number("partitions_number", 0) == 0) {
            throw new Refusal("you are using an old SDK, make sure to update your SDK");
        }
        Fields dls = f.object("dls_configuration");
        return new StationOrder(f.text("name"), f.text("retention_type"), f.number("retention_value", 0),
            f.text("storage_type"), f.number("replicas", 0), f.number("partitions_number", 0),
            f.number("idempotency_window_in_ms", 0), dls.flag("poison"), dls.flag("schemaverse"),
            f.text("dls_station"), f.flag("tiered_storage_enabled"), List.of());
    }
}
