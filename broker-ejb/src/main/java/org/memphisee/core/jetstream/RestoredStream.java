package org.memphisee.core.jetstream;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.access.Permissions;
import org.memphisee.core.api.Author;
import org.memphisee.core.api.ClientIdentity;
import org.memphisee.core.api.Reply;
import org.memphisee.core.archive.ArchiveEntry;
import org.memphisee.core.archive.ArchiveException;
import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.control.ChangeResult;
import org.memphisee.core.control.ConsumerDefinition;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.ControlLoop;
import org.memphisee.core.control.NameLock;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.jetstream.transfer.IncomingRestore;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.partition.PartitionHandle;
import org.memphisee.core.partition.PartitionImport;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.core.subject.Subjects;

/**
 * What becomes of an archive's entries: first the figures, then the consumers, then the messages, checked as they come and
 * stored under a number that nobody knows, in the end one event that makes all of it a stream. On the transfers' worker, and
 * on the control loop once everything is there.
 */
final class RestoredStream implements IncomingRestore.Destination {

    private static final String CREATED = "io.nats.jetstream.api.v1.stream_create_response";
    private static final String CONSUMERS = "consumers/";
    private static final byte[] BLOCK = "NATS/1.0".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_HEADER = 64 << 10;

    private final ControlEngine engine;
    private final StreamConfig config;
    private final Renaming renaming;
    private final Permissions permissions;
    private final ClientIdentity client;
    private final Author by;
    private final PartitionImport to;
    private final TransferAdvisories advisories;
    private final long began;
    private final Runnable ended;
    private final Optional<Belonging> belonging;
    private final List<SnapshotJson.ArchivedConsumer> consumers = new ArrayList<>();
    private SnapshotJson.Numbers numbers;
    /** Of the archive, whether they come along or not. */
    private int consumersSeen;
    private long first;
    private long last;
    private long lastTime;
    private long stored;

    /** Takes the stream when all of it is durable and it is a partition of a station. Control loop. */
    interface Belonging {
        void complete(RestoredStream stream, long partitionId, List<SystemEvent.ConsumerDefined> consumers,
                      ImportedStations.Outcome outcome);
    }

    /** {@code ended} is told when it has become a stream, or nothing comes of it; any thread. */
    RestoredStream(ControlEngine engine, StreamConfig config, Renaming renaming, Permissions permissions,
                   ClientIdentity client, Author by, PartitionImport to, TransferAdvisories advisories, Optional<Belonging> belonging,
                   Runnable ended) {
        this.engine = engine;
        this.config = config;
        this.renaming = renaming;
        this.permissions = permissions;
        this.client = client;
        this.by = by;
        this.to = to;
        this.advisories = advisories;
        this.belonging = belonging;
        this.ended = ended;
        this.began = engine.clock().wallNanos();
    }

    /** Refuses a stream that cannot come to be now. Control loop. */
    static void check(ControlEngine engine, StreamConfig config) {
        if (engine.definitions().stream(config.name()).isPresent()) {
            throw ApiError.STREAM_NAME_IN_USE_FOR_RESTORE.refusal();
        }
        if (!engine.claims().roomForStreams(1)) {
            throw ApiError.MAXIMUM_STREAMS.refusal();
        }
        if (engine.claims().subjectsTaken(config.subjects(), 0)) {
            throw ApiError.SUBJECTS_OVERLAP.refusal();
        }
    }

    /** Another archive goes on behind the last message; its figures and consumers count. On the worker. */
    void again() {
        numbers = null;
        consumersSeen = 0;
        consumers.clear();
    }

    /** Whether it is what a request like this one makes. */
    boolean made(StreamConfig wanted, Renaming how) {
        return config.equals(wanted) && renaming.equals(how);
    }

    /** Sequence of the last message taken, 0 for none. On the worker. */
    long lastTaken() {
        return last;
    }

    /** Messages taken. On the worker. */
    long taken() {
        return stored;
    }

    /** Told on any thread when less waits for the disk. */
    void whenWritten(Runnable told) {
        to.whenWritten(told);
    }

