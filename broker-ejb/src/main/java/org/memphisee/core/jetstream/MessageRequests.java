package org.memphisee.core.jetstream;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

import org.memphisee.core.control.ChangeResult;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.StationLayout;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.partition.PartitionHandle;
import org.memphisee.core.partition.PartitionOperations;
import org.memphisee.core.partition.log.MessageRead;
import org.memphisee.core.subject.Subjects;

/** STREAM.PURGE, MSG.GET and MSG.DELETE (jetstream-api.md 5.5): straight from the I/O thread to the shard. */
final class MessageRequests {

    private final ControlEngine engine;
    private final TierLookup tier;

    MessageRequests(ControlEngine engine, TierLookup tier) {
        this.engine = engine;
        this.tier = tier;
    }


    private static final int PURGE_STREAM_TOKEN = 4;
    private static final int MESSAGE_STREAM_TOKEN = 5;

    /** Which message a request wants. */
    sealed interface Wanted {

        record BySequence(long sequence) implements Wanted { }

        record LastBySubject(String subject) implements Wanted { }

        record NextBySubject(String subject, long from) implements Wanted { }

        /** Whether a request says which message it wants. */
        static boolean said(ApiFields f) {
            return f.says("seq") || f.says("last_by_subj") || f.says("next_by_subj");
        }

        /** Reads the members that GET and DIRECT.GET share; empty when they say nothing or contradict each other. */
        static Optional<Wanted> read(ApiFields f) {
            long sequence = f.unsigned("seq");
            String last = f.text("last_by_subj");
            String next = f.text("next_by_subj");
            if (!last.isEmpty()) {
                return sequence == 0 && next.isEmpty() ? Optional.of(new LastBySubject(last)) : Optional.empty();
            }
            if (!next.isEmpty()) {
                return Optional.of(new NextBySubject(next, Math.max(1, sequence)));
            }
            return sequence > 0 ? Optional.of(new BySequence(sequence)) : Optional.empty();
        }

        /** Reads it on its shard; there is none under a subject that no message can have. */
        static void fetch(Wanted wanted, PartitionOperations partition, Consumer<MessageRead> whenRead) {
            if (wanted instanceof BySequence w) {
                partition.message(w.sequence(), whenRead);
            } else if (wanted instanceof LastBySubject w && Subjects.validPattern(w.subject())) {
                partition.lastMessage(w.subject(), whenRead);
            } else if (wanted instanceof NextBySubject w && Subjects.validPattern(w.subject())) {
                partition.nextMessage(w.from(), w.subject(), whenRead);
            } else {
                whenRead.accept(MessageRead.GONE);
            }
        }
    }

    void purge(ApiExchange x) {
        ApiFields f = ApiFields.parseOptional(x.payload()).onlyKnown(Set.of("filter", "seq", "keep"));
        String filter = f.text("filter");
        long below = f.unsigned("seq");
        long keep = f.unsigned("keep");
        PartitionHandle handle = x.partition(x.token(PURGE_STREAM_TOKEN));
        if (below > 0 && keep > 0 || !filter.isEmpty() && !Subjects.validPattern(filter)) {
            throw ApiError.BAD_REQUEST.refusal();
        }
        x.onShard(handle, partition -> {
            if (partition.config().sealed()) {
                throw ApiError.STREAM_SEALED.refusal();
            }
            if (partition.config().denyPurge()) {
                throw ApiError.PURGE_REFUSED.refusal("stream purge not permitted");
            }
            // what comes while the record is written was not meant, and stays
            long next = partition.state().lastSeq() + 1;
            long bound = keep != 0 ? 0 : below != 0 && Long.compareUnsigned(below, next) < 0 ? below : next;
            noted(x, handle, SystemEvent.ActionTaken.MESSAGES_PURGED, Map.of("filter", filter, "below",
                Long.toString(below), "keep", Long.toString(keep)), p -> p.purge(filter, bound, keep,
                    purged -> x.send(x.answer().put("success", true).put("purged", purged)), frozen(x)));
        });
    }

    void get(ApiExchange x) {
        PartitionHandle handle = x.partition(x.token(MESSAGE_STREAM_TOKEN));
        if (ApiFields.blank(x.payload())) {
            throw ApiError.BAD_REQUEST.refusal();
        }
        ApiFields f = ApiFields.parse(x.payload()).onlyKnown(Set.of("seq", "last_by_subj", "next_by_subj"));
        Wanted wanted = Wanted.read(f).orElseThrow(ApiError.BAD_REQUEST::refusal);
        x.onShard(handle, partition -> tier.fetch(wanted, handle, partition, read -> x.guard(() -> {
            if (!read.problem().isEmpty()) {
                throw ApiError.offline(read.problem());
            }
            x.send(x.answer().set("message",
                StreamJson.message(read.found().orElseThrow(ApiError.NO_MESSAGE_FOUND::refusal))));
        })));
    }

    void delete(ApiExchange x) {
        PartitionHandle handle = x.partition(x.token(MESSAGE_STREAM_TOKEN));
        if (ApiFields.blank(x.payload())) {
            throw ApiError.BAD_REQUEST.refusal();
        }
        long sequence = ApiFields.parse(x.payload()).onlyKnown(Set.of("seq", "no_erase")).unsigned("seq");
        x.onShard(handle, partition -> {
            if (partition.config().sealed()) {
                throw ApiError.STREAM_SEALED.refusal();
            }
            if (partition.config().denyDelete()) {
                throw ApiError.MESSAGE_DELETE_REFUSED.refusal("message delete not permitted");
            }
            noted(x, handle, SystemEvent.ActionTaken.MESSAGE_REMOVED, Map.of("sequence", Long.toString(sequence)),
                p -> p.deleteMessage(sequence, found -> x.guard(() -> {
                    if (!found) {
                        throw ApiError.SEQUENCE_NOT_FOUND.refusal(sequence);
                    }
                    x.send(x.answer().put("success", true));
                }), frozen(x)));
        });
    }

    /**
     * Goes on on the partition's shard when it is durable who removes what. When the disk has no room even for that, the removal
     * comes first, because it makes some.
     */
    private void noted(ApiExchange x, PartitionHandle handle, String action, Map<String, String> details,
                       Consumer<PartitionOperations> removal) {
        Map<String, String> all = new HashMap<>(details);
        all.put("stream", handle.name());
        SystemEvent event = new SystemEvent.ActionTaken("station", StationLayout.externalName(
            StationLayout.stationPart(handle.name())), action, all);
        engine.resume(() -> engine.change(x.author(), event, new ChangeResult() {
            @Override
            public void effective() {
                x.onShard(handle, removal);
            }

            @Override
            public void failed(StoreException cause) {
                if (cause.full()) {
                    x.onShard(handle, removal);
                    engine.change(x.author(), event, ChangeResult.IGNORED);
                } else {
                    x.fail(cause);
                }
            }
        }));
    }

    private static Consumer<String> frozen(ApiExchange x) {
        return text -> x.fail(ApiError.STORE_LIMIT_REACHED.refusal(text));
    }
}
