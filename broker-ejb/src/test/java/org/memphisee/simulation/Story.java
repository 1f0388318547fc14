package org.memphisee.simulation;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.memphisee.contract.WatchedStore;
import org.memphisee.core.Broker;
import org.memphisee.core.BrokerEvents;
import org.memphisee.core.BrokerOptions;
import org.memphisee.core.control.ControlSettings;
import org.memphisee.core.log.StoreException;
import org.memphisee.simulation.SimulatedClient.Heard;
import org.memphisee.store.memory.MemoryLogStore;

/** What a seed plays with: a broker on a disk, its clients, and what they know. */
final class Story implements SimulatedClient.Watch, BrokerEvents {

    static final long MILLI = 1_000_000L;
    private static final String PASSWORD = "secret-1";
    private static final int CLIENTS = 3;
    /** Everything that happens is printed. */
    private static final boolean PRINT = Boolean.getBoolean("memphisee.print");
    /** So much of what happened last is told when something is wrong. */
    private static final int TRAIL = Integer.getInteger("memphisee.trail", 400);
    private static final ObjectMapper JSON = new ObjectMapper();

    final Random random;
    final SeededWorld world;
    /** Streams that are there or may be, by name. */
    final Map<String, StreamModel> streams = new TreeMap<>();
    final List<SimulatedClient> clients = new ArrayList<>();
    /** Requests of servers for a sign of life of whoever gets pushed to. */
    final Deque<String> flowControl = new ArrayDeque<>();
    /** Payloads whose publishers may wait for an answer in vain. */
    final Set<String> unanswered = new HashSet<>();
    MemoryLogStore store;
    Broker broker;
    /** Have what the broker has. */
    Followers followers;
    /** A write failed: nothing is written any more until a restart. */
    boolean failed;
    /** The turn in which the answer to a removal came. */
    long lastRemoval;
    /** There is no room, or there was none a moment ago. */
    boolean full;
    private final BrokerOptions options;
    private final List<String> wrong = new ArrayList<>();
    private final Deque<String> trail = new ArrayDeque<>();
    private final int freeNeeded = 1_000;
    private long order;
    private long digest = 1_125_899_906_842_597L;
    private int crashes;

    Story(long seed) {
        random = new Random(seed * 0x9E3779B97F4A7C15L);
        world = new SeededWorld(seed);
        store = new MemoryLogStore(random.nextInt(4) == 0 ? MemoryLogStore.Disk.KEEPS : MemoryLogStore.Disk.FORGETS);
        ControlSettings control = ControlSettings.of(PASSWORD, ControlSettings.AuthMode.USER_PASSWORD, "", "simulated")
            .withPasswordIterations(1).withSnapshots(3 + random.nextInt(30), random.nextInt(5));
        options = new BrokerOptions("simulated", 1 << 16, 1 + random.nextInt(3), 1 << 20,
            random.nextBoolean() ? 3_000 : 1 << 20, 4 << 20, 100 * MILLI, 100 * MILLI, freeNeeded, 0, 1 << 20, false, control);
    }

    // ---- life

    /** Starts the broker on what the disk holds, and lets the clients in. */
    void open() throws StoreException {
        followers = new Followers(store.mended(), world.clock().nowNanos());
        broker = Broker.open(options, WatchedStore.of(store, followers::written), world, this);
        clients.clear();
        for (int i = 1; i <= CLIENTS; i++) {
            clients.add(new SimulatedClient(broker, i, PASSWORD, this));
        }
        world.settle();
    }

    /** The power goes, and comes back. */
    void crash() throws StoreException {
        do {
            happened("crash " + ++crashes);
            world.end();
            store.crash();
            store = store.reopen();
            failed = false;
            flowControl.clear();
            world.jump(random.nextInt(2_000) * MILLI);
            streams.values().forEach(s -> s.consumers.values().forEach(c -> c.nextOrdered = 0));
            open();
        } while (store.powerCut());
    }

    /** An operator stops it and starts it again. */
    void restart() throws StoreException {
        happened("restart");
        broker.stopping();
        broker.close();
        if (store.powerCut() || failed) {
            crash();
            return;
        }
        store.close();
        world.end();
        store = store.reopen();
        streams.values().forEach(s -> s.consumers.values().forEach(c -> c.nextOrdered = 0));
        open();
    }

    /** Time goes by. Whether the power is still there. */
    boolean pass(long nanos) {
        world.pass(nanos);
        return !store.powerCut();
    }

    long wall() {
        return world.clock().wallNanos();
    }

    /** A number for the next thing that is sent. */
    long next() {
        return ++order;
    }

    long now() {
        return order;
    }

