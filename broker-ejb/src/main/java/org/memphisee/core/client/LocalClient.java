package org.memphisee.core.client;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import org.memphisee.core.ControlPlane;
import org.memphisee.core.api.ClientIdentity;
import org.memphisee.core.routing.Router;
import org.memphisee.core.time.World;
import org.memphisee.port.BrokerPort;

/** Connections of this process to its own broker, one for each door and user. Any thread. */
public final class LocalClient implements AutoCloseable {

    private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(10);

    private record Key(String door, String user) { }

    private final ControlPlane control;
    private final World world;
    private final LocalLoop loop;
    private final LocalParts parts;
    private final Map<Key, LocalConnection> connections = new ConcurrentHashMap<>();
    private volatile long idleNanos = TimeUnit.MINUTES.toNanos(5);

    /**
     * Starts the loop of the local clients.
     *
     * @param port opens the loop's session
     * @param world runs it
     * @param budgetBytes messages on their way in, and messages on their way out, at a time
     */
    public LocalClient(Router router, ControlPlane control, BrokerPort port, World world, long budgetBytes) {
        this.control = control;
        this.loop = new LocalLoop(port, world);
        this.world = world;
        this.parts = new LocalParts(router, control.users(), control.engine().registry(), control.deadLetters(), loop,
            () -> port.identity().maxPayload(), new ByteBudget(budgetBytes), new ByteBudget(budgetBytes));
        loop.start();
        loop.execute(this::sweepLater);
    }

    /** How long a connection may be without use before its producers are taken back. */
    public void idleAfter(long nanos) {
        idleNanos = nanos;
    }

    /** Largest message, headers included, bytes. */
    public int maxPayload() {
        return parts.maxPayload().getAsInt();
    }

    /** Messages that came and went. */
    public LocalTraffic traffic() {
        return loop.traffic();
    }

    /** Bytes of messages on their way in that are not yet durable. */
    public long publishing() {
        return parts.publishBudget().taken();
    }

    /** Bytes of messages that were fetched and not yet passed on. */
    public long fetched() {
        return parts.fetchBudget().taken();
    }

    /**
     * The connection of a user at a door. Who the user is was proven to the door.
     *
     * @param door name of the door as its members show it, for instance {@code rest-gateway}
     * @param user user name, lower case
     */
    public LocalConnection connection(String door, String user) {
        Key key = new Key(door, user);
        LocalConnection known = connections.get(key);
        return known != null ? known : connections.computeIfAbsent(key, this::open);
    }

    private LocalConnection open(Key key) {
        ClientIdentity client = new ClientIdentity(key.user(), key.door() + "-" + world.newId(), key.door(),
            control.engine().settings().tenant());
        control.connectionOpened(client.connectionId());
        return new LocalConnection(parts, client);
    }

    /** The user is no longer welcome: its connections are forgotten with what they registered. */
    public void cut(String user) {
        connections.forEach((key, connection) -> {
            if (key.user().equals(user)) {
                drop(key, connection);
            }
        });
    }

    private void drop(Key key, LocalConnection connection) {
        if (connections.remove(key, connection)) {
            connection.close();
            control.connectionClosed(connection.client().connectionId());
        }
    }

    private void sweepLater() {
        loop.after(SWEEP_NANOS, () -> {
            long then = loop.nowNanos() - idleNanos;
            connections.forEach((key, connection) -> {
                if (connection.idleSince(then)) {
                    drop(key, connection);
                }
            });
            sweepLater();
        });
    }

    /** Ends the loop; what waits stays unanswered. */
    @Override
    public void close() {
        loop.close();
    }
}
