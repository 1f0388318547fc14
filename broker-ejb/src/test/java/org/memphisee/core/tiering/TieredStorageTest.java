package org.memphisee.core.tiering;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.Broker;
import org.memphisee.core.BrokerEvents;
import org.memphisee.core.BrokerOptions;
import org.memphisee.core.QuietSink;
import org.memphisee.core.api.Author;
import org.memphisee.core.control.ControlSettings;
import org.memphisee.core.integrations.IntegrationNote;
import org.memphisee.core.integrations.Integrations;
import org.memphisee.core.integrations.Messenger;
import org.memphisee.core.integrations.SecretBox;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.stations.RequestRefusal;
import org.memphisee.core.stations.StationChange;
import org.memphisee.core.stations.StationMessage;
import org.memphisee.core.stations.StationOrder;
import org.memphisee.core.stations.StationView;
import org.memphisee.core.tier.TieredMessage;
import org.memphisee.core.tiering.ObjectStore.Answer;
import org.memphisee.core.tiering.ObjectStore.Outcome;
import org.memphisee.port.ConnectOptions;
import org.memphisee.port.OutboundBatch;
import org.memphisee.port.PublishRequest;
import org.memphisee.port.SessionInfo;
import org.memphisee.port.SessionPort;
import org.memphisee.simulation.SeededWorld;
import org.memphisee.store.memory.MemoryLogStore;

/** A whole broker with a second tier, in a world whose time passes when told. */
class TieredStorageTest {

    private static final long SECOND = 1_000_000_000L;
    private static final Author ROOT = Author.named("root");
    private static final Map<String, String> KEYS = Map.of("access_key", "AK", "secret_key", "very-SECRET", "bucket_name",
        "bucket",
        "region", "eu-central-1", "url", "http://store:9000", "s3_path_style", "true");

    private final List<String> happened = new ArrayList<>();
    private final FakeObjectStore objects = new FakeObjectStore();
    private final SeededWorld world = new SeededWorld(11);
    private MemoryLogStore store = new MemoryLogStore(MemoryLogStore.Disk.FORGETS);
    private long maxWaiting = 1 << 20;
    private Broker broker;
    private Integrations integrations;
    private SessionPort session;

    @BeforeEach
    void open() throws StoreException {
        ControlSettings control = ControlSettings.of("secret-1", ControlSettings.AuthMode.USER_PASSWORD, "",
            "test").withPasswordIterations(1);
        broker = Broker.open(new BrokerOptions("test", 1 << 20, 2, 1 << 20, 1 << 20, 8 << 20, SECOND, SECOND / 10, 0, 0, false,
            control), store, world, new BrokerEvents() {
                @Override
                public void storageFull(boolean full) { }

                @Override
                public void partitionFrozen(String stream, StoreException cause) {
                    happened.add(stream + cause);
                }

                @Override
                public void unexpected(String where, Throwable cause) {
                    happened.add(where + cause);
                }
            });
        integrations = get(broker.control().integrate(new Integrations.Services(new Messenger() {
            @Override
            public CompletableFuture<Answer> check(Target target) {
                throw new AssertionError("nobody has such a target");
            }

            @Override
            public CompletableFuture<Answer> send(Target target, String title, String text, String link) {
                throw new AssertionError("nobody has such a target");
            }
        }, objects), new SecretBox(new byte[32]), maxWaiting));
        session = broker.port().open(SessionInfo.plain(1, "127.0.0.1", 1, SessionInfo.Transport.TCP), new QuietSink() {
            @Override
            public OutboundBatch newBatch() {
                throw new AssertionError("it listens to nothing");
            }
        });
        session.authenticate(new ConnectOptions(false, false, true, true, true, 1, "root", "secret-1", "", "", "", "", false),
            o -> { });
        world.settle();
    }

    private void crash() throws StoreException {
        world.end();
        store.crash();
        store = store.reopen();
        open();
    }

    @AfterEach
    void nothingUnexpected() {
        assertEquals(List.of(), happened);
    }

    private <T> T get(CompletableFuture<T> future) {
        world.settle();
        assertTrue(future.isDone());
        return future.join();
    }

    private void station(String name, long partitions, boolean tiered) {
        get(broker.control().memphis().administration().create(ROOT, new StationOrder(name, "messages", 1, "file", 1, partitions,
            0, true,
            true, "", tiered, List.of())));
    }

    private void connect() {
        get(integrations.create(ROOT, "s3", KEYS, Map.of()));
        assertTrue(objects.objects.isEmpty(), "what it was tried with is gone");
    }

    private void publish(String stream, String... payloads) {
        for (String payload : payloads) {
            byte[] subject = (stream + ".final").getBytes(StandardCharsets.UTF_8);
            byte[] all = (stream + ".final" + payload).getBytes(StandardCharsets.UTF_8);
            session.publish(new PublishRequest(all, 0, subject.length, subject.length, 0, subject.length, 0,
                all.length - subject.length));
            session.readComplete();
            world.settle();
        }
    }

