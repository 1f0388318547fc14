package org.memphisee.core.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static org.memphisee.core.client.LocalBroker.get;
import static org.memphisee.core.client.LocalBroker.group;
import static org.memphisee.core.client.LocalBroker.message;
import static org.memphisee.core.client.LocalBroker.texts;
import static org.memphisee.core.client.LocalBroker.to;
import static org.memphisee.core.client.LocalBroker.upTo;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.memphisee.core.CoreClient;
import org.memphisee.core.access.NewUser;
import org.memphisee.core.access.PermissionPatterns;
import org.memphisee.core.access.UserProfile;
import org.memphisee.core.control.Authors;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.settings.RuntimeSetting;
import org.memphisee.core.settings.RuntimeSettings;
import org.memphisee.core.stations.StationRequest;
import org.memphisee.core.stream.StreamConfig.Storage;

@Timeout(60)
class LocalClientTest {

    private LocalBroker broker;

    @BeforeEach
    void start() throws StoreException {
        broker = new LocalBroker();
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private LocalConnection root() {
        return broker.connection("root");
    }

    private static LocalRefusal refusal(CompletableFuture<?> future) {
        return assertThrows(LocalRefusal.class, () -> get(future));
    }

    private void station(String name, int partitions) {
        StationRequest d = StationRequest.defaults(name);
        CompletableFuture<String> created = new CompletableFuture<>();
        broker.broker.control().engine().resume(() -> broker.broker.control().memphis().stations().create(
            new StationRequest(name, d.retentionType(), d.retentionValue(), Storage.FILE, 1, d.windowMillis(),
                partitions, true, true, "", false, List.of()), Authors.of("root"), created::complete));
        assertEquals("", get(created));
    }

    private void user(String name, PermissionPatterns patterns) {
        get(broker.broker.control().users().createUser(Authors.of("root"),
            new NewUser(name, "application", "Secret-12345!", UserProfile.EMPTY, patterns)));
    }

    @Test
    void shouldCountWhatItMovesAsTrafficOfClients() {
        LocalTraffic traffic = broker.broker.local().traffic();
        get(root().publish(to("counted"), message("hello")));
        get(root().publish(to("counted"), message("again")));
        get(root().fetch(group("counted", "g"), upTo(10, 200))).close();
        assertEquals(2, traffic.inMessages());
        assertEquals(2L * message("hello").size(), traffic.inBytes());
        assertEquals(2, traffic.outMessages());
        assertTrue(traffic.outBytes() >= traffic.inBytes());
    }

    @Test
    void shouldStoreAMessageInAStationMadeForIt() {
        Stored stored = get(root().publish(to("My.Orders"), message("hello")));
        assertEquals(new Stored(1, 1, false), stored);
        assertEquals(2, get(root().publish(to("my.orders"), message("again"))).sequence());
        assertEquals(List.of("hello", "again"), texts(get(root().fetch(group("my.orders", "g"), upTo(10, 200)))));
        assertEquals(List.of("consumer reader of g active", "producer rest-gateway active"), broker.members());
    }

    @Test
    void shouldShowOneProducerHoweverManyPublishAtOnce() {
        List<CompletableFuture<Stored>> all = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            all.add(root().publish(to(i % 2 == 0 ? "Burst" : "burst"), message("m" + i)));
        }
        Set<Long> sequences = new HashSet<>();
        all.forEach(f -> sequences.add(get(f).sequence()));
        assertEquals(2000, sequences.size());
        assertEquals(List.of("producer rest-gateway active"), broker.members());
    }

    /** Nobody acknowledges, so its caller is told at once; the message is stored all the same. */
    @Test
    void shouldStoreWhatGoesToAStreamThatAcknowledgesNothing() {
        CoreClient client = new CoreClient(broker.broker, "secret-1");
        client.request("$JS.API.STREAM.CREATE.quiet", "{\"name\":\"quiet\",\"subjects\":[\"quiet.final\"],\"no_ack\":true}");
        assertEquals(new Stored(0, 0, false), get(root().publish(to("quiet"), message("one"))));
        assertEquals(List.of("one"), texts(get(root().fetch(group("quiet", "g"), upTo(1, 5_000)))));
    }

    @Test
    void shouldTellADuplicateFromAStoredMessage() {
        byte[] headers = new LocalHeaders.Writer().add("msg-id", "7").block();
        LocalMessage m = new LocalMessage(headers, new byte[] {1});
        assertFalse(get(root().publish(to("d"), m)).duplicate());
        assertEquals(new Stored(1, 1, true), get(root().publish(to("d"), m)));
    }

