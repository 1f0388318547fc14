package org.memphisee.core.routing;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;

import org.memphisee.core.access.Permissions;
import org.memphisee.core.api.ClientIdentity;
import org.memphisee.core.append.Shard;
import org.memphisee.core.cluster.DefinitionsReach;
import org.memphisee.core.cluster.Leaders;
import org.memphisee.core.partition.publish.PublishOrigin;
import org.memphisee.core.partition.publish.PublishOutcome;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.core.time.BrokerClock;
import org.memphisee.port.AuthOutcome;
import org.memphisee.port.ConnectOptions;
import org.memphisee.port.PublishRequest;
import org.memphisee.port.SessionInfo;
import org.memphisee.port.SessionPort;

/** Three nodes with their routes, links and clients, in one thread; time and the network move when a test says so. */
abstract class RoutesFixture {

    static final long MILLIS = 1_000_000;

    final Map<String, Node> nodes = new TreeMap<>();
    final List<String> reported = new ArrayList<>();
    RoutesSettings settings = RoutesSettings.DEFAULT;
    /** Of what clients send to the loop of a node. */
    long budget = 64 << 20;
    LoopLinks links;
    private long now = 1_000 * MILLIS;
    private int shards;

    final void start(long seed) {
        links = new LoopLinks(seed, "a", "b", "c");
        for (String name : List.of("a", "b", "c")) {
            nodes.put(name, new Node(name, seed));
        }
    }

    final void linkAll() {
        links.link("a", "b");
        links.link("a", "c");
        links.link("b", "c");
        settle();
    }

    /** Until nothing moves any more; time stands still. */
    final void run() {
        while (turn() | links.step()) {
            continue;
        }
    }

    /** Until nothing moves any more, at most 5 ms of time. */
    final void settle() {
        for (int i = 0; i < 5; i++) {
            while (turn() | links.step()) {
                continue;
            }
            pass(1);
        }
    }

    /** Something moves, or not. */
    final boolean turn() {
        boolean moved = false;
        for (Node node : nodes.values()) {
            if (node.shard.ready()) {
                node.shard.turn();
                moved = true;
            }
        }
        return moved;
    }

    final void pass(long millis) {
        for (long i = 0; i < millis; i++) {
            now += MILLIS;
            nodes.values().forEach(node -> node.shard.turn());
        }
    }

    final long now() {
        return now;
    }

    static byte[] bytes(String s) {
        return s.getBytes(StandardCharsets.UTF_8);
    }

    static StreamConfig stream(String name, int replicas) {
        return org.memphisee.core.partition.TestStreams.stream(name, List.of(name + ".>"), replicas);
    }

    /** All nodes know of a stream that nobody serves yet. */
    final void define(long id, String name) {
        define(id, name, 3);
    }

    final void define(long id, String name, int replicas) {
        nodes.keySet().forEach(node -> define(node, id, name, replicas));
    }

    /** One node knows of it. */
    final void define(String node, long id, String name) {
        define(node, id, name, 3);
    }

    private void define(String node, long id, String name, int replicas) {
        nodes.get(node).router.partitions().openElsewhere(id, stream(name, replicas));
        nodes.get(node).leaders.inGroup(id, id);
    }

    /** One node knows that it was removed. */
    final void undefine(String node, long id) {
        nodes.get(node).router.partitions().closeElsewhere(id);
        nodes.get(node).leaders.removed(id);
    }

    /** A node serves a partition from now on; it knows so itself. */
    final Served serve(String node, long id) {
        Served served = new Served(node);
        nodes.get(node).router.partitions().placed(id).here(served);
        return served;
    }

    final void cease(String node, long id) {
        nodes.get(node).router.partitions().placed(id).here(null);
    }

    /** All nodes hear who leads. */
    final void leads(long id, String leader) {
        nodes.values().forEach(node -> node.leaders.leads(id, leader));
        leased(id, leader, Long.MAX_VALUE);
    }

    /** Until when a node that leads knows that nobody else does. */
    final void leased(long id, String leader, long until) {
        nodes.values().forEach(node -> node.leaders.leased(id, Long.MIN_VALUE, node.name.equals(leader) ? until : Long.MIN_VALUE));
    }

    /** A partition that keeps what it gets, and answers when it is told to. */
    static final class Served implements PartitionRef {
        final String node;
        final List<String> got = new ArrayList<>();
        final List<String> pulls = new ArrayList<>();
        final List<Runnable> waiting = new ArrayList<>();
        boolean acknowledges = true;
        PublishOutcome answer;
        boolean unknown;

        private Served(String node) {
            this.node = node;
        }

        @Override
        public boolean acknowledges() {
            return acknowledges;
        }

        @Override
        public void publish(Lane lane, PublishRequest r, PublishOrigin origin, int bytes) {
            got.add(ClientSession.text(r.bytes(), r.subjectOffset(), r.subjectLength()) + " "
                + ClientSession.text(r.bytes(), r.bodyOffset(), r.bodyLength()) + (origin == PublishOrigin.NOBODY ? " nobody" : ""));
            int sequence = got.size();
            waiting.add(() -> origin.ended(r, answer != null ? answer : new PublishOutcome.Stored("S", sequence, false)));
        }