    private long stored(String stream) {
        return broker.control().engine().registry().byName(stream).orElseThrow().state().messages();
    }

    private List<String> archived(String stream) {
        List<String> payloads = new ArrayList<>();
        objects.objects.forEach((key, content) -> {
            if (key.startsWith("memphis/global/" + stream + '/')) {
                for (long s = 1; s < 100; s++) {
                    try {
                        TierObject.find(content, s).map(TieredMessage::payload)
                            .ifPresent(p -> payloads.add(new String(p, StandardCharsets.UTF_8)));
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                }
            }
        });
        return payloads;
    }

    private Optional<StationMessage> read(String station, long sequence) {
        StationView view = get(broker.control().memphis().administration().queries().find(station)).orElseThrow();
        return get(broker.control().memphis().administration().messages().message(view, 1, sequence));
    }

    private List<String> notes() {
        return get(integrations.notes("s3")).stream().map(IntegrationNote::text).toList();
    }

    private TierFigures figures() {
        return broker.control().tierFigures();
    }

    @Test
    void shouldStoreWhatLeavesAnyStationWithinTheIntervalAndThenRemoveIt() {
        connect();
        station("a", 2, true);
        station("b.c", 1, true);
        station("plain", 1, false);
        publish("a$1", "1", "2", "3");
        publish("a$2", "x", "y");
        publish("b#c$1", "p", "q");
        publish("plain$1", "n", "m");
        assertEquals(3, stored("a$1"));
        assertEquals(1, stored("plain$1"));
        world.pass(10 * SECOND);
        assertEquals(List.of("1", "2"), archived("a$1"));
        assertEquals(List.of("x"), archived("a$2"));
        assertEquals(List.of("p"), archived("b#c$1"));
        assertEquals(3, objects.objects.size());
        assertEquals(1, stored("a$1"));
        assertEquals(1, stored("a$2"));
        assertEquals(1, stored("b#c$1"));
        assertEquals(3, figures().uploads());
        assertEquals(4, figures().messages());
        assertTrue(objects.secrets.stream().allMatch("very-SECRET"::equals));
    }

    @Test
    void shouldReadBackWhatHasLeft() {
        connect();
        station("a", 1, true);
        publish("a$1", "1", "2", "3");
        world.pass(10 * SECOND);
        assertArrayEquals("1".getBytes(StandardCharsets.UTF_8), read("a", 1).orElseThrow().payload());
        assertArrayEquals("2".getBytes(StandardCharsets.UTF_8), read("a", 2).orElseThrow().payload());
        assertArrayEquals("3".getBytes(StandardCharsets.UTF_8), read("a", 3).orElseThrow().payload());
        assertEquals(Optional.empty(), read("a", 4));
        objects.always = new Answer(Outcome.FAILED, "nobody listens there");
        StationView view = get(broker.control().memphis().administration().queries().find("a")).orElseThrow();
        CompletableFuture<Optional<StationMessage>> failing = broker.control().memphis().administration().messages().message(view,
            1, 1);
        world.settle();
        CompletionException failure = org.junit.jupiter.api.Assertions.assertThrows(CompletionException.class, failing::join);
        assertEquals("The tiered storage cannot be read: nobody listens there",
            assertInstanceOf(RequestRefusal.class, failure.getCause()).getMessage());
    }

    /** Asks as a client and lets everything settle; header block and payload of what came. */
    private List<String> ask(String subject, String... requests) {
        List<String> came = new ArrayList<>();
        SessionPort client = broker.port().open(SessionInfo.plain(2, "127.0.0.1", 2, SessionInfo.Transport.TCP), new QuietSink() {
            @Override
            public OutboundBatch newBatch() {
                return new OutboundBatch() {
                    @Override
                    public void message(byte[] sid, byte[] to, int toOffset, int toLength, byte[] reply, int replyOffset,
                                        int replyLength, byte[] body, int bodyOffset, int headerLength, int payloadLength) {
                        came.add(new String(body, bodyOffset, headerLength + payloadLength, StandardCharsets.UTF_8));
                    }

                    @Override
                    public int size() {
                        return 0;
                    }

                    @Override
                    public void send() { }
                };
            }
        });
        client.authenticate(new ConnectOptions(false, false, true, true, true, 1, "root", "secret-1", "", "", "", "", false), o -> { });
        world.settle();
        client.subscribe("here".getBytes(StandardCharsets.UTF_8), new byte[0], "1".getBytes(StandardCharsets.UTF_8));
        for (String request : requests) {
            byte[] all = (subject + "here" + request).getBytes(StandardCharsets.UTF_8);
            int length = subject.length();
            client.publish(new PublishRequest(all, 0, length, length, 4, length + 4, 0, all.length - length - 4));
        }
        client.readComplete();
        world.settle();
        return came;
    }

    @Test
    void shouldReadBackForClientsOfJetStream() {
        connect();
        station("a", 1, true);
        station("plain", 1, false);
        publish("a$1", "one", "two", "three");
        publish("plain$1", "gone", "there");
        world.pass(10 * SECOND);
        assertEquals(1, stored("a$1"));
        String got = ask("$JS.API.STREAM.MSG.GET.a$1", "{\"seq\":1}").get(0);
        assertTrue(got.contains("\"subject\":\"a$1.final\"") && got.contains("\"seq\":1,") && got.contains("\"data\":\"b25l\""), got);
        assertTrue(ask("$JS.API.STREAM.MSG.GET.a$1", "{\"seq\":3}").get(0).contains("\"data\":\"dGhyZWU=\""));
        String info = ask("$JS.API.STREAM.INFO.a$1", "").get(0);
        String config = info.substring(info.indexOf("\"config\":") + 9, info.indexOf(",\"created\"", info.indexOf("\"config\":")));
        String updated = ask("$JS.API.STREAM.UPDATE.a$1", config.replace("\"allow_direct\":false", "\"allow_direct\":true")).get(0);
        assertTrue(updated.contains("\"allow_direct\":true"), updated);
        String direct = ask("$JS.API.DIRECT.GET.a$1", "{\"seq\":2}").get(0);
        assertTrue(direct.contains("Nats-Sequence: 2\r\n") && direct.endsWith("\r\n\r\ntwo"), direct);
        for (String none : List.of("{\"seq\":4}", "{\"last_by_subj\":\"a$1.x\"}", "{\"seq\":9223372036854775807}")) {
            assertTrue(ask("$JS.API.STREAM.MSG.GET.a$1", none).get(0).contains("10037"), none);
        }
        assertTrue(ask("$JS.API.STREAM.MSG.GET.plain$1", "{\"seq\":1}").get(0).contains("10037"));
        objects.always = new Answer(Outcome.FAILED, "nobody listens there");
        got = ask("$JS.API.STREAM.MSG.GET.a$1", "{\"seq\":1}").get(0);
        assertTrue(got.contains("\"error\"") && got.contains("The tiered storage cannot be read: nobody listens there"), got);
        assertTrue(ask("$JS.API.DIRECT.GET.a$1", "{\"seq\":2}").get(0)
            .startsWith("NATS/1.0 500 Message Unreadable: The tiered storage cannot be read"));
    }

    /** Two at a time; of a flood of requests some wait, the rest is refused, and publishing goes on. */
    @Test
    void shouldReadWithinBounds() {
        connect();
        station("a", 1, true);
        publish("a$1", "one", "two", "three");
        world.pass(10 * SECOND);
        objects.slow = true;
        String[] flood = new String[TierReads.AT_ONCE + TierReads.MOST_WAITING + 5];
        Arrays.fill(flood, "{\"seq\":1}");
        List<String> came = ask("$JS.API.STREAM.MSG.GET.a$1", flood);
        assertEquals(5, came.stream().filter(answer -> answer.contains("is being read by others")).count());
        assertEquals(5, came.size());
        publish("a$1", "four");
        assertEquals(2, stored("a$1"));
        objects.slow = false;
        objects.answer();
        world.settle();
        objects.answer();
        world.settle();
        assertEquals(flood.length, came.size());
        assertEquals(flood.length - 5, came.stream().filter(answer -> answer.contains("\"data\":\"b25l\"")).count());
    }

    @Test
    void shouldBeTurnedOnAndOffWhileTheStationIsUsed() throws StoreException {
        connect();
        station("a", 2, false);
        publish("a$1", "1", "2");
        assertEquals(1, stored("a$1"));
        world.pass(SECOND); // and this is on disk
        tiered(true);
        publish("a$1", "3", "4");
        assertEquals(3, stored("a$1"));
        crash();
        assertEquals(3, stored("a$1"), "it is so after a restart too");
        world.pass(10 * SECOND);
        assertEquals(List.of("2", "3"), archived("a$1"));
        assertEquals(1, stored("a$1"));
        objects.always = new Answer(Outcome.FAILED, "nobody listens there");
        publish("a$1", "5", "6");
        assertEquals(3, stored("a$1"));
        tiered(false);
        world.settle();
        assertEquals(1, stored("a$1"), "what waited is let go");
        publish("a$1", "7");
        assertEquals(1, stored("a$1"));
        world.pass(10 * SECOND);
        assertEquals(0, figures().waitingBytes());
    }

    private void tiered(boolean wanted) {
        StationView view = get(broker.control().memphis().administration().change(ROOT, new StationChange("a", Optional.empty(),
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
            Optional.of(wanted))));
        assertEquals(wanted, view.tieredStorage());
    }

    @Test
    void shouldNotMixAStationWithOneOfItsNameBefore() {
        connect();
        station("a", 1, true);
        publish("a$1", "old", "2");
        world.pass(10 * SECOND);
        get(broker.control().memphis().administration().remove(ROOT, List.of("a")));
        world.pass(SECOND);
        station("a", 1, true);
        publish("a$1", "new", "2");
        world.pass(10 * SECOND);
        assertArrayEquals("new".getBytes(StandardCharsets.UTF_8), read("a", 1).orElseThrow().payload());
        assertEquals(2, objects.objects.size());
    }

    @Test
    void shouldKeepWhatTheBucketDoesNotTakeAndTryAgain() {
        connect();
        station("a", 1, true);
        objects.always = new Answer(Outcome.BAD_CREDENTIALS, "status 403, InvalidAccessKeyId");
        publish("a$1", "1", "2", "3");
        world.pass(30 * SECOND);
        assertEquals(3, stored("a$1"));
        assertEquals("status 403, InvalidAccessKeyId", figures().problem());
        assertTrue(figures().failures() >= 3 && figures().failures() < 10, "pauses grow: " + figures());
        assertFalse(integrations.find("s3").orElseThrow().valid());
        publish("a$1", "4"); // producers do not notice
        assertEquals(4, stored("a$1"));
        objects.always = Answer.DONE;
        world.pass(65 * SECOND);
        assertEquals(List.of("1", "2", "3"), archived("a$1"));
        assertEquals(1, stored("a$1"));
        assertTrue(integrations.find("s3").orElseThrow().valid());
        assertEquals("", figures().problem());
        assertEquals(List.of("[INF] The bucket takes objects again",
            "[ERR] The bucket takes no objects: status 403, InvalidAccessKeyId",
            "[INF] S3 integration has been created by user root"), notes());
    }

    @Test
    void shouldRemoveTheOldestWhenTooMuchWaits() throws StoreException {
        maxWaiting = 10_000;
        crash();
        connect();
        station("a", 1, true);
        station("small", 1, true);
        objects.always = new Answer(Outcome.FAILED, "nobody listens there");
        publish("small$1", "1", "2");
        String kilobyte = "k".repeat(1_000);
        for (int i = 0; i < 30; i++) {
            publish("a$1", kilobyte + i);
        }
        world.pass(20 * SECOND);
        assertTrue(stored("a$1") >= 7 && stored("a$1") <= 11, "" + stored("a$1"));
        assertEquals(2, stored("small$1"));
        assertEquals(30 - stored("a$1"), figures().lost());
        objects.always = Answer.DONE;
        world.pass(65 * SECOND);
        assertEquals(1, stored("a$1"));
        assertEquals(29 - figures().lost(), archived("a$1").size());
        assertEquals(List.of("1"), archived("small$1"));
    }

    @Test
    void shouldUploadAgainWhatWasNotRemovedBeforeACrash() throws StoreException {
        connect();
        station("a", 1, true);
        objects.slow = true;
        publish("a$1", "1", "2", "3");
        world.pass(10 * SECOND);
        assertEquals(1, objects.objects.size(), "it is there, and nobody was told");
        objects.slow = false;
        crash();
        assertEquals(3, stored("a$1"), "nothing goes before somebody looked");
        publish("a$1", "4");
        world.pass(10 * SECOND);
        assertEquals(1, stored("a$1"));
        assertEquals(List.of("1", "2", "1", "2", "3"), archived("a$1"));
        for (int i = 1; i <= 4; i++) {
            assertArrayEquals(Integer.toString(i).getBytes(StandardCharsets.UTF_8), read("a", i).orElseThrow().payload());
        }
    }

    @Test
    void shouldHoldForAnIntegrationThatComesLaterAndLetGoWithoutOne() {
        station("a", 1, true);
        publish("a$1", "1", "2");
        assertEquals(1, stored("a$1"));
        connect();
        publish("a$1", "3", "4");
        assertEquals(3, stored("a$1"));
        get(integrations.remove(ROOT, "s3"));
        world.settle();
        assertEquals(1, stored("a$1"));
        world.pass(20 * SECOND);
        assertTrue(objects.objects.isEmpty());
        assertEquals(0, figures().waitingBytes());
    }

    @Test
    void shouldHoldInNewPartitionsToo() {
        connect();
        station("a", 1, true);
        get(broker.control().memphis().administration().grow(ROOT, "a", 2, true));
        publish("a$2", "1", "2");
        assertEquals(2, stored("a$2"));
        world.pass(10 * SECOND);
        assertEquals(List.of("1"), archived("a$2"));
    }
}