    @Override
    public long unwritten() {
        return to.unwritten();
    }

    @Override
    public String problem() {
        return to.failure().map(StoreException::getMessage).orElse("");
    }

    // ---- entries

    @Override
    public void entry(ArchiveEntry entry) throws ArchiveException {
        if (numbers == null) {
            if (!entry.name().equals("state.json")) {
                throw new ArchiveException("expected state.json first");
            }
            numbers = SnapshotJson.numbers(entry.body());
        } else if (consumersSeen < numbers.consumers()) {
            if (!entry.name().startsWith(CONSUMERS)) {
                throw new ArchiveException("expected consumer, found \"" + entry.name() + "\"");
            }
            consumersSeen++;
            if (!renaming.withoutConsumers()) {
                consumer(SnapshotJson.consumer(entry.name().substring(CONSUMERS.length()), entry.body()));
            }
        } else if (!entry.end()) {
            message(entry);
        }
    }

    private void consumer(SnapshotJson.ArchivedConsumer archived) throws ArchiveException {
        String name = archived.config().name();
        if (renaming.given() && archived.config().push()) {
            throw new ArchiveException("consumer \"" + name + "\" delivers to " + archived.config().deliverSubject()
                + ", as the one may that was saved: restore the stream without consumers and make it anew");
        }
        try {
            ConsumerConfig complete = ConsumerRules.complete(renaming.of(archived.config()), config);
            ConsumerChanges.checkRights(permissions, client.user(), complete.deliverSubject());
            ConsumerChanges.checkWorkqueue(config, complete, consumers.stream()
                .map(c -> new ConsumerDefinition(to.id(), 0, c.config(), 0, 0, true)).toList());
            if (consumers.stream().anyMatch(c -> c.config().name().equals(name))) {
                throw ApiError.CONSUMER_EXISTS.refusal();
            }
            consumers.add(new SnapshotJson.ArchivedConsumer(complete, archived.state(), archived.floor()));
        } catch (ApiRefusal e) {
            throw new ArchiveException("failed to add consumer \"" + name + "\": " + e.description());
        }
    }

    private void message(ArchiveEntry m) throws ArchiveException {
        long sequence = m.sequence();
        if (sequence == 0) {
            throw new ArchiveException("expected message sequence");
        }
        if (sequence <= last || sequence < numbers.first() || sequence > SnapshotJson.MAX_SEQUENCE) {
            throw new ArchiveException("message sequence " + sequence + " out of order");
        }
        if (config.maxMsgSize() >= 0 && m.body().length > config.maxMsgSize()) {
            throw new ArchiveException("message sequence " + sequence + " exceeds maximum message size");
        }
        String subject = renaming.of(m.name());
        if (!Subjects.validLiteral(subject) || permissions.restricted()
            && config.subjects().stream().noneMatch(pattern -> Subjects.matches(pattern, subject))) {
            throw new ArchiveException("message sequence " + sequence + " has an invalid subject");
        }
        if (!headers(m.body(), m.headerLength())) {
            throw new ArchiveException("message sequence " + sequence + " has invalid headers");
        }
        first = first == 0 ? sequence : first;
        last = sequence;
        lastTime = Math.max(lastTime, m.timeNanos());
        stored++;
        to.add(subject, sequence, m.timeNanos(), m.headerLength(), m.body());
    }

    /** Whether the block is none, or one that clients can read. */
    private static boolean headers(byte[] body, int length) {
        if (length == 0) {
            return true;
        }
        boolean whole = length >= BLOCK.length + 4 && length <= MAX_HEADER && body[length - 1] == '\n' && body[length - 2] == '\r'
            && body[length - 3] == '\n' && body[length - 4] == '\r';
        for (int i = 0; whole && i < BLOCK.length; i++) {
            whole = body[i] == BLOCK[i];
        }
        return whole;
    }

    // ---- the end

