package org.memphisee.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.memphisee.core.control.ControlSettings;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.StoredSummary;
import org.memphisee.store.memory.MemoryLogStore;

/** Stored values that are whole and still not what this version understands: a start ends, and the others serve. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ForeignFormatsTest {

    /** What cannot be understood. */
    enum Foreign { STATE, TOMBSTONES, CURSOR, ANYTHING_THROWS }

    private static final byte[] FROM_THE_FUTURE = {99, 1, 2, 3};

    private final List<String> reported = new CopyOnWriteArrayList<>();
    private MemoryLogStore store = new MemoryLogStore(MemoryLogStore.Disk.KEEPS);

    private Broker open(LogStore from) throws StoreException {
        ControlSettings control = ControlSettings.of("secret-1", ControlSettings.AuthMode.USER_PASSWORD, "", "test")
            .withPasswordIterations(1000);
        return Broker.open(new BrokerOptions("test", 1 << 20, 2, 32 << 20, 8 << 20, 32 << 20, 100_000_000, 10_000_000, 0, 0, false,
            control), from, task -> {
                Thread thread = new Thread(task);
                thread.setDaemon(true);
                return thread;
            }, new BrokerEvents() {
                @Override
                public void storageFull(boolean full) { // not of the disk here
                }

                @Override
                public void partitionFrozen(String stream, StoreException cause) {
                    reported.add(stream);
                }

                @Override
                public void unexpected(String where, Throwable cause) {
                    reported.add(where + ": " + cause);
                }
            });
    }

    /** The store, with one kind of value of one partition replaced. */
    private static LogStore with(LogStore real, Foreign what, String stream) {
        return (LogStore) Proxy.newProxyInstance(LogStore.class.getClassLoader(), new Class<?>[] {LogStore.class},
            (proxy, method, arguments) -> {
                try {
                    if (method.getName().equals("recoverPartition")) {
                        real.recoverPartition((Long) arguments[0], new Replacing((LogStore.PartitionVisitor) arguments[1],
                            what, stream));
                        return null;
                    }
                    return method.invoke(real, arguments);
                } catch (InvocationTargetException e) {
                    throw e.getCause();
                }
            });
    }

    private record Replacing(LogStore.PartitionVisitor to, Foreign what, String stream)
        implements LogStore.PartitionVisitor {
        private static final ThreadLocal<Boolean> OURS = ThreadLocal.withInitial(() -> false);

        @Override
        public void state(byte[] state) {
            to.state(what == Foreign.STATE && state.length > 0 && ours(state) ? FROM_THE_FUTURE : state);
        }

        /** The stream that is damaged begins at sequence 1 000. */
        private static boolean ours(byte[] state) {
            return java.nio.ByteBuffer.wrap(state, 1, Long.BYTES).getLong() >= 1_000;
        }

        @Override
        public void batch(StoredSummary summary) throws StoreException {
            OURS.set(summary.firstSequence() >= 1_000);
            if (what == Foreign.ANYTHING_THROWS && OURS.get()) {
                throw new StackOverflowError();
            }
            to.batch(summary);
        }

        @Override
        public void tombstones(long first, byte[] tombstones) {
            to.tombstones(first, what == Foreign.TOMBSTONES && first >= 1_000 ? FROM_THE_FUTURE : tombstones);
        }

        @Override
        public void cursor(long consumer, byte[] state) {
            to.cursor(consumer, what == Foreign.CURSOR && OURS.get() ? FROM_THE_FUTURE : state);
        }
    }

    private static void prepare(CoreClient client, String stream, long first) {
        assertTrue(client.request("$JS.API.STREAM.CREATE." + stream, "{\"name\":\"" + stream + "\",\"subjects\":[\"" + stream
            + ".>\"],\"first_seq\":" + first + "}").contains("did_create"));
        client.request("$JS.API.CONSUMER.CREATE." + stream + ".c", "{\"stream_name\":\"" + stream
            + "\",\"config\":{\"durable_name\":\"c\",\"ack_policy\":\"explicit\"}}");
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            answers.add(client.ask(stream + ".a", "m" + i));
        }
        answers.forEach(answer -> assertTrue(CoreClient.get(answer).contains("\"seq\":")));
        client.fetch(stream, "c", 3).forEach(m -> client.request(m.reply(), "+ACK"));
        for (long gone = first + 11; gone < first + 40; gone += 2) { // some of a batch that holds more
            client.request("$JS.API.STREAM.MSG.DELETE." + stream, "{\"seq\":" + gone + "}");
        }
    }

    @ParameterizedTest
    @EnumSource(Foreign.class)
    void shouldEndTheStartAndServeTheOthers(Foreign what) throws StoreException {
        try (Broker broker = open(store)) {
            CoreClient client = new CoreClient(broker, "secret-1");
            prepare(client, "D", 1_000);
            prepare(client, "E", 1);
            broker.stopping();
        }
        store.close();
        store = store.reopen();
        try (Broker broker = open(with(store, what, "D"))) {
            CoreClient client = new CoreClient(broker, "secret-1");
            assertEquals(List.of("D"), List.copyOf(broker.streamFaults().keySet()));
            assertEquals(List.of("D"), reported, "told once");
            assertTrue(client.request("D.a", "lost").contains("\"error\""));
            assertTrue(client.request("E.a", "next").contains("\"seq\":41"));
            assertEquals("m3", client.fetch("E", "c", 1).get(0).payload());
            broker.stopping();
        }
        store.close();
        store = store.reopen();
        try (Broker broker = open(store)) {
            CoreClient client = new CoreClient(broker, "secret-1");
            assertEquals("m3", client.fetch("D", "c", 1).get(0).payload(), "nothing of it was overwritten");
            assertTrue(client.request("D.a", "next").contains("\"seq\":1040"));
        }
    }

    /** The store, with its first definition as a newer release might have written it. */
    private static LogStore withForeignDefinition(LogStore real) {
        return (LogStore) Proxy.newProxyInstance(LogStore.class.getClassLoader(), new Class<?>[] {LogStore.class},
            (proxy, method, arguments) -> {
                if (method.getName().equals("recoverSystemLog")) {
                    LogStore.SystemLogVisitor to = (LogStore.SystemLogVisitor) arguments[0];
                    to.event(1, "{\"v\":1,\"event\":\"moon_landed\"}".getBytes(StandardCharsets.UTF_8));
                    return null;
                }
                if (method.getName().equals("write") || method.getName().equals("retainPartitions")) {
                    throw new AssertionError("changed by " + method.getName());
                }
                return method.invoke(real, arguments);
            });
    }

    @Test
    void shouldRefuseTheStartWithADefinitionItDoesNotKnowAndChangeNothing() throws StoreException {
        try (Broker broker = open(store)) {
            prepare(new CoreClient(broker, "secret-1"), "D", 1);
            broker.stopping();
        }
        store.close();
        store = store.reopen();
        LogStore foreign = withForeignDefinition(store);
        String refusal = assertThrows(IllegalStateException.class, () -> open(foreign)).getMessage();
        assertEquals("the definitions cannot be recovered, system event 1 is refused: its type \"moon_landed\" is unknown; "
            + "a newer release wrote it: start that release or a later one, or restore a backup from before it ran. "
            + "Nothing was changed", refusal);
        try (Broker broker = open(store)) {
            CoreClient client = new CoreClient(broker, "secret-1");
            assertEquals("m3", client.fetch("D", "c", 1).get(0).payload());
            assertTrue(client.request("D.a", "next").contains("\"seq\":41"));
        }
    }
}
