package org.memphisee.adapter;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import javax.management.ObjectName;
import javax.security.auth.Subject;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionEvent;
import jakarta.resource.spi.ConnectionEventListener;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.DissociatableManagedConnection;
import jakarta.resource.spi.LazyAssociatableConnectionManager;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionFactory;
import jakarta.resource.spi.ResourceAdapterInternalException;
import org.memphisee.ra.BrokerResourceAdapter;
import org.memphisee.ra.api.BrokerConnection;
import org.memphisee.ra.api.BrokerConnectionFactory;
import org.memphisee.ra.api.OutboundMessage;
import org.memphisee.ra.inbound.BrokerActivationSpec;
import org.memphisee.ra.outbound.BrokerManagedConnectionFactory;

/** A broker, an application's adapter beside it, and a pool that makes connections as they are needed. */
final class AdapterFixture implements AutoCloseable, ConnectionManager, LazyAssociatableConnectionManager,
    ConnectionEventListener {

    static final String STATION = "orders";

    private static final long serialVersionUID = 1L;

    final transient StandInContainer container = new StandInContainer();
    final transient BrokerResourceAdapter application = new BrokerResourceAdapter();
    final transient TestBroker broker;
    final transient BrokerManagedConnectionFactory factory = new BrokerManagedConnectionFactory();
    final transient List<ManagedConnection> pool = new CopyOnWriteArrayList<>();
    final transient Set<ManagedConnection> used = ConcurrentHashMap.newKeySet();
    /** Handles that were closed while they had no connection. */
    final transient List<Object> closedIdle = Collections.synchronizedList(new ArrayList<>());
    private final transient List<Runnable> activations = new ArrayList<>();

    /**
     * @param inProcess whether application and broker share an adapter, so that no byte leaves the process
     */
    AdapterFixture(boolean inProcess) {
        BrokerResourceAdapter serving = inProcess ? application : new BrokerResourceAdapter();
        broker = new TestBroker(serving);
        application.setMode(inProcess ? "in-process" : "client");
        application.setPassword(TestBroker.PASSWORD);
        application.setThreadFactory("none");
        serving.setThreadFactory("none");
        try {
            if (!inProcess) {
                serving.start(container);
            }
            application.start(container);
            factory.setResourceAdapter(application);
        } catch (ResourceException e) {
            throw new AssertionError(e);
        }
    }

    /** The broker serves. */
    AdapterFixture started() {
        broker.start();
        application.setPort(broker.port());
        return this;
    }

    BrokerConnectionFactory connections() {
        try {
            return (BrokerConnectionFactory) factory.createConnectionFactory(this);
        } catch (ResourceException e) {
            throw new AssertionError(e);
        }
    }

    BrokerActivationSpec spec(String station, String group) {
        BrokerActivationSpec spec = new BrokerActivationSpec();
        spec.setStation(station);
        spec.setConsumerGroup(group);
        return spec;
    }

    /** Activates beans; {@link Runnable#run} deactivates them. */
    Runnable activate(Beans beans, BrokerActivationSpec spec) {
        try {
            application.endpointActivation(beans, spec);
        } catch (ResourceException e) {
            throw new AssertionError(e);
        }
        Runnable end = () -> application.endpointDeactivation(beans, spec);
        activations.add(end);
        return end;
    }

    /** Deactivates all beans. */
    void deactivateAll() {
        activations.forEach(Runnable::run);
        activations.clear();
    }

    Runnable activate(Beans beans, String station, String group, Consumer<BrokerActivationSpec> settings) {
        BrokerActivationSpec spec = spec(station, group);
        settings.accept(spec);
        return activate(beans, spec);
    }

    /** Nobody waits for an answer any more: what was acknowledged so far never comes again. */
    void awaitNothingPending(String station, String group) {
        eventually("nothing is pending", () -> broker.group(station, group), info -> info.isPresent()
            && info.get().numAckPending() == 0 && info.get().numPending() == 0);
    }

    /** Publishes m-from to m-to without the last. */
    static void publish(AdapterFixture at, int from, int to) {
        try (BrokerConnection connection = at.connections().getConnection()) {
            connection.publishAll(IntStream.range(from, to).mapToObj(i -> OutboundMessage.to(STATION, "m" + i)
                .withHeader("n", Integer.toString(i))).toList());
        }
    }

    /** What {@link #publish} publishes. */
    static List<String> texts(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "m" + i).toList();
    }

    /** An attribute of a group's activation, as administrators see it. */
    static Object figure(String group, String attribute) throws Exception {
        Set<ObjectName> names = ManagementFactory.getPlatformMBeanServer().queryNames(
            new ObjectName("org.memphisee:type=Activation,group=\"" + group + "\",*"), null);
        return names.isEmpty() ? "none" : ManagementFactory.getPlatformMBeanServer()
            .getAttribute(names.iterator().next(), attribute);
    }

    static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(20, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static <T> T eventually(String what, Callable<T> read, Predicate<T> holds) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (true) {
            try {
                T value = read.call();
                if (holds.test(value)) {
                    return value;
                }
                if (System.nanoTime() - end > 0) {
                    throw new AssertionError(what + ", last seen: " + value);
                }
                Thread.sleep(5);
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    @Override
    public void close() {
        activations.forEach(Runnable::run);
        pool.forEach(c -> {
            try {
                c.destroy();
            } catch (ResourceException e) {
                throw new AssertionError(e);
            }
        });
        broker.close();
        application.stop();
        broker.adapter.stop();
        container.close();
    }

    // ---- the pool

    @Override
    public Object allocateConnection(ManagedConnectionFactory from, ConnectionRequestInfo info)
        throws ResourceException {
        return allocate(from, info).getConnection(null, info);
    }

    private synchronized ManagedConnection allocate(ManagedConnectionFactory from, ConnectionRequestInfo info)
        throws ResourceException {
        ManagedConnection connection = from.matchManagedConnections(new HashSet<>(pool), new Subject(), info);
        if (connection == null) {
            connection = from.createManagedConnection(null, info);
            connection.addConnectionEventListener(this);
        }
        pool.remove(connection);
        used.add(connection);
        return connection;
    }

    @Override
    public void associateConnection(Object handle, ManagedConnectionFactory from, ConnectionRequestInfo info)
        throws ResourceException {
        allocate(from, info).associateConnection(handle);
    }

    @Override
    public void inactiveConnectionClosed(Object handle, ManagedConnectionFactory from) {
        closedIdle.add(handle);
    }

    /** Takes a connection away from its idle handles, as a container does to give it to others. */
    void takeAway(ManagedConnection connection) throws ResourceException {
        ((DissociatableManagedConnection) connection).dissociateConnections();
        connection.cleanup();
        used.remove(connection);
        pool.add(connection);
    }

    @Override
    public void connectionClosed(ConnectionEvent event) {
        ManagedConnection connection = (ManagedConnection) event.getSource();
        used.remove(connection);
        try {
            connection.cleanup();
        } catch (ResourceException e) {
            throw new AssertionError(e);
        }
        pool.add(connection);
    }

    @Override
    public void connectionErrorOccurred(ConnectionEvent event) {
        ManagedConnection connection = (ManagedConnection) event.getSource();
        used.remove(connection);
        pool.remove(connection);
        try {
            connection.destroy();
        } catch (ResourceException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void localTransactionStarted(ConnectionEvent event) {
        throw new AssertionError("transactions are the container's here");
    }

    @Override
    public void localTransactionCommitted(ConnectionEvent event) {
        throw new AssertionError("transactions are the container's here");
    }

    @Override
    public void localTransactionRolledback(ConnectionEvent event) {
        throw new AssertionError("transactions are the container's here");
    }
}