    @Override
    public void finish(long bytes, Reply reply) {
        if (numbers == null || consumersSeen < numbers.consumers()) {
            refuse(bytes, "EOF", reply);
            return;
        }
        engine.resume(() -> {
            long ids = engine.allocateIds(Math.max(1, consumers.size()));
            List<SystemEvent.ConsumerDefined> defined = new ArrayList<>();
            Map<Long, byte[]> cursors = new HashMap<>();
            long now = engine.clock().wallNanos();
            for (int i = 0; i < consumers.size(); i++) {
                SnapshotJson.ArchivedConsumer c = consumers.get(i);
                cursors.put(ids + i, c.state());
                defined.add(new SystemEvent.ConsumerDefined(to.id(), ids + i, c.config(), now, c.floor() + 1));
            }
            long end = Math.max(last, Math.max(numbers.last(), numbers.first() - 1));
            to.finish(stored == 0 ? end + 1 : first, end, Math.max(lastTime, numbers.lastTimeNanos()), cursors,
                failure -> engine.resume(() -> stored(bytes, reply, defined, now, failure)));
        });
    }

    private void stored(long bytes, Reply reply, List<SystemEvent.ConsumerDefined> defined, long now,
                        Optional<StoreException> failure) {
        to.whenWritten(() -> { });
        if (failure.isPresent()) {
            refuse(bytes, ApiError.of(failure.get()).description(""), reply);
            return;
        }
        if (belonging.isPresent()) {
            belonging.get().complete(this, to.id(), defined, new ImportedStations.Outcome() {
                @Override
                public void complete(List<Integer> missing) {
                    ended.run();
                    ObjectNode n = StreamJson.node().put("type", CREATED);
                    missing.forEach(n.putObject("memphisee_import").putArray("missing")::add);
                    answer(reply, n);
                }

                @Override
                public void refused(ApiRefusal why) {
                    answer(reply, error(why));
                }
            });
            return;
        }
        engine.lock(config.name(), lock -> lock.keep(work -> guard(work, bytes, reply), () -> {
            check(engine, config); // somebody may have been faster
            engine.change(by, new SystemEvent.StreamRestored(new SystemEvent.StreamCreated(to.id(), config, now, client.user(),
                engine.placeHere()), defined), ending(lock, bytes, reply));
        }));
    }

    private void guard(Runnable work, long bytes, Reply reply) {
        try {
            work.run();
        } catch (ApiRefusal e) {
            refuse(bytes, e, reply);
        } catch (ControlLoop.LoopFullException e) {
            refuse(bytes, ApiError.UNAVAILABLE.refusal(), reply);
        }
    }

    private ChangeResult ending(NameLock lock, long bytes, Reply reply) {
        return ControlEngine.ending(lock, new ChangeResult() {
            @Override
            public void effective() {
                ended.run();
                advisories.restoreEnds(config.name(), began, bytes, client);
                PartitionHandle handle = engine.registry().byName(config.name()).orElse(null);
                if (handle == null) { // deleted at once
                    answer(reply, error(ApiError.STREAM_NOT_FOUND.refusal()));
                } else {
                    answer(reply, StreamJson.info(StreamJson.node().put("type", CREATED), handle.config(),
                        handle.createdNanos(), handle.state(), engine.clock().wallNanos()));
                }
            }

            @Override
            public void failed(StoreException cause) {
                refuse(bytes, ApiError.of(cause).description(""), reply);
            }
        });
    }

    @Override
    public void refuse(long bytes, String why, Reply reply) {
        refuse(bytes, ApiError.RESTORE_FAILED.refusal(why), reply);
    }

    private void refuse(long bytes, ApiRefusal why, Reply reply) {
        abandon(bytes);
        answer(reply, error(why));
    }

    @Override
    public void abandon(long bytes) {
        ended.run();
        to.drop();
        advisories.restoreEnds(config.name(), began, bytes, client);
    }

    private static ObjectNode error(ApiRefusal why) {
        ObjectNode n = StreamJson.node().put("type", CREATED);
        n.putObject("error").put("code", why.error().code()).put("err_code", why.error().errCode())
            .put("description", why.description());
        return n;
    }

    private static void answer(Reply reply, ObjectNode n) {
        reply.send(n.toString().getBytes(StandardCharsets.UTF_8));
    }
}
