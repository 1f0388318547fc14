package org.memphisee.core.memphis;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.memphisee.core.access.StationAccess;
import org.memphisee.core.access.Users;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.NameLock;
import org.memphisee.core.stations.GroupRequest;
import org.memphisee.core.stations.Groups;
import org.memphisee.core.stations.MemberLog;
import org.memphisee.core.stations.Members;
import org.memphisee.core.stations.RequestRefusal;
import org.memphisee.core.stations.StationNames;
import org.memphisee.core.stations.StationRequest;
import org.memphisee.core.stations.StationSchemas;
import org.memphisee.core.stations.Stations;
import org.memphisee.core.stations.Target;

/** Consumers as SDKs register them (wire-protocol.md 3.6 and 3.7). */
final class ConsumerSubjects {

    private final ControlEngine engine;
    private final Users users;
    private final StationAccess access;
    private final Stations stations;
    private final Groups groups;
    private final Members members;
    private final MemberLog log;

    ConsumerSubjects(ControlEngine engine, Users users, Stations stations, Groups groups, Members members,
                     MemberLog log) {
        this.access = new StationAccess(users);
        this.engine = engine;
        this.users = users;
        this.stations = stations;
        this.groups = groups;
        this.members = members;
        this.log = log;
    }

    private record Registration(String name, String station, GroupRequest group, String connectionId, String type,
                                String user, String appId, String sdk, int version) { }

    void create(SdkExchange x) {
        SdkFields f;
        try {
            f = SdkFields.parse(x.payload());
        } catch (RequestRefusal notJson) {
            x.send(SdkExchange.jsonText(notJson.getMessage())); // the one error that is JSON here
            return;
        }
        String user = x.client().user();
        if (users.find(user).isEmpty()) {
            throw new RequestRefusal("user does not exist");
        }
        String name = StationNames.external(StationNames.Kind.CONSUMER, f.text("name"));
        String station = StationNames.external(StationNames.Kind.STATION, f.text("station_name"));
        String group = f.text("consumers_group").isEmpty() ? name
            : StationNames.external(StationNames.Kind.CONSUMER, f.text("consumers_group"));
        String type = f.text("consumer_type").toLowerCase(Locale.ROOT);
        if (!type.equals("application") && !type.equals("connector")) {
            throw new RequestRefusal("consumer type has to be one of the following application/connector and not " + type);
        }
        GroupRequest wanted = GroupRequest.of(group, f.number("max_ack_time_ms", 0),
            f.number("max_msg_deliveries", 0), f.number("start_consume_from_sequence", 0), f.number("last_messages", -1));
        access.requireRead(user, station);
        String connection = x.connectionId(f);
        String app = f.text("app_id");
        Registration r = new Registration(name, station, wanted, connection, type, user,
            app.isEmpty() ? connection : app, x.sdk(f), (int) Math.min(Integer.MAX_VALUE, f.number("req_version", 0)));
        x.underLock(station, lock -> register(x, lock, r));
    }

    private void register(SdkExchange x, NameLock lock, Registration r) {
        boolean old = r.version() < ProducerSubjects.PARTITIONS_VERSION;
        Target target = Target.find(engine.definitions(), r.station()).orElse(null);
        if (target == null) {
            if (old) {
                throw new RequestRefusal("This station does not exist, a default station can not be created automatically, "
                    + "please upgrade your SDK version");
            }
            access.requireCreate(r.user(), r.station());
            stations.createLocked(StationRequest.defaults(r.station(), engine.defaultReplicas()), x.author(), error -> x.resumeLocked(lock, t -> {
                if (!error.isEmpty()) {
                    throw new RequestRefusal(error);
                }
                register(x, t, r);
            }));
            return;
        }
        if (r.version() == 1 && members.active(target.id(), r.group().name())
            && groups.startsElsewhere(target, r.group())) {
            throw new RequestRefusal("consumer already exists with different uneditable configuration parameters "
                + "(StartConsumeFromSequence/LastMessages)");
        }
        if (old && target.nativeStation()) {
            throw new RequestRefusal("to consume from this station please upgrade your SDK version");
        }
        Members.Member member = new Members.Member(log.numberFor(r.connectionId(), r.appId(), r.sdk()), false, r.name(),
            target.id(), r.group().name(), r.connectionId(), r.type(), r.user(), r.appId(), r.sdk(), r.version());
        members.register(member, x.client().sdk(), engine.clock().nowNanos());
        groups.join(target, r.group(), x.author(), error -> {
            if (error.isEmpty()) {
                engine.resume(() -> {
                    log.remember(x.author(), member, () -> x.send(SdkReplies.consumer(target, StationSchemas.of(engine.definitions(), target.id()),
                        x.client().lang())));
                    lock.release();
                });
            } else {
                x.resumeLocked(lock, t -> {
                    members.unregister(member);
                    throw new RequestRefusal(error);
                });
            }
        });
    }

    void destroy(SdkExchange x) {
        SdkFields f = SdkFields.parse(x.payload());
        String name = f.text("name").toLowerCase(Locale.ROOT);
        String station = f.text("station_name").toLowerCase(Locale.ROOT);
        String connection = f.text("connection_id").isEmpty() ? "" : x.connectionId(f);
        access.requireRead(x.client().user(), station);
        x.underLock(station, lock -> {
            Target target = Target.find(engine.definitions(), station).orElse(null);
            List<Members.Member> removed = new ArrayList<>();
            if (target == null || !members.unregister(false, name, target.id(), connection, removed)) {
                throw new RequestRefusal("Consumer " + name + " at station " + station + " does not exist");
            }
            String group = removed.get(0).group();
            if (members.needed(target.id(), group)) {
                log.forget(x.author(), removed, () -> x.finish(""));
                lock.release();
                return;
            }
            removed.addAll(members.forgetGroup(target.id(), group));
            log.forget(x.author(), removed, () -> { });
            groups.remove(target, group, x.author(), error -> {
                x.finish(error);
                lock.release();
            });
        });
    }
}
