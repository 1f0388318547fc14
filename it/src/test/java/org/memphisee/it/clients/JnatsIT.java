package org.memphisee.it.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.KeyValue;
import io.nats.client.Message;
import io.nats.client.ObjectStore;
import io.nats.client.PublishOptions;
import io.nats.client.PurgeOptions;
import io.nats.client.Subscription;
import io.nats.client.api.KeyValueConfiguration;
import io.nats.client.api.KeyValueEntry;
import io.nats.client.api.KeyValueOperation;
import io.nats.client.api.KeyValueWatcher;
import io.nats.client.api.ObjectStoreConfiguration;
import io.nats.client.api.PublishAck;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import io.nats.client.api.StreamState;
import io.nats.client.impl.Headers;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.memphisee.it.support.Brokers;

/** jnats and nothing else: core messaging, streams, publishing, key-value and object stores. */
final class JnatsIT {
    private JnatsFixture nats;

    @BeforeEach
    void connect() throws Exception {
        nats = new JnatsFixture(Brokers.shared());
    }

    @AfterEach
    void disconnect() throws Exception {
        nats.close();
    }

    private static void assertApiError(int code, org.junit.jupiter.api.function.Executable call) {
        JetStreamApiException error = assertThrows(JetStreamApiException.class, call);
        assertEquals(code, error.getApiErrorCode(), error.getMessage());
    }

    // ---------------------------------------------------------------------------------------------- core messaging

    @Test
    void shouldPublishAndSubscribe() throws Exception {
        Connection connection = nats.connection();
        String subject = JnatsFixture.name("core");
        Subscription one = connection.subscribe(subject + ".*");
        Subscription all = connection.subscribe(subject + ".>");
        connection.publish(subject + ".a", JnatsFixture.bytes("1"));
        connection.publish(subject + ".a.b", JnatsFixture.bytes("2"));
        assertEquals("1", JnatsFixture.text(one.nextMessage(JnatsFixture.WAIT)));
        assertEquals("1", JnatsFixture.text(all.nextMessage(JnatsFixture.WAIT)));
        assertEquals("2", JnatsFixture.text(all.nextMessage(JnatsFixture.WAIT)));
        connection.flush(JnatsFixture.WAIT);
        assertNull(one.nextMessage(Duration.ofMillis(1)));
    }

    @Test
    void shouldAnswerRequestsWithHeaders() throws Exception {
        Connection connection = nats.connection();
        String subject = JnatsFixture.name("service");
        Dispatcher service = connection.createDispatcher(request -> connection.publish(request.getReplyTo(),
                request.getHeaders(), request.getData()));
        service.subscribe(subject);
        connection.flush(JnatsFixture.WAIT);
        Headers headers = new Headers().add("k", "v1", "v2").add("Mixed-Case", "x");
        Message answer = connection.request(subject, headers, JnatsFixture.bytes("ask"), JnatsFixture.WAIT);
        assertEquals("ask", JnatsFixture.text(answer));
        assertEquals(List.of("v1", "v2"), answer.getHeaders().get("k"));
        assertEquals("x", answer.getHeaders().getFirst("Mixed-Case"));
        connection.closeDispatcher(service);
    }

    @Test
    void shouldShareQueueGroups() throws Exception {
        Connection connection = nats.connection();
        String subject = JnatsFixture.name("queue");
        AtomicInteger[] got = {new AtomicInteger(), new AtomicInteger(), new AtomicInteger()};
        Dispatcher[] dispatchers = new Dispatcher[3];
        for (int i = 0; i < 3; i++) {
            AtomicInteger counter = got[i];
            dispatchers[i] = connection.createDispatcher(message -> counter.incrementAndGet());
        }
        dispatchers[0].subscribe(subject, "group");
        dispatchers[1].subscribe(subject, "group");
        dispatchers[2].subscribe(subject);
        for (int i = 0; i < 300; i++) {
            connection.publish(subject, JnatsFixture.bytes("x"));
        }
        JnatsFixture.await("all delivered", () -> got[2].get() == 300 && got[0].get() + got[1].get() >= 300);
        assertEquals(300, got[0].get() + got[1].get());
        assertTrue(got[0].get() > 0 && got[1].get() > 0);
        for (Dispatcher dispatcher : dispatchers) {
            connection.closeDispatcher(dispatcher);
        }
    }

