package org.memphisee.core.memphis;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.memphisee.core.access.StationAccess;
import org.memphisee.core.access.Users;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.NameLock;
import org.memphisee.core.integrations.Integrations;
import org.memphisee.core.notices.Alert;
import org.memphisee.core.stations.MemberLog;
import org.memphisee.core.stations.Members;
import org.memphisee.core.stations.RequestRefusal;
import org.memphisee.core.stations.StationNames;
import org.memphisee.core.stations.StationRequest;
import org.memphisee.core.stations.StationSchemas;
import org.memphisee.core.stations.Stations;
import org.memphisee.core.stations.Target;

/** Producers as SDKs register them (wire-protocol.md 3.4 and 3.5). */
final class ProducerSubjects {

    /** First request version that knows partitions and default stations. */
    static final int PARTITIONS_VERSION = 2;

    private final ControlEngine engine;
    private final Users users;
    private final StationAccess access;
    private final Stations stations;
    private final Members members;
    private final MemberLog log;

    ProducerSubjects(ControlEngine engine, Users users, Stations stations, Members members, MemberLog log) {
        this.access = new StationAccess(users);
        this.engine = engine;
        this.users = users;
        this.stations = stations;
        this.members = members;
        this.log = log;
    }

    private record Registration(String name, String station, String connectionId, String type, String user, String appId,
                                String sdk, int version) { }

    void create(SdkExchange x) {
        SdkFields f = SdkFields.parse(x.payload());
        String name = StationNames.external(StationNames.Kind.PRODUCER, f.text("name"));
        String station = StationNames.external(StationNames.Kind.STATION, f.text("station_name"));
        String type = f.text("producer_type").toLowerCase(Locale.ROOT);
        if (!type.equals("application") && !type.equals("connector")) {
            throw new RequestRefusal("producer type has to be one of the following application/connector");
        }
        String user = StationSubjects.requireUser(users, x);
        access.requireWrite(user, station);
        String connection = x.connectionId(f);
        String app = f.text("app_id");
        Registration r = new Registration(name, station, connection, type, user, app.isEmpty() ? connection : app,
            x.sdk(f), (int) Math.min(Integer.MAX_VALUE, f.number("req_version", 0)));
        x.underLock(station, lock -> register(x, lock, r));
    }

    private void register(SdkExchange x, NameLock lock, Registration r) {
        Target target = Target.find(engine.definitions(), r.station()).orElse(null);
        if (target == null) {
            if (r.version() < PARTITIONS_VERSION) {
                throw new RequestRefusal("this station does not exist, a default station can not be created automatically, "
                    + "please upgrade your SDK version");
            }
            stations.createLocked(StationRequest.defaults(r.station(), engine.defaultReplicas()), x.author(), error -> x.resumeLocked(lock, t -> {
                if (!error.isEmpty()) {
                    throw new RequestRefusal(error);
                }
                register(x, t, r);
            }));
            return;
        }
        if (target.nativeStation() && r.version() < PARTITIONS_VERSION) {
            throw new RequestRefusal("to produce to this station please upgrade your SDK version");
        }
        Members.Member member = new Members.Member(log.numberFor(r.connectionId(), r.appId(), r.sdk()), true, r.name(),
            target.id(), "", r.connectionId(), r.type(), r.user(), r.appId(), r.sdk(), r.version());
        members.register(member, x.client().sdk(), engine.clock().nowNanos());
        log.remember(x.author(), member, () -> x.send(SdkReplies.producer(target,
            StationSchemas.of(engine.definitions(), target.id()), Integrations.wanted(engine.definitions(), Alert.Kind.SCHEMA_FAILURE))));
        lock.release(); // what follows in the log comes after it anyway
    }

    void destroy(SdkExchange x) {
        SdkFields f = SdkFields.parse(x.payload());
        String name = f.text("name").toLowerCase(Locale.ROOT);
        String station = f.text("station_name").toLowerCase(Locale.ROOT);
        String connection = f.text("connection_id").isEmpty() ? "" : x.connectionId(f);
        access.requireWrite(x.client().user(), station);
        x.underLock(station, lock -> {
            List<Members.Member> removed = new ArrayList<>();
            boolean found = Target.find(engine.definitions(), station)
                .filter(t -> members.unregister(true, name, t.id(), connection, removed)).isPresent();
            log.forget(x.author(), removed, () -> x.finish(
                found ? "" : "Producer " + name + " at station " + station + " does not exist"));
            lock.release();
        });
    }
}
