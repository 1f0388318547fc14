package org.memphisee.core.jetstream;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.access.Permissions;
import org.memphisee.core.api.ApiRequest;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.jetstream.transfer.IncomingRestore;
import org.memphisee.core.jetstream.transfer.Transfer;
import org.memphisee.core.jetstream.transfer.Transfers;
import org.memphisee.core.stream.StreamConfig;

/**
 * STREAM.RESTORE and its chunks (jetstream-new.md 6). One that says {@code memphisee_import} with a name of its own is kept when
 * its client goes: the same request, by the same user, goes on with it and is told the last message that is there (ADR 0165). One
 * that says {@code memphisee_as} becomes a stream of another name than the archive's (ADR 0222).
 */
final class RestoreRequests {

    private static final int STREAM_TOKEN = 4;
    private static final int ID_TOKEN = 4;
    /** Entries that are no messages may take so much, however small messages have to be. */
    private static final int LEAST_ENTRY = 1 << 20;
    private static final String IMPORT = "memphisee_import";

    private final ControlEngine engine;
    private final Function<String, Permissions> permissionsOf;
    private final Transfers transfers;
    private final TransferAdvisories advisories;
    private final Predicate<String> stationName;
    private final ImportedStations stations;
    private final Imports imports = new Imports();

    RestoreRequests(ControlEngine engine, Function<String, Permissions> permissionsOf, Predicate<String> stationName,
                    Transfers transfers) {
        this.engine = engine;
        this.permissionsOf = permissionsOf;
        this.stationName = stationName;
        this.stations = new ImportedStations(engine);
        this.transfers = transfers;
        this.advisories = new TransferAdvisories(engine);
    }

    void restore(ApiExchange x) {
        if (ApiFields.blank(x.payload())) {
            throw ApiError.BAD_REQUEST.refusal();
        }
        String name = x.token(STREAM_TOKEN);
        ApiFields f = ApiFields.parse(x.payload()).onlyKnown(Set.of("config", "state", IMPORT, Renaming.MEMBER));
        Renaming renaming = Renaming.read(f);
        StreamConfig config = StreamConfigReader.read(renaming.of(f.object("config"), name), false);
        if (!config.name().equals(name)) {
            throw ApiError.STREAM_NAME_NOT_MATCHING.refusal();
        }
        StreamChanges.checkRights(permissionsOf.apply(x.user()), x.user(), config);
        StorableSubjects.checkName(config.name());
        StorableSubjects.check(config.subjects(), config.noAck());
        if (config.storage() == StreamConfig.Storage.MEMORY) {
            throw ApiError.RESTORE_FAILED.refusal("streams in memory are not restored: restore it with storage \"file\"");
        }
        ApiFields again = f.object(IMPORT).onlyKnown(Set.of("id", "restart", "station"));
        Optional<Imports.Key> key = key(x.user(), name, again);
        Optional<ImportedStations.Place> place = place(config, again.object("station"));
        boolean restart = again.flag("restart");
        x.onLoop(() -> {
            RestoredStream.check(engine, config);
            ImportedStations.Part part = key.flatMap(stations::find).orElse(null);
            if (part != null && !restart && part.stream().made(config, renaming)
                && place.filter(part.place()::equals).isPresent()) {
                ObjectNode answer = x.answer();
                answer.putObject(IMPORT).put("last_seq", part.stream().lastTaken()).put("messages", part.stream().taken())
                    .put("complete", true);
                x.send(answer);
                return;
            }
            key.ifPresent(stations::drop);
            key.flatMap(imports::find).ifPresentOrElse(open -> transfers.between(() -> {
                if (!restart && open.stream().made(config, renaming) && open.transfer().leave()) {
                    open.stream().again();
                    x.guard(() -> begin(x, config, key, open.stream()));
                } else {
                    open.transfer().cancel();
                    engine.resume(() -> x.guard(() -> begin(x, config, renaming, key, place)));
                }
            }), () -> begin(x, config, renaming, key, place));
        });
    }