    @Test
    void shouldTellInWhichPartitionTheMessageWithTheSameIdIs() {
        station("numbered", 12);
        LocalMessage m = new LocalMessage(new LocalHeaders.Writer().add("msg-id", "7").block(), new byte[] {1});
        Destination eleven = new Destination("numbered", "rest-gateway", new PartitionChoice.Number(11));
        Destination two = new Destination("numbered", "rest-gateway", new PartitionChoice.Number(2));
        assertEquals(new Stored(11, 1, false), get(root().publish(eleven, m)));
        assertEquals(new Stored(11, 1, true), get(root().publish(two, m)));
        assertEquals(new Stored(11, 1, true), get(root().publish(eleven, m)));
    }

    /** Also for a producer that is there already; smaller messages again after that is taken back. */
    @Test
    void shouldTakeLargerMessagesOnceTheSettingAllowsThem() {
        LocalMessage large = new LocalMessage(new byte[0], new byte[LocalBroker.MAX_PAYLOAD + 1]);
        assertEquals(LocalRefusal.Kind.TOO_LARGE, refusal(root().publish(to("a"), large)).kind());
        RuntimeSettings settings = broker.broker.control().runtime();
        get(settings.change(Map.of(RuntimeSetting.MESSAGE_MIB, "2")));
        assertEquals(2 << 20, broker.broker.port().identity().maxPayload());
        get(root().publish(to("a"), large));
        get(settings.change(Map.of(RuntimeSetting.MESSAGE_MIB, "")));
        assertEquals(LocalRefusal.Kind.TOO_LARGE, refusal(root().publish(to("a"), large)).kind());
    }

    @Test
    void shouldRefuseWithTheKindTheDoorsNeed() {
        assertEquals(LocalRefusal.Kind.INVALID, refusal(root().publish(to("a b"), message("x"))).kind());
        assertEquals(LocalRefusal.Kind.INVALID, refusal(root().publish(
            new Destination("p", "rest-gateway", new PartitionChoice.Number(2)), message("x"))).kind());
        LocalMessage large = new LocalMessage(new byte[0], new byte[LocalBroker.MAX_PAYLOAD + 1]);
        assertEquals(LocalRefusal.Kind.TOO_LARGE, refusal(root().publish(to("a"), large)).kind());
        get(root().publish(to("a"), new LocalMessage(new byte[0], new byte[LocalBroker.MAX_PAYLOAD])));
        user("writer", new PermissionPatterns(List.of(), List.of("w*"), List.of(), List.of()));
        LocalConnection writer = broker.connection("writer");
        assertEquals("user writer is not allowed to access station a",
            refusal(writer.publish(to("a"), message("x"))).getMessage());
        get(writer.publish(to("w1"), message("x")));
        assertEquals(LocalRefusal.Kind.NOT_ALLOWED, refusal(writer.fetch(group("w1", "g"), upTo(1, 100))).kind());
        assertEquals(LocalRefusal.Kind.NOT_ALLOWED,
            refusal(writer.settle("w1", List.of(), LocalSettlement.ACKNOWLEDGED)).kind());
        assertEquals(LocalRefusal.Kind.NOT_ALLOWED,
            refusal(broker.connection("nobody").publish(to("a"), message("x"))).kind());
    }

    @Test
    void shouldMakeTheStationAnewWhenItWasRemoved() {
        get(root().publish(to("s"), message("old")));
        get(root().fetch(group("s", "g"), upTo(10, 100))).close();
        broker.remove("s");
        assertEquals(1, get(root().publish(to("s"), message("new"))).sequence());
        assertEquals(List.of("new"), texts(get(root().fetch(group("s", "g"), upTo(10, 200)))));
    }

    @Test
    void shouldKeepTheOrderOfABatchAndStopWhereItFails() {
        List<LocalMessage> batch = new ArrayList<>(IntStream.range(0, 100).mapToObj(i -> message("m" + i)).toList());
        assertEquals(100, get(root().publishAll(to("b"), batch)).size());
        batch.set(50, new LocalMessage(new byte[0], new byte[LocalBroker.MAX_PAYLOAD + 1]));
        List<CompletableFuture<Stored>> results = get(root().publishAll(to("b"), batch));
        assertEquals(51, results.size());
        assertEquals(150, get(results.get(49)).sequence());
        assertEquals(LocalRefusal.Kind.TOO_LARGE, refusal(results.get(50)).kind());
        List<String> stored = texts(get(root().fetch(group("b", "g"), upTo(200, 200))));
        assertEquals(150, stored.size());
        assertEquals("m99", stored.get(99));
        assertEquals("m49", stored.get(149));
    }