        /** Answers all that wait. */
        void answer() {
            waiting.forEach(Runnable::run);
            waiting.clear();
            Lane.current().flush();
        }

        @Override
        public void refuse(Lane lane, PublishRequest r, PublishOrigin origin, PublishOutcome.Refused refused, int bytes) {
            throw new AssertionError("not looked at here");
        }

        @Override
        public void failed(Lane lane, PublishRequest r, String problem) {
            throw new AssertionError("not looked at here");
        }

        @Override
        public void acknowledge(Lane lane, PublishRequest r, String reply, int bytes, Runnable isUnknown) {
            got.add("ack " + ClientSession.text(r.bytes(), r.subjectOffset(), r.subjectLength()) + " "
                + ClientSession.text(r.bytes(), r.bodyOffset() + r.headerLength(), r.payloadLength()) + " " + reply);
            if (unknown) {
                isUnknown.run();
            }
        }

        @Override
        public void pull(Lane lane, PublishRequest r, int consumerOffset, int consumerLength, String inbox, int bytes,
                         Runnable isUnknown) {
            got.add("pull " + ClientSession.text(r.bytes(), consumerOffset, consumerLength) + " "
                + ClientSession.text(r.bytes(), r.bodyOffset() + r.headerLength(), r.payloadLength()));
            pulls.add(inbox);
            if (unknown) {
                isUnknown.run();
            }
        }

        @Override
        public void flowControl(Lane lane, String consumer, String subject, int bytes) {
            got.add("flow " + consumer + " " + subject);
        }
    }

    /** A client of a node. */
    static final class Client {
        final RecordingSink sink = new RecordingSink();
        final SessionPort session;

        private Client(Sessions sessions, boolean echo) {
            session = sessions.open(SessionInfo.plain(1, "127.0.0.1", 1, SessionInfo.Transport.TCP), sink);
            session.authenticate(new ConnectOptions(false, false, echo, true, true, 1, "root", "x", "", "", "", "", false),
                outcome -> assertInstanceOf(AuthOutcome.Accepted.class, outcome));
        }

        Client subscribe(String subject, String queue) {
            session.subscribe(bytes(subject), bytes(queue), bytes(subject + queue));
            return this;
        }

        void unsubscribe(String subject, String queue) {
            session.unsubscribe(bytes(subject + queue), 0);
        }

        void publish(String subject, String reply, String payload) {
            publish(subject, reply, "", payload);
        }

        void publish(String subject, String reply, String header, String payload) {
            byte[] all = bytes(subject + reply + header + payload);
            int s = bytes(subject).length;
            int r = bytes(reply).length;
            int h = bytes(header).length;
            session.publish(new PublishRequest(all, 0, s, s, r, s + r, h, all.length - s - r - h));
            session.readComplete();
        }

        List<String> frames() {
            List<String> all = List.copyOf(sink.frames);
            sink.frames.clear();
            return all;
        }
    }

    /** How far definitions are in effect at a node, as a test says. */
    static final class Reach implements DefinitionsReach {
        private final Map<Runnable, Long> waiting = new LinkedHashMap<>();
        private long now;

        @Override
        public long begun() {
            return now;
        }

        @Override
        public void whenReached(long event, Runnable then) {
            waiting.put(then, event);
            is(now);
        }

        void is(long event) {
            now = event;
            List<Runnable> over = waiting.entrySet().stream().filter(e -> e.getValue() <= now).map(Map.Entry::getKey).toList();
            over.forEach(waiting::remove);
            over.forEach(Runnable::run);
        }
    }

    final class Node {
        final String name;
        final Router router;
        final Shard shard;
        final PeerRoutes routes;
        final Sessions sessions;
        final Leaders leaders;
        final Reach reach = new Reach();

        private Node(String name, long seed) {
            this.name = name;
            router = new Router(new Random(seed));
            BrokerClock clock = new BrokerClock() {
                @Override
                public long wallNanos() {
                    return now;
                }

                @Override
                public long nowNanos() {
                    return now;
                }
            };
            shard = new Shard(shards++, clock, () -> Lane.current().flush(), (s, e) -> {
                throw new AssertionError(e);
            }, budget);
            routes = new PeerRoutes(router, shard, "secret-of-" + name, settings, new RoutesReport() {
                @Override
                public void notUnderstood(String peer, String why) {
                    reported.add(name + " does not understand " + peer + ": " + why);
                }

                @Override
                public void interestRefused(String peer, int patterns) {
                    reported.add(name + " refuses interest of " + peer + " beyond " + patterns);
                }
            });
            leaders = new Leaders(name);
            routes.definitions(reach);
            routes.over(links.of(name), leaders);
            links.listen(name, routes);
            sessions = new Sessions(router, new OpenGate(), name, name, 1 << 20);
        }

        Client client() {
            return new Client(sessions, true);
        }

        Client silent() {
            return new Client(sessions, false);
        }
    }

    private static final class OpenGate implements SessionGate {
        @Override
        public void authenticate(ConnectOptions options, SessionInfo session, Consumer<Decision> whenDone) {
            whenDone.accept(new Decision.Admitted(new ClientIdentity(options.user(), "", "", "$memphis"),
                Permissions.UNRESTRICTED, () -> true));
        }

        @Override
        public void left(ClientIdentity client) { }
    }
}