    @Test
    void shouldSayAtOnceThatNobodyResponds() throws Exception {
        long start = System.nanoTime();
        CompletableFuture<Message> answer = nats.connection().request(JnatsFixture.name("nobody"), null);
        assertThrows(CancellationException.class, () -> answer.get(30, TimeUnit.SECONDS));
        assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(10));
        java.io.IOException error = assertThrows(java.io.IOException.class,
                () -> nats.js().publish(JnatsFixture.name("nowhere"), JnatsFixture.bytes("x")));
        assertTrue(error.getMessage().contains("503"), error.getMessage());
    }

    // ------------------------------------------------------------------------------------------------- streams

    @Test
    void shouldManageStreams() throws Exception {
        JetStreamManagement jsm = nats.jsm();
        String name = nats.stream(b -> b.description("first").maxMessages(100).maxAge(Duration.ofHours(1))
                .storageType(StorageType.File).duplicateWindow(Duration.ofSeconds(60)));
        StreamInfo info = jsm.getStreamInfo(name);
        assertEquals(RetentionPolicy.Limits, info.getConfiguration().getRetentionPolicy());
        assertEquals(100, info.getConfiguration().getMaxMsgs());
        assertEquals(Duration.ofHours(1), info.getConfiguration().getMaxAge());
        assertEquals(Duration.ofSeconds(60), info.getConfiguration().getDuplicateWindow());
        StreamInfo updated = jsm.updateStream(StreamConfiguration.builder(info.getConfiguration()).description("second")
                .maxMessages(50).build());
        assertEquals("second", updated.getConfiguration().getDescription());
        assertEquals(50, jsm.getStreamInfo(name).getConfiguration().getMaxMsgs());
        assertTrue(jsm.getStreamNames().contains(name));
        assertEquals(List.of(name), jsm.getStreamNames(name + ".final"));
        assertTrue(jsm.getStreams().stream().anyMatch(s -> s.getConfiguration().getName().equals(name)));
        assertApiError(10058, () -> jsm.addStream(StreamConfiguration.builder().name(name).subjects(name
                + ".>").build()));
        assertApiError(10065, () -> jsm.addStream(StreamConfiguration.builder().name(name + "-b").subjects(name + ".x")
                .build()));
        assertTrue(jsm.deleteStream(name));
        assertApiError(10059, () -> jsm.getStreamInfo(name));
        assertApiError(10059, () -> jsm.deleteStream(name));
    }

    @Test
    void shouldPurgeAllOrPartOfAStream() throws Exception {
        JetStreamManagement jsm = nats.jsm();
        String name = nats.stream();
        nats.fill(name, 12);
        assertEquals(4, jsm.purgeStream(name, PurgeOptions.subject(name + ".0")).getPurged());
        assertEquals(3, jsm.purgeStream(name, PurgeOptions.builder().subject(name + ".1").keep(1).build()).getPurged());
        assertEquals(1, jsm.purgeStream(name, PurgeOptions.builder().sequence(6).build()).getPurged());
        assertEquals(4, jsm.purgeStream(name).getPurged());
        StreamState state = jsm.getStreamInfo(name).getStreamState();
        assertEquals(0, state.getMsgCount());
        assertEquals(12, state.getLastSequence());
        assertEquals(13, state.getFirstSequence());
        assertEquals(13, nats.js().publish(name + ".x", JnatsFixture.bytes("x")).getSeqno());
    }

    @Test
    void shouldReadAndDeleteSingleMessages() throws Exception {
        JetStreamManagement jsm = nats.jsm();
        for (boolean direct : new boolean[] {false, true}) {
            String name = nats.stream(b -> b.allowDirect(direct));
            nats.fill(name, 6);
            nats.js().publish(name + ".h", new Headers().add("k", "v1", "v2"), JnatsFixture.bytes("with"));
            assertArrayEquals(JnatsFixture.bytes("m2"), jsm.getMessage(name, 2).getData());
            assertEquals(7, jsm.getLastMessage(name, name + ".h").getSeq());
            assertEquals(List.of("v1", "v2"), jsm.getMessage(name, 7).getHeaders().get("k"));
            assertEquals(2, jsm.getFirstMessage(name, name + ".1").getSeq());
            assertEquals(5, jsm.getNextMessage(name, 3, name + ".1").getSeq());
            assertTrue(jsm.deleteMessage(name, 3));
            assertApiError(10037, () -> jsm.getMessage(name, 3));
            assertApiError(10043, () -> jsm.deleteMessage(name, 3, false));
            assertEquals(1, jsm.getStreamInfo(name, io.nats.client.api.StreamInfoOptions.deletedDetails())
                    .getStreamState().getDeletedCount());
        }
    }

    @Test
    void shouldCountSubjects() throws Exception {
        String name = nats.stream();
        nats.fill(name, 9);
        StreamState state = nats.jsm().getStreamInfo(name, io.nats.client.api.StreamInfoOptions.allSubjects())
                .getStreamState();
        assertEquals(3, state.getSubjectCount());
        assertEquals(3L, state.getSubjectMap().get(name + ".1"));
    }

    @Test
    void shouldAcknowledgePublishesSynchronouslyAndInOrderWhenAsynchronous() throws Exception {
        String name = nats.stream();
        JetStream js = nats.js();
        PublishAck first = js.publish(name + ".a", JnatsFixture.bytes("x"));
        assertEquals(name, first.getStream());
        assertEquals(1, first.getSeqno());
        assertFalse(first.isDuplicate());
        List<CompletableFuture<PublishAck>> acks = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            acks.add(js.publishAsync(name + ".a", JnatsFixture.bytes("async" + i)));
        }
        for (int i = 0; i < acks.size(); i++) {
            assertEquals(i + 2, acks.get(i).get(30, TimeUnit.SECONDS).getSeqno());
        }
        assertEquals(2001, nats.jsm().getStreamInfo(name).getStreamState().getMsgCount());
    }

    @Test
    void shouldCheckWhatPublishersExpect() throws Exception {
        String name = nats.stream();
        JetStream js = nats.js();
        byte[] body = JnatsFixture.bytes("x");
        String subject = name + ".a";
        js.publish(subject, body, PublishOptions.builder().expectedStream(name).messageId("one").build());
        js.publish(subject, body, PublishOptions.builder().expectedLastSequence(1).expectedLastMsgId("one")
                .messageId("two").build());
        js.publish(name + ".b", body, PublishOptions.builder().expectedLastSubjectSequence(0).build());
        js.publish(subject, body, PublishOptions.builder().expectedLastSubjectSequence(2).build());
        assertApiError(10060, () -> js.publish(subject, body,
                PublishOptions.builder().expectedStream("other").build()));
        assertApiError(10071, () -> js.publish(subject, body,
                PublishOptions.builder().expectedLastSequence(1).build()));
        assertApiError(10071, () -> js.publish(subject, body,
                PublishOptions.builder().expectedLastSubjectSequence(1).build()));
        assertApiError(10070, () -> js.publish(subject, body,
                PublishOptions.builder().expectedLastMsgId("one").build()));
        PublishAck duplicate = js.publish(subject, body, PublishOptions.builder().messageId("two").build());
        assertTrue(duplicate.isDuplicate());
        assertEquals(2, duplicate.getSeqno());
        assertEquals(4, nats.jsm().getStreamInfo(name).getStreamState().getMsgCount());
    }

    // -------------------------------------------------------------------------------------- key-value and objects

    @Test
    void shouldServeKeyValueBuckets() throws Exception {
        Connection connection = nats.connection();
        String bucket = JnatsFixture.name("kv");
        connection.keyValueManagement().create(KeyValueConfiguration.builder().name(bucket)
                .maxHistoryPerKey(5).build());
        KeyValue kv = connection.keyValue(bucket);
        ConcurrentLinkedQueue<String> watched = new ConcurrentLinkedQueue<>();
        AtomicInteger ends = new AtomicInteger();
        try (AutoCloseable watch = kv.watchAll(new KeyValueWatcher() {
            @Override
            public void watch(KeyValueEntry entry) {
                watched.add(entry.getKey() + '=' + entry.getOperation());
            }

            @Override
            public void endOfData() {
                ends.incrementAndGet();
            }
        })) {
            assertNotNull(watch);
            JnatsFixture.await("end of the (empty) initial values", () -> ends.get() == 1);
            assertNull(kv.get("a"));
            assertEquals(1, kv.put("a", "1"));
            assertEquals(2, kv.create("b.c", JnatsFixture.bytes("x")));
            assertApiError(10071, () -> kv.create("b.c", JnatsFixture.bytes("y")));
            assertEquals(3, kv.update("a", "2", 1));
            assertApiError(10071, () -> kv.update("a", "3", 1));
            assertEquals("2", kv.get("a").getValueAsString());
            assertEquals("1", kv.get("a", 1).getValueAsString());
            kv.delete("b.c");
            assertNull(kv.get("b.c"));
            assertEquals(5, kv.create("b.c", JnatsFixture.bytes("again")));
            assertEquals(List.of("1", "2"), kv.history("a").stream().map(KeyValueEntry::getValueAsString).toList());
            kv.purge("a");
            assertEquals(KeyValueOperation.PURGE, kv.history("a").get(0).getOperation());
            assertEquals(List.of("b.c"), kv.keys());
            JnatsFixture.await("the watcher saw it all", () -> watched.size() == 6);
            assertEquals(List.of("a=PUT", "b.c=PUT", "a=PUT", "b.c=DELETE", "b.c=PUT", "a=PURGE"),
                    List.copyOf(watched));
        }
        assertEquals(5, kv.getStatus().getMaxHistoryPerKey());
        connection.keyValueManagement().delete(bucket);
        assertFalse(connection.keyValueManagement().getBucketNames().contains(bucket));
    }

    @Test
    void shouldServeObjectStores() throws Exception {
        Connection connection = nats.connection();
        String bucket = JnatsFixture.name("os");
        connection.objectStoreManagement().create(ObjectStoreConfiguration.builder(bucket).build());
        ObjectStore store = connection.objectStore(bucket);
        byte[] data = new byte[500_000];
        new Random(7).nextBytes(data);
        assertEquals(data.length, store.put("file.bin", data).getSize());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        store.get("file.bin", out);
        assertArrayEquals(data, out.toByteArray());
        store.put("small", JnatsFixture.bytes("tiny"));
        assertEquals(2, store.getList().size());
        store.delete("file.bin");
        assertNull(store.getInfo("file.bin"));
        assertTrue(store.getInfo("file.bin", true).isDeleted());
        assertTrue(store.getStatus().getSize() < 100_000);
        assertTrue(store.seal().isSealed());
        assertThrows(JetStreamApiException.class, () -> store.put("late", JnatsFixture.bytes("x")));
        connection.objectStoreManagement().delete(bucket);
    }
}