    @Test
    void shouldStopABatchAtAMessageThatThePartitionRefuses() {
        get(root().publish(to("b"), message("first")));
        byte[] wrong = new LocalHeaders.Writer().add("Nats-Expected-Stream", "other").block();
        List<CompletableFuture<Stored>> results = get(root().publishAll(to("b"),
            List.of(message("1"), new LocalMessage(wrong, new byte[0]), message("3"))));
        assertEquals(2, get(results.get(0)).sequence());
        assertEquals("expected stream does not match", refusal(results.get(1)).getMessage());
        assertEquals(LocalRefusal.Kind.FAILED, refusal(results.get(2)).kind());
        assertEquals(List.of("first", "1"), texts(get(root().fetch(group("b", "g"), upTo(10, 100)))));
    }

    @Test
    void shouldChoosePartitionsAsSdksDo() {
        station("p", 3);
        assertEquals(Set.of(1, 2, 3), new HashSet<>(IntStream.range(0, 3)
            .mapToObj(i -> get(root().publish(to("p"), message("x"))).partition()).toList()));
        Destination second = new Destination("p", "rest-gateway", PartitionChoice.of("", "2"));
        assertEquals(2, get(root().publish(second, message("x"))).partition());
        Destination keyed = new Destination("p", "rest-gateway", PartitionChoice.of("customer-1", null));
        int first = get(root().publish(keyed, message("x"))).partition();
        assertEquals(first, get(root().publish(keyed, message("x"))).partition());
        assertThrows(LocalRefusal.class, () -> PartitionChoice.of("a", "1"));
        assertThrows(LocalRefusal.class, () -> PartitionChoice.of("", "one"));
    }

    @Test
    void shouldFetchFromAllPartitionsAndWaitForTheRest() {
        station("p", 3);
        for (int i = 0; i < 10; i++) {
            get(root().publish(to("p"), message("x")));
        }
        assertEquals(4, texts(get(root().fetch(group("p", "g"), upTo(4, 5000)))).size());
        CompletableFuture<Fetched> waiting = root().fetch(group("p", "g"), upTo(8, 20_000));
        get(root().publish(to("p"), message("late")));
        assertFalse(waiting.isDone());
        get(root().publish(to("p"), message("later")));
        assertEquals(8, texts(get(waiting)).size());
    }

    @Test
    void shouldComeBackEmptyAfterTheWaitAndNotEarlier() {
        get(root().publish(to("e"), message("x")));
        get(root().fetch(group("e", "g"), upTo(10, 100))).close();
        long start = System.nanoTime();
        assertEquals(List.of(), texts(get(root().fetch(group("e", "g"), upTo(10, 300)))));
        long millis = (System.nanoTime() - start) / 1_000_000;
        assertTrue(millis >= 300 && millis < 2000, () -> "took " + millis + " ms");
    }

    @Test
    void shouldShareAGroupsMessagesAndGiveEachGroupAll() {
        List<LocalMessage> batch = IntStream.range(0, 100).mapToObj(i -> message("m" + i)).toList();
        get(root().publishAll(to("s"), batch)).forEach(LocalBroker::get);
        List<CompletableFuture<Fetched>> calls = IntStream.range(0, 4)
            .mapToObj(i -> root().fetch(group("s", "one"), upTo(25, 2000))).toList();
        List<String> all = new ArrayList<>();
        calls.forEach(call -> all.addAll(texts(get(call))));
        assertEquals(100, all.size());
        assertEquals(100, new HashSet<>(all).size());
        assertEquals(100, texts(get(root().fetch(group("s", "two"), upTo(100, 2000)))).size());
    }

    @Test
    void shouldSettleDeliveries() {
        GroupKey again = new GroupKey("s", "reader", "g", 60_000, 5);
        get(root().publishAll(to("s"), List.of(message("a"), message("b")))).forEach(LocalBroker::get);
        Fetched first = get(root().fetch(again, upTo(2, 1000)));
        List<String> ids = first.messages().stream().map(LocalDelivery::ackSubject).toList();
        first.close();
        assertEquals(List.of(true), get(root().settle("s", ids.subList(0, 1), LocalSettlement.ACKNOWLEDGED)));
        assertEquals(List.of(true, false), get(root().settle("s", List.of(ids.get(1), "$JS.ACK.x"),
            new LocalSettlement.Again(0))));
        assertEquals(List.of(false), get(root().settle("other", ids.subList(0, 1), LocalSettlement.ACKNOWLEDGED)));
        assertEquals(List.of("b"), texts(get(root().fetch(again, upTo(2, 300)))));
    }