    private static Optional<Imports.Key> key(String user, String stream, ApiFields f) {
        String id = f.text("id");
        if (f.empty()) {
            return Optional.empty();
        }
        if (id.isEmpty() || id.length() > Imports.MAX_NAME) {
            throw ApiError.BAD_REQUEST.refusal();
        }
        return Optional.of(new Imports.Key(user, stream, id));
    }

    /** From the first message on. Control loop. */
    private void begin(ApiExchange x, StreamConfig config, Renaming renaming, Optional<Imports.Key> key,
                       Optional<ImportedStations.Place> place) {
        AtomicReference<RestoredStream> made = new AtomicReference<>();
        RestoredStream stream = new RestoredStream(engine, config, renaming, permissionsOf.apply(x.user()), x.client(),
            x.author(), engine.registry().importing(engine.allocateId()), advisories,
            place.map(p -> belonging(x, config, key.orElseThrow(), p)), () -> key.ifPresent(k -> imports.ended(k, made.get())));
        made.set(stream);
        begin(x, config, key, stream);
        advisories.restoreBegins(config.name(), x.client());
    }

    private RestoredStream.Belonging belonging(ApiExchange x, StreamConfig config, Imports.Key key,
        ImportedStations.Place place) {
        return (stream, partitionId, consumers, outcome) -> stations.complete(key, new ImportedStations.Part(place, config,
            partitionId, consumers, stream, engine.clock().nowNanos()), x.author(), outcome);
    }

    /** Of which station it is a partition; empty if it says nothing of one. */
    private Optional<ImportedStations.Place> place(StreamConfig config, ApiFields f) {
        if (f.onlyKnown(Set.of("name", "number", "partitions")).empty()) {
            return Optional.empty();
        }
        ImportedStations.Place place = new ImportedStations.Place(f.text("name"), f.smallNumber("number"),
            f.smallNumber("partitions"));
        if (!stationName.test(place.station())) {
            throw ApiError.RESTORE_FAILED.refusal("\"" + place.station() + "\" is no name of a station");
        }
        ImportedStations.check(config, place);
        return Optional.of(place);
    }

    /** Chunks of an archive go into the stream from now on. No other transfer works on it. */
    private void begin(ApiExchange x, StreamConfig config, Optional<Imports.Key> key, RestoredStream stream) {
        IncomingRestore restore = new IncomingRestore(engine.world().newId(), stream,
            Math.max(LEAST_ENTRY, engine.settings().maxPayload()), engine.clock(),
            key.isPresent() ? Imports.KEPT_NANOS : IncomingRestore.IDLE_NANOS);
        stream.whenWritten(restore::wake);
        ObjectNode answer = x.answer().put("deliver_subject", IncomingRestore.DELIVER + config.name() + "." + restore.id());
        if (key.isPresent()) {
            answer.putObject(IMPORT).put("last_seq", stream.lastTaken()).put("messages", stream.taken());
        }
        if (!transfers.begin(restore)) {
            if (stream.taken() > 0) {
                stream.abandon(0);
            }
            throw ApiError.RESTORE_FAILED.refusal("more than " + Transfers.MOST + " streams are being saved and restored");
        }
        key.ifPresent(k -> imports.put(k, new Imports.Open(stream, restore)));
        x.send(answer);
    }

    /** {@code $JS.SNAPSHOT.RESTORE.<stream>.<id>}: a chunk. I/O thread. */
    void chunk(ApiRequest request) {
        String[] tokens = request.subject().split("\\.", -1);
        Transfer transfer = transfers.find(tokens[ID_TOKEN]).orElse(null);
        if (transfer instanceof IncomingRestore restore) {
            restore.chunk(request.payload(), request.reply());
        } else {
            request.reply().nobody();
        }
    }
}
