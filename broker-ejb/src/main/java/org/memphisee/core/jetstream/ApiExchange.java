package org.memphisee.core.jetstream;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.api.ApiRegistry;
import org.memphisee.core.api.ApiRequest;
import org.memphisee.core.api.Author;
import org.memphisee.core.api.ClientIdentity;
import org.memphisee.core.api.Reply;
import org.memphisee.core.consumer.PartitionView;
import org.memphisee.core.control.ChangeResult;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.ControlLoop;
import org.memphisee.core.control.NameLock;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.partition.PartitionHandle;
import org.memphisee.core.partition.PartitionOperations;

/** One request and the one answer to it, whatever goes wrong on the way. Handed from thread to thread, never shared. */
final class ApiExchange {

    private static final System.Logger LOG = System.getLogger(ApiExchange.class.getName());
    private static final String TYPE = "io.nats.jetstream.api.v1.";
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final byte[] NONE = {};

    private final ApiRequest request;
    private final String type;
    private final ControlEngine engine;
    private final ApiCounters counters;
    private final ApiAudit audit;
    private final AtomicBoolean answered = new AtomicBoolean();

    /**
     * @param type name of the answer's type without prefix, e.g. {@code stream_info_response}
     */
    ApiExchange(ApiRequest request, String type, ControlEngine engine, ApiCounters counters, ApiAudit audit) {
        this.request = request;
        this.type = type;
        this.engine = engine;
        this.counters = counters;
        this.audit = audit;
        counters.total.increment();
    }

    byte[] payload() {
        return request.payload();
    }

    /** Who asks. */
    Author author() {
        return Author.of(request.client(), Author.Door.JETSTREAM);
    }

    String user() {
        return request.client().user();
    }

    ClientIdentity client() {
        return request.client();
    }

    /** The subject's token at the index, counted from 0; empty when there are fewer. */
    String token(int index) {
        String[] tokens = request.subject().split("\\.", -1);
        return index < tokens.length ? tokens[index] : "";
    }

    /** The subject from the token at the index on; empty when there are fewer. */
    String tokensFrom(int index) {
        int at = 0;
        for (int i = 0; i < index; i++) {
            int dot = request.subject().indexOf('.', at);
            if (dot < 0) {
                return "";
            }
            at = dot + 1;
        }
        return request.subject().substring(at);
    }

    /** An empty answer of the request's type. */
    ObjectNode answer() {
        return StreamJson.node().put("type", TYPE + type);
    }

    void send(ObjectNode answer) {
        if (answered.compareAndSet(false, true)) {
            byte[] bytes = answer.toString().getBytes(StandardCharsets.UTF_8);
            request.reply().send(bytes);
            audit.answered(request, bytes);
        }
    }

    void fail(ApiRefusal refusal) {
        counters.errors.increment();
        ObjectNode answer = answer();
        answer.putObject("error").put("code", refusal.error().code()).put("err_code", refusal.error().errCode())
            .put("description", refusal.description());
        send(answer);
    }

    /** The store did not take a change. */
    void fail(StoreException cause) {
        fail(ApiError.of(cause).refusal());
    }

    private void elsewhere() {
        if (answered.compareAndSet(false, true) && !request.reply().elsewhere()) {
            answered.set(false);
            fail(ApiError.UNAVAILABLE.refusal());
        }
    }

