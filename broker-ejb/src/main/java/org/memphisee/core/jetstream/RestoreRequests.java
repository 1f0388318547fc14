package org.memphisee.core.jetstream;

import java.util.Set;
import java.util.function.Function;

import org.memphisee.core.access.Permissions;
import org.memphisee.core.api.ApiRequest;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.jetstream.transfer.IncomingRestore;
import org.memphisee.core.jetstream.transfer.Transfer;
import org.memphisee.core.jetstream.transfer.Transfers;
import org.memphisee.core.stream.StreamConfig;

/** STREAM.RESTORE and its chunks (jetstream-new.md 6). */
final class RestoreRequests {

    private static final int STREAM_TOKEN = 4;
    private static final int ID_TOKEN = 4;
    /** Entries that are no messages may take so much, however small messages have to be. */
    private static final int LEAST_ENTRY = 1 << 20;

    private final ControlEngine engine;
    private final Function<String, Permissions> permissionsOf;
    private final Transfers transfers;
    private final TransferAdvisories advisories;

    RestoreRequests(ControlEngine engine, Function<String, Permissions> permissionsOf, Transfers transfers) {
        this.engine = engine;
        this.permissionsOf = permissionsOf;
        this.transfers = transfers;
        this.advisories = new TransferAdvisories(engine);
    }

    void restore(ApiExchange x) {
        if (ApiFields.blank(x.payload())) {
            throw ApiError.BAD_REQUEST.refusal();
        }
        String name = x.token(STREAM_TOKEN);
        ApiFields f = ApiFields.parse(x.payload()).onlyKnown(Set.of("config", "state"));
        StreamConfig config = StreamConfigReader.read(f.object("config").completed("name", name));
        if (!config.name().equals(name)) {
            throw ApiError.STREAM_NAME_NOT_MATCHING.refusal();
        }
        Permissions permissions = permissionsOf.apply(x.user());
        StreamChanges.checkRights(permissions, x.user(), config);
        StorableSubjects.checkName(config.name());
        StorableSubjects.check(config.subjects(), config.noAck());
        if (config.storage() == StreamConfig.Storage.MEMORY) {
            throw ApiError.RESTORE_FAILED.refusal("streams in memory are not restored: restore it with storage \"file\"");
        }
        x.onLoop(() -> {
            RestoredStream.check(engine, config);
            RestoredStream stream = new RestoredStream(engine, config, permissions, x.client(), x.author(),
                engine.registry().importing(engine.allocateId()), advisories);
            IncomingRestore restore = new IncomingRestore(engine.world().newId(), stream, Math.max(LEAST_ENTRY, engine.settings().maxPayload()),
                engine.clock());
            stream.whenWritten(restore::wake);
            if (!transfers.begin(restore)) {
                throw ApiError.RESTORE_FAILED.refusal("more than " + Transfers.MOST + " streams are being saved and restored");
            }
            x.send(x.answer().put("deliver_subject", IncomingRestore.DELIVER + name + "." + restore.id()));
            advisories.restoreBegins(name, x.client());
        });
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
