package org.memphisee.core.stations;

import java.util.Optional;
import java.util.function.Consumer;

import org.memphisee.core.api.Author;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.NameLock;
import org.memphisee.core.control.SchemaDefinition;
import org.memphisee.core.control.SchemaEvent;
import org.memphisee.core.schema.Enforcement;

/**
 * Which station has which schema, for every door. A station pins the version that is active when it gets the schema. Control
 * loop only; answers are texts, empty for success, and come when messages are looked at.
 */
public final class StationSchemas {

    private final ControlEngine engine;

    public StationSchemas(ControlEngine engine) {
        this.engine = engine;
    }

    /** The schema that a station has, with the version that it pins. Control loop only. */
    public record Pinned(SchemaDefinition schema, SchemaDefinition.Version version, Enforcement enforcement) {

        /** Whether another version is active. */
        public boolean updatesAvailable() {
            return schema.active() != version.number();
        }
    }

    /** What a station has. */
    public static Optional<Pinned> of(org.memphisee.core.control.Definitions definitions, long stationId) {
        return definitions.schemas().of(stationId).map(attached -> {
            SchemaDefinition schema = definitions.schemas().byId(attached.schemaId()).orElseThrow();
            return new Pinned(schema, schema.version(attached.version()).orElseThrow(), attached.enforcement());
        });
    }

    /**
     * Gives a station the active version of a schema, in place of what it has.
     *
     * @param enforcement what the broker does with messages that do not fit; null for what it did, or else refuse
     */
    public void attach(Author by, String station, String schema, Enforcement enforcement, Consumer<String> answer) {
        attach(by, station, schema, 0, enforcement, answer);
    }

    /**
     * Gives a station a version of a schema, in place of what it has.
     *
     * @param version the version, 0 for the active one
     * @param enforcement what the broker does with messages that do not fit; null for what it did, or else refuse
     */
    void attach(Author by, String station, String schema, int version, Enforcement enforcement, Consumer<String> answer) {
        engine.lock(station, stationLock -> {
            Consumer<String> ending = ending(stationLock, answer);
            Target target = Target.find(engine.definitions(), station).orElse(null);
            if (target == null) {
                ending.accept(Stations.unknown(station));
                return;
            }
            attachLocked(by, target.id(), schema, version, enforcement, ending);
        });
    }

    /** Same under the lock of the station's name, for one that is there or about to be made. */
    void attachLocked(Author by, long stationId, String schema, Enforcement enforcement, Consumer<String> answer) {
        attachLocked(by, stationId, schema, 0, enforcement, answer);
    }

    private void attachLocked(Author by, long stationId, String schema, int version, Enforcement enforcement,
                              Consumer<String> answer) {
        engine.lockSchema(schema, schemaLock -> {
            Consumer<String> ending = ending(schemaLock, answer);
            SchemaDefinition known = engine.definitions().schemas().byName(schema.toLowerCase(java.util.Locale.ROOT)).orElse(null);
            if (known == null) {
                ending.accept(Schemas.unknown(schema).getMessage());
                return;
            }
            if (version != 0 && known.version(version).isEmpty()) {
                ending.accept("Schema " + known.name() + " version " + version + " does not exist");
                return;
            }
            Enforcement before = engine.definitions().schemas().of(stationId).map(SchemaEvent.SchemaAttached::enforcement)
                .orElse(Enforcement.REFUSE);
            engine.change(by, new SchemaEvent.SchemaAttached(stationId, known.id(), version == 0 ? known.active() : version,
                enforcement == null ? before : enforcement), Stations.answering(ending));
        });
    }

    /** Sets what the broker does with messages that do not fit; the version stays. */
    public void enforce(Author by, String station, Enforcement enforcement, Consumer<String> answer) {
        engine.lock(station, lock -> {
            Consumer<String> ending = ending(lock, answer);
            Target target = Target.find(engine.definitions(), station).orElse(null);
            SchemaEvent.SchemaAttached attached =
                target == null ? null : engine.definitions().schemas().of(target.id()).orElse(null);
            if (target == null) {
                ending.accept(Stations.unknown(station));
            } else if (attached == null) {
                ending.accept("Station " + target.name() + " has no schema");
            } else {
                engine.change(by, new SchemaEvent.SchemaAttached(target.id(), attached.schemaId(), attached.version(), enforcement),
                    Stations.answering(ending));
            }
        });
    }

    /** Takes the schema from a station; one without any is told so all the same. */
    public void detach(Author by, String station, Consumer<String> answer) {
        engine.lock(station, lock -> {
            Consumer<String> ending = ending(lock, answer);
            Target.find(engine.definitions(), station).ifPresentOrElse(
                target -> engine.change(by, new SchemaEvent.SchemaDetached(target.id()), Stations.answering(ending)),
                () -> ending.accept(Stations.unknown(station)));
        });
    }

    private static Consumer<String> ending(NameLock lock, Consumer<String> answer) {
        return error -> {
            answer.accept(error);
            lock.release();
        };
    }
}