    SimulatedClient someone() {
        return clients.get(random.nextInt(clients.size()));
    }

    <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    // ---- asking

    /** Sends a request of the API; the answer as JSON, an empty object when nobody serves it. */
    void ask(SimulatedClient client, String subject, String body, Consumer<JsonNode> answer) {
        happened(client.name() + " asks " + subject + " " + body);
        client.ask(subject, "", body, heard -> answer.accept(heard.status() ? JSON.createObjectNode().put("error", "nobody")
            : json(heard.payload())));
        client.handOver();
    }

    JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            wrong("not JSON: " + text);
            return JSON.createObjectNode().put("error", "not JSON");
        }
    }

    // ---- being told

    @Override
    public boolean hearing() {
        return !store.powerCut();
    }

    @Override
    public void wrong(String what) {
        if (!what.isEmpty() && hearing()) {
            happened("WRONG " + what);
            wrong.add(what);
        }
    }

    @Override
    public void record(String client, String what) {
        happened(client + " hears " + what);
    }

    /** Something that is the same each time that this seed is played. */
    void happened(String what) {
        String line = (world.clock().nowNanos() / 1_000 % 1_000_000_000L) + " " + what;
        for (int i = 0; i < line.length(); i++) {
            digest = digest * 1_099_511_628_211L ^ line.charAt(i);
        }
        if (PRINT) {
            System.out.println(line);
        }
        trail.add(line);
        if (trail.size() > TRAIL) {
            trail.remove();
        }
    }

    @Override
    public void came(SimulatedClient client, Heard heard) {
        if (heard.reply().startsWith("$JS.FC.")) {
            flowControl.add(heard.reply());
        } else if (heard.reply().startsWith("$JS.ACK.")) {
            String[] token = heard.reply().split("\\.");
            StreamModel stream = streams.get(token[2]);
            ConsumerModel consumer = stream == null ? null : stream.consumers.get(token[3]);
            if (consumer == null) {
                // one client may hear that it is gone before another gets what was sent before
                wrong(lastRemoval == world.turns() ? "" : "delivered by nobody: " + heard);
            } else {
                delivered(consumer, heard, Integer.parseInt(token[4]), Long.parseLong(token[5]), Long.parseLong(token[6]));
            }
        }
    }

    private void delivered(ConsumerModel c, Heard heard, int count, long sequence, long number) {
        StreamModel s = c.stream;
        wrong(s.seen(payload(heard.payload()), heard.subject(), sequence));
        Publication p = s.bySequence.get(sequence);
        if (p == null) {
            return;
        }
        p.promised = true;
        if (!c.isFor(p)) {
            wrong(c + " delivers what it is not for: " + p);
        }
        if (p.mustBeGone) {
            wrong(c + " delivers what was removed: " + p);
        }
        if (c.isDone(sequence)) {
            wrong(c + " delivers after the answer to its acknowledgement: " + p);
        }
        if (c.group && s.letter(c.name, sequence)) {
            wrong(c + " delivers what is a dead letter: " + p);
        }
        if (c.maxDeliver > 0 && count > c.maxDeliver) {
            wrong(c + " delivers too often: " + p + ", " + count);
        }
        if (c.kind == ConsumerModel.Kind.ORDERED && number != ++c.nextOrdered) {
            wrong(c + " leaves out " + c.nextOrdered + ": " + heard);
        }
        c.came.add(sequence);
        c.cameLately.add(sequence);
        if (c.acks != ConsumerModel.Acks.NONE) {
            c.waiting.add(new ConsumerModel.Delivery(heard.reply(), sequence));
        }
    }

    /** Without what only makes it longer. */
    static String payload(String text) {
        int end = text.indexOf(' ');
        return end < 0 ? text : text.substring(0, end);
    }

    @Override
    public void storageFull(boolean now) {
        happened("full " + now);
    }

    @Override
    public void partitionFrozen(String stream, StoreException cause) {
        happened(stream + " frozen: " + cause.getMessage());
        StreamModel s = streams.get(stream);
        if (!failed && (s == null || !s.damaged)) {
            wrong(stream + " is frozen for nothing: " + cause);
        }
    }

    @Override
    public void unexpected(String where, Throwable cause) {
        java.io.StringWriter text = new java.io.StringWriter();
        cause.printStackTrace(new java.io.PrintWriter(text));
        wrong("unexpected in " + where + ": " + text);
    }

    /** Fails with everything that was wrong so far. */
    void check() {
        if (!wrong.isEmpty()) {
            throw new AssertionError(String.join("\n", wrong) + "\n--- the last that happened\n" + String.join("\n", trail));
        }
    }

    /** Of everything that happened so far. */
    long digest() {
        return digest;
    }
}
