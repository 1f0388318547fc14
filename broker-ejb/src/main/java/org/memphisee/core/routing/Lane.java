package org.memphisee.core.routing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import org.memphisee.core.append.Shard;
import org.memphisee.core.append.ShardCommand;
import org.memphisee.core.wire.PubAckWriter;

/**
 * What one thread has gathered in its current turn: frames for clients and commands for shards. Everything leaves with
 * {@link #flush()}, so each client gets one hand-off and each shard one batch per turn (D6). One thread only.
 */
public final class Lane {

    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static final ThreadLocal<Lane> CURRENT = ThreadLocal.withInitial(Lane::new);

    private final int number = NUMBERS.getAndIncrement();
    private final List<ClientSession> touched = new ArrayList<>();
    private final List<Shard> shards = new ArrayList<>();
    private final RouteCache routes = new RouteCache(2048);
    private final RouteCache inboxes = new RouteCache(1024);
    private final PubAckWriter acks = new PubAckWriter();
    /** Messages that somebody has to look at first; null in threads that never had one. */
    private Map<CheckedPartition, CheckedPartition.Batch> unchecked;
    private ShardCommand.Batch[] gathered = new ShardCommand.Batch[0];
    private boolean looping;

    private Lane() { }

    /** The calling thread's lane. */
    public static Lane current() {
        return CURRENT.get();
    }

    /** The calling thread is a loop that flushes its lane at the end of each turn. */
    public static Lane ofLoop() {
        Lane lane = CURRENT.get();
        lane.looping = true;
        return lane;
    }

    /** The calling thread runs loops no more: what it gathers it hands over itself. */
    static void ofNoLoop() {
        CURRENT.get().looping = false;
    }

    /** Whether somebody flushes at the end of the turn; if not, whoever gathers must. */
    boolean looping() {
        return looping;
    }

    int number() {
        return number;
    }

    RouteCache routes() {
        return routes;
    }

    /** Writes answers to publishes. */
    PubAckWriter acks() {
        return acks;
    }

    /** Routes of inboxes by everything before the last token. */
    RouteCache inboxes() {
        return inboxes;
    }

    /** The session has frames for its client in this lane. */
    void touched(ClientSession session) {
        touched.add(session);
    }

    /** Gathers a command for a shard; {@code bytes} is what it keeps of the client's data. */
    void command(Shard shard, ShardCommand command, int bytes) {
        int n = shard.number();
        if (n >= gathered.length) {
            gathered = Arrays.copyOf(gathered, n + 1);
        }
        ShardCommand.Batch batch = gathered[n];
        if (batch == null) {
            batch = new ShardCommand.Batch();
            gathered[n] = batch;
            shards.add(shard);
        }
        batch.add(command, bytes);
    }

    /** Hands over the commands; where a shard is over its budget the reader of the data is paused. */
    void flushCommands(ShardCommand.Reader reader) {
        for (int i = 0; i < shards.size(); i++) {
            Shard shard = shards.get(i);
            ShardCommand.Batch batch = gathered[shard.number()];
            gathered[shard.number()] = null;
            shard.submit(batch, reader);
        }
        shards.clear();
        if (unchecked != null && !unchecked.isEmpty()) {
            // after the shards: what was published before there was a schema comes first
            unchecked.forEach((partition, batch) -> partition.submit(batch, reader));
            unchecked.clear();
        }
    }

    /** Gathers messages that somebody has to look at first. */
    CheckedPartition.Batch unchecked(CheckedPartition partition) {
        if (unchecked == null) {
            unchecked = new IdentityHashMap<>();
        }
        return unchecked.computeIfAbsent(partition, p -> new CheckedPartition.Batch());
    }

    /** Hands over everything gathered. */
    public void flush() {
        flushCommands(ShardCommand.Reader.NONE);
        flushFrames();
    }

    void flushFrames() {
        for (int i = 0; i < touched.size(); i++) {
            touched.get(i).send(this);
        }
        touched.clear();
    }
}
