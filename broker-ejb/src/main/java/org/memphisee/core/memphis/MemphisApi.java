package org.memphisee.core.memphis;

import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

import org.memphisee.core.access.Users;
import org.memphisee.core.api.ApiRegistry;
import org.memphisee.core.api.Author;
import org.memphisee.core.api.InternalPublisher;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.deadletters.DeadLetters;
import org.memphisee.core.notices.Alerts;
import org.memphisee.core.stations.Groups;
import org.memphisee.core.stations.MemberLog;
import org.memphisee.core.stations.Members;
import org.memphisee.core.stations.SchemaAdministration;
import org.memphisee.core.stations.Schemas;
import org.memphisee.core.stations.StationAdministration;
import org.memphisee.core.stations.StationSchemas;
import org.memphisee.core.stations.Stations;

/** Binds the Memphis control subjects, and follows which SDK connections are there. */
public final class MemphisApi {


    private final ControlEngine engine;
    private final Members members = new Members();
    private final MemberLog memberLog;
    private final Stations stations;
    private final Groups groups;
    private final Schemas schemas;
    private final StationSchemas stationSchemas;
    private final SchemaAdministration schemaAdministration;
    private final Users users;
    private final StationAdministration administration;
    private volatile LongSupplier memberAwayNanos;
    private volatile Alerts alerts = alert -> { };
    private final DeadLetters letters;

    public MemphisApi(ControlEngine engine, Users users, InternalPublisher publisher, DeadLetters letters) {
        this.letters = letters;
        this.engine = engine;
        this.users = users;
        this.memberAwayNanos = engine.settings()::memberAwayNanos;
        this.memberLog = new MemberLog(engine);
        this.stations = new Stations(engine, publisher);
        this.groups = new Groups(engine);
        this.schemas = new Schemas(engine, engine.schemaBench(), Schemas.MAX_SIZE);
        this.stationSchemas = new StationSchemas(engine);
        this.schemaAdministration = new SchemaAdministration(engine, users, schemas, stationSchemas);
        this.administration = new StationAdministration(engine, users, stations, members);
    }

    /** Serves the subjects. */
    public void bind(ApiRegistry registry) {
        engine.resume(() -> {
            engine.listen((index, event) -> {
                members.event(event);
                if (engine.clustered()) {
                    members.eventOfCluster(event, engine.clock().nowNanos());
                }
            });
            engine.listen(new SchemaPushes(engine, engine.publisher()));
            engine.listen(new AlertPushes(engine, engine.publisher()));
            engine.definitions().members().all().forEach(member ->
                members.recovered(MemberLog.member(member), engine.clock().nowNanos()));
        });
        StationSubjects station = new StationSubjects(engine, users, stations);
        serve(registry, "$memphis_station_creations", SdkExchange::plainText, station::create);
        serve(registry, "$memphis_station_destructions", SdkExchange::plainText, station::destroy);
        SchemaSubjects schema = new SchemaSubjects(engine, users, schemas, stationSchemas);
        serve(registry, "$memphis_schema_creations", SdkExchange::jsonText, schema::create);
        serve(registry, "$memphis_schema_attachments", SdkExchange::plainText, schema::attach);
        serve(registry, "$memphis_schema_detachments", SdkExchange::plainText, schema::detach);
        ProducerSubjects producer = new ProducerSubjects(engine, users, stations, members, memberLog);
        serve(registry, "$memphis_producer_creations", SdkReplies::producerError, producer::create);
        serve(registry, "$memphis_producer_destructions", SdkExchange::plainText, producer::destroy);
        ConsumerSubjects consumer = new ConsumerSubjects(engine, users, stations, groups, members,
            memberLog);
        serve(registry, "$memphis_consumer_creations", SdkExchange::plainText, consumer::create);
        serve(registry, "$memphis_consumer_destructions", SdkExchange::plainText, consumer::destroy);
        ClientAlerts clientAlerts = new ClientAlerts(engine.clock(), (user, named) -> users.permissions(user).mayWrite(named));
        registry.serve("$memphis_notifications", request -> clientAlerts.told(request.client(), request.payload(), alerts));
        DeadLetterNotices notices = new DeadLetterNotices(letters);
        registry.serve("$memphis_nacked_dls", notices::gaveUp);
        registry.serve("$memphis_pm_acks", notices::acknowledged);
        registry.serve("$memphis_schemaverse_dls", notices::violation);
    }

    private void serve(ApiRegistry registry, String subject, Function<String, String> errorForm,
                       Consumer<SdkExchange> handler) {
        registry.serve(subject, request -> {
            SdkExchange x = new SdkExchange(request, engine, errorForm);
            x.guard(() -> handler.accept(x));
        });
    }

    /** An SDK connection was accepted. Any thread. */
    public void connectionOpened(String connectionId, String address) {
        if (!connectionId.isEmpty()) {
            engine.resume(() -> members.connected(connectionId, address));
        }
    }

    /** An SDK connection that had been accepted is gone. Any thread. */
    public void connectionClosed(String connectionId) {
        if (!connectionId.isEmpty()) {
            engine.resume(() -> ClientAlerts.left(members.disconnected(connectionId, engine.clock().nowNanos()),
                engine.definitions(), alerts));
        }
    }

    /** An SDK's connection to another node was accepted. Any thread. */
    public void connectionOpenedElsewhere(String connectionId, String address) {
        engine.resume(() -> members.connected(connectionId, address));
    }

    /** Such a one is gone, or its node is not heard of any more. Any thread. */
    public void connectionClosedElsewhere(String connectionId, boolean unheard) {
        engine.resume(() -> {
            if (unheard) {
                members.awaited(connectionId, engine.clock().nowNanos());
            } else {
                members.disconnected(connectionId, engine.clock().nowNanos()); // its own node says so to people
            }
        });
    }

    /** One whose node was not heard of, and is again, is gone. Any thread. */
    public void connectionGoneElsewhere(String connectionId) {
        engine.resume(() -> members.gone(connectionId, engine.clock().nowNanos()));
    }

    /** Which nodes of the cluster do not tell who is connected to them. Any thread. */
    public void unheard(Set<String> nodes) {
        engine.resume(() -> members.unheard(nodes, engine.clock().nowNanos()));
    }

    /** Where alerts about clients go. */
    public void alertBy(Alerts to) {
        alerts = to;
    }

    /** How long a producer or consumer may be without its connection, nanoseconds; by default as the settings have it. */
    public void memberAway(LongSupplier nanos) {
        memberAwayNanos = nanos;
    }

    /** Brings registrations into the definitions that could not be decided when they were made. Any thread; every now and then. */
    public void rememberMembers() {
        engine.resume(() -> memberLog.again(members));
    }

    /** Forgets producers and consumers whose connection has been away for too long. Any thread; every now and then. */
    public void sweepMembers() {
        engine.resume(() -> memberLog.forget(Author.BROKER, members.sweep(engine.clock().nowNanos(), memberAwayNanos.getAsLong()),
            () -> { }));
    }

    /** Stations for people. Any thread. */
    public StationAdministration administration() {
        return administration;
    }

    /** Schemas for people. Any thread. */
    public SchemaAdministration schemas() {
        return schemaAdministration;
    }

    /** Stations for other doors; control loop only. */
    public Stations stations() {
        return stations;
    }

    /** Who is connected; control loop only. */
    public Members members() {
        return members;
    }
}