    @Test
    void shouldEndAWaitWhenTheGroupGoes() {
        get(root().publish(to("s"), message("x")));
        get(root().fetch(group("s", "g"), upTo(5, 100))).close();
        CompletableFuture<Fetched> waiting = root().fetch(group("s", "g"), upTo(1, 9_000));
        broker.remove("s");
        // the station comes back with the defaults and the call waits on it, as a fresh consumer would
        get(root().publish(to("s"), message("new")));
        assertEquals(List.of("new"), texts(get(waiting)));
    }

    /** The group is known as registered, and went before the call asked for messages. */
    @Test
    void shouldNoticeAtOnceThatTheGroupOfACallIsGone() {
        get(root().publish(to("s"), message("x")));
        get(root().fetch(group("s", "g"), upTo(5, 100))).close();
        broker.remove("s");
        CompletableFuture<Fetched> waiting = root().fetch(group("s", "g"), upTo(1, 9_000));
        get(root().publish(to("s"), message("new")));
        assertEquals(List.of("new"), texts(get(waiting)));
    }

    @Test
    void shouldForgetAUserWhoIsNoLongerWelcome() {
        user("leaver", PermissionPatterns.NONE);
        get(broker.connection("leaver").publish(to("s"), message("x")));
        assertEquals(List.of("producer rest-gateway active"), broker.members());
        get(broker.broker.control().users().removeUser(Authors.of("root"), "leaver"));
        assertEquals(LocalRefusal.Kind.NOT_ALLOWED,
            refusal(broker.connection("leaver").publish(to("s"), message("x"))).kind());
        assertEquals(List.of(), broker.members().stream().filter(m -> m.endsWith("active")).toList());
    }

    @Test
    void shouldGiveItsBytesBack() {
        List<CompletableFuture<Stored>> all = IntStream.range(0, 500)
            .mapToObj(i -> root().publish(to("s"), message("x".repeat(1000)))).toList();
        all.forEach(LocalBroker::get);
        assertEquals(0, broker.broker.local().publishing());
        Fetched fetched = get(root().fetch(group("s", "g"), upTo(500, 1000)));
        assertTrue(broker.broker.local().fetched() > 500_000);
        fetched.close();
        assertEquals(0, broker.broker.local().fetched());
    }

    @Test
    void shouldGiveBackTheBytesOfAFetchNobodyWaitsForAnyMore() {
        get(root().fetch(group("f", "g"), upTo(1, 1)));
        CompletableFuture<Fetched> unwanted = root().fetch(group("f", "g"), upTo(1, 30_000));
        unwanted.cancel(false);
        get(root().publish(to("f"), message("x".repeat(1000))));
        assertEquals(List.of(), texts(get(root().fetch(group("f", "g"), upTo(1, 300)))), "the first fetch took it");
        assertEquals(0, broker.broker.local().fetched());
    }

    @Test
    void shouldWriteHeadersThatCannotSmuggleOthers() {
        byte[] block = new LocalHeaders.Writer().add("A", "1\r\nNats-Rollup: all").add("B", "é\nx").block();
        assertEquals(Map.of("A", "1  Nats-Rollup: all", "B", "é x"), LocalHeaders.read(block));
        assertArrayEquals(new byte[0], new LocalHeaders.Writer().block());
        assertEquals(Map.of(), LocalHeaders.read(new byte[0]));
    }

    @Test
    void shouldHashKeysAsSdksDo() {
        // computed with the published algorithm, whose value for seed 0 and "hello" is 248bfa47
        assertEquals(0x4af6b95b, Murmur3.hash(new byte[0]));
        assertEquals(0xc9ed3207, Murmur3.hash("a".getBytes()));
        assertEquals(0x53b6ff86, Murmur3.hash("abcd".getBytes()));
        assertEquals(0x0a10af7d, Murmur3.hash("hello".getBytes()));
        assertEquals(0xf0f1bd6b, Murmur3.hash("customer-1".getBytes()));
    }
}