    /** Runs a part of the work; what it throws becomes the answer. */
    void guard(Runnable work) {
        try {
            work.run();
        } catch (ApiRefusal refusal) {
            fail(refusal);
        } catch (ServedElsewhere e) {
            elsewhere();
        } catch (ControlLoop.LoopFullException e) {
            fail(ApiError.UNAVAILABLE.refusal());
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "request to " + request.subject() + " failed", e);
            fail(ApiError.UNAVAILABLE.refusal());
        }
    }

    /**
     * Answers with what the node says that can say it, under the type of this request.
     *
     * @param question subject of the request behind the API's prefix
     * @param completed adds what that node does not know; not for an error
     */
    void answerWith(ApiRegistry api, String question, Consumer<ObjectNode> completed) {
        boolean asked = api.request(new ApiRequest(request.client(), JetStreamApi.API + question, NONE, new Reply() {
            @Override
            public boolean wanted() {
                return true;
            }

            @Override
            public void send(byte[] payload) {
                guard(() -> answered(payload, completed));
            }

            @Override
            public void send(byte[] headerBlock, byte[] payload) {
                send(payload);
            }

            @Override
            public void nobody() {
                fail(ApiError.UNAVAILABLE.refusal());
            }
        }));
        if (!asked) {
            fail(ApiError.UNAVAILABLE.refusal());
        }
    }

    private void answered(byte[] payload, Consumer<ObjectNode> completed) {
        ObjectNode answer;
        try {
            answer = (ObjectNode) MAPPER.readTree(payload);
        } catch (IOException | ClassCastException e) {
            throw ApiError.UNAVAILABLE.refusal();
        }
        answer.put("type", TYPE + type);
        if (!answer.has("error")) {
            completed.accept(answer);
        }
        send(answer);
    }

    /** Goes on on the control loop. */
    void onLoop(Runnable work) {
        engine.submit(() -> guard(work));
    }

    /** Goes on on the control loop once the name is free; the work must release it unless it throws. */
    void underLock(String name, Consumer<NameLock> work) {
        engine.submit(() -> engine.lock(name, lock -> {
            if (lock.refused().isPresent()) { // what is known of the name may be of before
                lock.release();
                fail(lock.refused().get());
            } else {
                lock.keep(this::guard, () -> work.accept(lock));
            }
        }));
    }

    /** Goes on on the control loop under a lock that is held already. */
    void resumeLocked(NameLock lock, Consumer<NameLock> work) {
        engine.resume(() -> lock.keep(this::guard, () -> work.accept(lock)));
    }

    /** Goes on on the partition's shard. */
    void onShard(PartitionHandle handle, Consumer<PartitionOperations> work) {
        handle.run(partition -> guard(() -> {
            decidedHere(handle);
            work.accept(partition);
        }));
    }

    /** Goes on on the partition's shard under a lock that is held already; it is released if the work throws. */
    void onShardLocked(PartitionHandle handle, NameLock lock, Consumer<PartitionOperations> work) {
        handle.run(partition -> lock.keep(this::guard, () -> {
            decidedHere(handle);
            work.accept(partition);
        }));
    }

    /** Goes on with an answer of the partition; refused when that cannot be given. */
    <T> PartitionView.Answer<T> answer(Consumer<T> work) {
        return new PartitionView.Answer<>() {
            @Override
            public void known(T value) {
                guard(() -> work.accept(value));
            }

            @Override
            public void unknown(String why) {
                fail(ApiError.offline(why));
            }
        };
    }

    /** Goes on with an answer of the partition, on the control loop under a lock that is held already. */
    <T> PartitionView.Answer<T> answerLocked(NameLock lock, BiConsumer<NameLock, T> work) {
        return new PartitionView.Answer<>() {
            @Override
            public void known(T value) {
                resumeLocked(lock, t -> work.accept(t, value));
            }

            @Override
            public void unknown(String why) {
                resumeLocked(lock, t -> {
                    throw ApiError.offline(why);
                });
            }
        };
    }

    /**
     * The open partition of a stream; refused when it could not be recovered. Where the request was brought because the stream is
     * decided about here, it may be another one of the same name by now, or be decided about elsewhere: then it goes there.
     */
    PartitionHandle partition(String stream) {
        PartitionHandle handle = engine.registry().byName(stream).orElseThrow(() -> engine.registry().known(stream).isPresent()
            ? new ServedElsewhere() : ApiError.STREAM_NOT_FOUND.refusal());
        decidedHere(handle);
        if (handle.state().offline()) {
            throw ApiError.offline(handle.fault());
        }
        return handle;
    }

    private static void decidedHere(PartitionHandle handle) {
        if (!handle.decidedHere()) {
            throw new ServedElsewhere();
        }
    }

    /** Answers when a change has become effective, and releases the lock. */
    ChangeResult whenEffective(NameLock lock, Consumer<PartitionOperations> onShard, Runnable elsewhere) {
        return ControlEngine.ending(lock, new ChangeResult() {
            @Override
            public void effective() {
                guard(elsewhere);
            }

            @Override
            public void effectiveOn(PartitionOperations partition) {
                guard(() -> onShard.accept(partition));
            }

            @Override
            public void failed(StoreException cause) {
                fail(cause);
            }
        });
    }

    /** Answers when a change has become effective, and releases the lock. */
    ChangeResult whenEffective(NameLock lock, Runnable answer) {
        return whenEffective(lock, partition -> answer.run(), answer);
    }
}
