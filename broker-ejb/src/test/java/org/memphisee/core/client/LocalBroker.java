package org.memphisee.core.client;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.memphisee.core.Broker;
import org.memphisee.core.BrokerEvents;
import org.memphisee.core.BrokerOptions;
import org.memphisee.core.control.Authors;
import org.memphisee.core.control.ControlSettings;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.routing.TestThread;
import org.memphisee.core.stations.Members;
import org.memphisee.store.memory.MemoryLogStore;

/** A whole broker on a store in memory, with real threads. */
final class LocalBroker implements AutoCloseable {

    static final int MAX_PAYLOAD = 4096;
    private static final long SECONDS = 10;

    final Broker broker;
    private final MemoryLogStore store = new MemoryLogStore(MemoryLogStore.Disk.KEEPS);

    LocalBroker() throws StoreException {
        ControlSettings control = ControlSettings.of("secret-1", ControlSettings.AuthMode.USER_PASSWORD, "", "test")
            .withPasswordIterations(1000);
        TestThread.runsNoLoop();
        broker = Broker.open(new BrokerOptions("test", MAX_PAYLOAD, 2, 32 << 20, 8 << 20, 32 << 20, 100_000_000, 100_000_000, 0, 0,
            false, control), store, task -> {
                Thread thread = new Thread(task);
                thread.setDaemon(true);
                return thread;
            }, new BrokerEvents() {
                @Override
                public void storageFull(boolean full) { }

                @Override
                public void partitionFrozen(String stream, StoreException cause) { }

                @Override
                public void unexpected(String where, Throwable cause) {
                    throw new AssertionError(where, cause);
                }
            });
    }

    LocalConnection connection(String user) {
        return broker.local().connection("rest-gateway", user);
    }

    /** All members by {@code kind name group active}. */
    List<String> members() {
        CompletableFuture<List<String>> members = new CompletableFuture<>();
        broker.control().engine().resume(() -> members.complete(broker.control().memphis().members().all().entrySet()
            .stream().map(e -> text(e.getKey()) + (e.getValue() ? " active" : " gone")).sorted().toList()));
        return get(members);
    }

    private static String text(Members.Member m) {
        return m.producer() ? "producer " + m.name() : "consumer " + m.name() + " of " + m.group();
    }

    /** Removes a station. */
    void remove(String station) {
        CompletableFuture<String> removed = new CompletableFuture<>();
        broker.control().engine().resume(() ->
            broker.control().memphis().stations().remove(station, Authors.of("root"), removed::complete));
        get(removed);
    }

    static Destination to(String station) {
        return new Destination(station, "rest-gateway", PartitionChoice.ROUND_ROBIN);
    }

    static LocalMessage message(String text) {
        return new LocalMessage(new byte[0], text.getBytes(StandardCharsets.UTF_8));
    }

    static GroupKey group(String station, String group) {
        return new GroupKey(station, "reader", group, 10_000, 1);
    }

    static FetchSize upTo(int messages, long waitMillis) {
        return new FetchSize(messages, waitMillis, 1 << 20);
    }

    static List<String> texts(Fetched fetched) {
        try (fetched) {
            return fetched.messages().stream().map(m -> new String(m.payload(), StandardCharsets.UTF_8)).toList();
        }
    }

    static <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("no answer", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(e.getCause());
        }
    }

    @Override
    public void close() {
        broker.close();
    }
}
