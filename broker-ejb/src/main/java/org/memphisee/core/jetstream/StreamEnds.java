package org.memphisee.core.jetstream;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.memphisee.core.api.ApiRequest;
import org.memphisee.core.api.ClientIdentity;
import org.memphisee.core.api.Reply;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.StreamDefinition;
import org.memphisee.core.jetstream.StreamInfos;
import org.memphisee.core.partition.PartitionHandle;

/** Where streams end, also those that other nodes decide about. Control loop, and answered there. */
public final class StreamEnds {

    private static final byte[] NONE = {};

    private final ControlEngine engine;

    /** Of the streams that the engine knows. */
    public StreamEnds(ControlEngine engine) {
        this.engine = engine;
    }

    /** Whether all of these are decided here, so that nobody has to be asked. */
    public boolean here(List<StreamDefinition> streams) {
        return streams.stream().allMatch(stream -> engine.view().here(stream.partitionId()));
    }

    /**
     * The last sequence of each stream, 0 for one that never had a message.
     *
     * @param answer gets them by name; empty when the node that decides about one of them does not say
     */
    public void of(List<StreamDefinition> streams, Consumer<Optional<Map<String, Long>>> answer) {
        Map<String, Long> known = new HashMap<>();
        AtomicInteger open = new AtomicInteger(streams.size());
        for (StreamDefinition stream : streams) {
            of(stream, last -> engine.resume(() -> {
                last.ifPresent(sequence -> known.put(stream.name(), sequence));
                if (open.decrementAndGet() == 0) {
                    answer.accept(known.size() == streams.size() ? Optional.of(known) : Optional.empty());
                }
            }));
        }
    }

    /** The last sequence of a stream that is decided here. */
    public long here(String stream) {
        return engine.registry().byName(stream).map(PartitionHandle::state).map(state -> state.lastSeq()).orElse(0L);
    }

    private void of(StreamDefinition stream, Consumer<OptionalLong> answer) {
        if (engine.view().here(stream.partitionId())) {
            answer.accept(OptionalLong.of(here(stream.name())));
            return;
        }
        ClientIdentity broker = new ClientIdentity("root", "", "", engine.settings().tenant(), "");
        boolean asked = engine.api().request(new ApiRequest(broker, "$JS.API.STREAM.INFO." + stream.name(), NONE, new Reply() {
            @Override
            public boolean wanted() {
                return true;
            }

            @Override
            public void send(byte[] payload) {
                answer.accept(StreamInfos.lastSequence(payload));
            }

            @Override
            public void send(byte[] headerBlock, byte[] payload) {
                send(payload);
            }

            @Override
            public void nobody() {
                answer.accept(OptionalLong.empty());
            }
        }));
        if (!asked) {
            answer.accept(OptionalLong.empty());
        }
    }
}
