package org.memphisee.core.client;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

import org.memphisee.core.time.BrokerClock;
import org.memphisee.core.time.Loop;
import org.memphisee.core.time.Parking;
import org.memphisee.core.time.World;
import org.memphisee.port.BrokerPort;
import org.memphisee.port.PublishRequest;
import org.memphisee.port.SessionInfo;
import org.memphisee.port.SessionPort;

/**
 * One loop that owns a session of this process, as an I/O thread owns its connections' sessions: pull requests and
 * acknowledgements of all local consumers go through it, and what is delivered comes back to it. {@link #execute} may be
 * called by any thread, everything else by the loop's own.
 */
final class LocalLoop implements Loop, AutoCloseable {

    private static final System.Logger LOG = System.getLogger(LocalLoop.class.getName());
    private static final byte[] NONE = {};
    private static final byte[] ANSWERS = "a".getBytes(StandardCharsets.US_ASCII);

    private record Timed(long at, long order, Runnable action) implements Comparable<Timed> {
        @Override
        public int compareTo(Timed other) {
            int byTime = Long.compare(at - other.at, 0); // monotonic clock: compare differences
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final BlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();
    private final PriorityQueue<Timed> timers = new PriorityQueue<>();
    private final List<Runnable> due = new ArrayList<>();
    private final Parking parking = new Parking();
    private final BrokerPort port;
    private final World world;
    private final BrokerClock clock;
    private final String prefix;
    private final Map<String, LocalPull> pulls = new HashMap<>();
    private final Map<String, Consumer<Boolean>> answers = new HashMap<>();
    private final LocalSink sink = new LocalSink(this);
    private final LocalTraffic traffic = new LocalTraffic();
    /** Opened in the first turn, because it belongs to the thread that opens it; null before that and in the end. */
    private SessionPort session;
    private World.Running running;
    private long numbers;
    private boolean stopping;

    LocalLoop(BrokerPort port, World world) {
        this.port = port;
        this.world = world;
        this.clock = world.clock();
        this.prefix = "_INBOX.local-" + world.newId() + ".";
    }

    /** Begins to turn. */
    void start() {
        running = world.run("memphisee-local-clients", this);
    }

    // ---- any thread

    /** What the doors of this process moved. */
    LocalTraffic traffic() {
        return traffic;
    }

    /** Monotonic nanoseconds. */
    long nowNanos() {
        return clock.nowNanos();
    }

    /** Runs an action on the loop, after those before it. */
    void execute(Runnable action) {
        inbox.add(action);
        parking.wake();
    }

    @Override
    public boolean ready() {
        return !inbox.isEmpty();
    }

    @Override
    public Parking parking() {
        return parking;
    }

    /** Ends the loop; what waits stays unanswered. */
    @Override
    public void close() {
        execute(() -> stopping = true);
        running.close();
    }

    // ---- the loop's thread

    @Override
    public long turn() {
        due.clear();
        inbox.drainTo(due);
        if (session == null) {
            if (stopping) {
                return WHEN_WOKEN;
            }
            session = port.open(SessionInfo.plain(0, "", 0, SessionInfo.Transport.IN_PROCESS), sink);
            session.subscribe(bytes(prefix + "a.*"), NONE, ANSWERS);
        }
        due.forEach(LocalLoop::guarded);
        long now = clock.nowNanos();
        while (!timers.isEmpty() && timers.peek().at() - now <= 0) {
            guarded(timers.poll().action());
        }
        session.readComplete();
        if (stopping) {
            session.close();
            session = null;
            return WHEN_WOKEN;
        }
        return !inbox.isEmpty() ? AT_ONCE : timers.isEmpty() ? WHEN_WOKEN : timers.peek().at();
    }

    private static void guarded(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "a local client's request failed", e);
        }
    }

    /** Runs an action later. */
    void after(long nanos, Runnable action) {
        timers.add(new Timed(clock.nowNanos() + nanos, numbers++, action));
    }

    /** Sends a pull request; the listener hears how it ends. */
    void pull(LocalPull pull) {
        pull.sid = Long.toString(numbers++);
        byte[] inboxSubject = bytes(prefix + "p." + pull.sid);
        pulls.put(pull.sid, pull);
        session.subscribe(inboxSubject, NONE, bytes(pull.sid));
        publish("$JS.API.CONSUMER.MSG.NEXT." + pull.stream + "." + pull.consumer, inboxSubject, bytes(pull.request()));
        after(pull.expiresNanos + LocalPull.PATIENCE_NANOS, () -> end(pull, LocalPull.End.SILENCE));
    }

    private void end(LocalPull pull, LocalPull.End how) {
        if (pulls.remove(pull.sid, pull)) {
            session.unsubscribe(bytes(pull.sid), 0);
            pull.listener.ended(how);
        }
    }

    /** Sends an acknowledgement without asking for an answer. */
    void acknowledge(String ackSubject, byte[] word) {
        publish(ackSubject, NONE, word);
    }

    /** Sends an acknowledgement; the result is whether it became durable in time. */
    void acknowledge(String ackSubject, byte[] word, long patienceNanos, Consumer<Boolean> result) {
        String number = Long.toString(numbers++);
        answers.put(number, result);
        publish(ackSubject, bytes(prefix + "a." + number), word);
        after(patienceNanos, () -> {
            if (answers.remove(number) != null) {
                result.accept(false);
            }
        });
    }

    private void publish(String subject, byte[] reply, byte[] payload) {
        byte[] s = bytes(subject);
        byte[] all = new byte[s.length + reply.length + payload.length];
        System.arraycopy(s, 0, all, 0, s.length);
        System.arraycopy(reply, 0, all, s.length, reply.length);
        System.arraycopy(payload, 0, all, s.length + reply.length, payload.length);
        session.publish(new PublishRequest(all, 0, s.length, s.length, reply.length, s.length + reply.length, 0,
            payload.length));
    }

    /** What the broker sent. */
    void frame(LocalSink.Frame frame) {
        if (frame.sid().equals("a")) {
            Consumer<Boolean> waiting = answers.remove(frame.subject().substring(frame.subject().lastIndexOf('.') + 1));
            if (waiting != null) {
                waiting.accept(frame.headers().length == 0); // else it is the status that nobody is there
            }
            return;
        }
        LocalPull pull = pulls.get(frame.sid());
        if (pull != null) {
            LocalPull.End end = pull.take(frame);
            if (end != null) {
                end(pull, end);
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
