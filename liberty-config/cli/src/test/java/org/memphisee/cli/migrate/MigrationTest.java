package org.memphisee.cli.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.Test;
import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;

/** What a migration does with streams, whenever it is interrupted, between two servers in memory. */
class MigrationTest {

    private static final Glob ALL = new Glob(List.of());
    private static final String DURABLE = "{'durable_name':'work','ack_policy':'explicit','ack_wait':30000000000,'num_replicas':3}";

    private FakeServer source = filled();
    private FakeServer target = new FakeServer();

    private static FakeServer filled() {
        FakeServer server = new FakeServer();
        FakeServer.Stored orders = server.make("orders", "");
        for (long sequence : new long[] {2, 3, 5, 8, 13, 21, 34}) {
            orders.add(sequence, "orders." + sequence, sequence % 2 == 0 ? "NATS/1.0\r\nNats-Msg-Id: " + sequence + "\r\n\r\n"
                : "", "payload " + sequence);
        }
        orders.last = 40; // what came last was removed
        orders.consumer("work", DURABLE, 4, 8);
        orders.consumer("passing", "{'ack_policy':'none','inactive_threshold':5000000000}", 0, 0);
        FakeServer.Stored jobs = server.make("jobs", ",'retention':'workqueue'");
        jobs.add(7, "jobs.a", "", "job");
        server.make("KV_empty", "").last = 12;
        server.make("my#station$2", "").add(5, "my#station$2.final", "", "of the second partition");
        server.make("my#station$1", "").consumer("billing", DURABLE, 0, 0);
        return server;
    }

    private MigrationRun run() {
        MigrationRun run = new MigrationRun(source, target, Progress.NONE);
        run.run(ALL, false, true);
        return run;
    }

    /** Whatever is seen is whole. */
    private void assertNothingHalf() {
        target.names().forEach(name -> {
            FakeServer.Stored a = source.get(name);
            FakeServer.Stored b = target.get(name);
            assertEquals(a.last, b.last);
            assertEquals(List.copyOf(a.messages.values()), List.copyOf(b.messages.values()));
        });
    }

    @Test
    void shouldCopyStreamsWithSequencesGapsConsumersAndEndsAsTheyAre() {
        MigrationRun run = run();
        assertEquals(0, run.code(), run.items().toString());
        assertEquals(5, target.names().size());
        assertNothingHalf();
        JsonNode work = target.get("orders").consumers.get("work");
        assertEquals(FakeServer.json("{'consumer_seq':4,'stream_seq':8}"), work.get("ack_floor"));
        assertEquals(work.get("ack_floor"), work.get("delivered"), "what was delivered and not acknowledged comes again");
        assertFalse(work.get("config").has("num_replicas"));
        assertEquals(1, target.get("orders").consumers.size());
        JsonNode orders = run.items().get(4);
        assertEquals("orders", orders.get("stream").asText());
        assertEquals("copied", orders.get("result").asText());
        assertEquals(7, orders.get("messages").asInt());
        assertEquals(2, orders.get("firstSeq").asInt());
        assertEquals(34, orders.get("lastSeq").asInt());
        assertTrue(orders.get("verified").asBoolean());
        assertEquals(64, orders.get("digest").asText().length());
        assertEquals(orders.get("digest"), orders.get("targetDigest"));
        assertEquals(List.of("", "", "my.station", "my.station", ""), run.items().stream().map(i ->
            i.get("station").asText()).toList());
        assertEquals("passing", orders.get("leftOut").get(0).asText());
    }

    @Test
    void shouldBeEqualWhereverItWasInterruptedTwice() {
        run();
        long ofTarget = target.steps();
        long ofSource = source.steps();
        for (long at = 1; at <= ofTarget + ofSource; at++) {
            source = filled();
            target = new FakeServer();
            FakeServer first = at <= ofTarget ? target : source;
            first.breakAt(at <= ofTarget ? at : at - ofTarget);
            assertEquals(ExitCode.UNREACHABLE, assertThrows(CliFailure.class, this::run, "at " + at).code());
            assertNothingHalf();
            target.breakAt(1 + at * 7 % ofTarget);
            source.breakAt(1 + at * 11 % ofSource);
            try {
                run();
            } catch (CliFailure e) {
                assertEquals(ExitCode.UNREACHABLE, e.code());
            }
            assertNothingHalf();
            target.breakAt(Long.MAX_VALUE);
            source.breakAt(Long.MAX_VALUE);
            MigrationRun last = run();
            assertEquals(0, last.code(), "interrupted at " + at + ": " + last.items());
            assertEquals(5, target.names().size());
            assertNothingHalf();
            assertEquals(0, target.restarts(), "nothing was copied in vain");
        }
    }

    @Test
    void shouldGoOnBehindTheLastMessageThatIsThere() {
        source.breakAt(Long.MAX_VALUE);
        target.breakAt(Long.MAX_VALUE);
        MigrationRun prepared = new MigrationRun(source, target, Progress.NONE);
        prepared.run(new Glob(List.of("ord*")), true, true);
        assertEquals("prepared", prepared.items().get(0).get("result").asText());
        assertTrue(target.names().isEmpty());
        source.get("orders").add(41, "orders.41", "", "later");
        MigrationRun run = run();
        JsonNode orders = run.items().get(4);
        assertEquals(1, orders.get("copied").asInt());
        assertEquals(7, orders.get("copiedBefore").asInt());
        assertEquals(0, run.code(), run.items().toString());
        assertNothingHalf();
        MigrationRun again = run();
        assertEquals("present", again.items().get(4).get("result").asText());
        assertEquals(0, again.code());
    }

    @Test
    void shouldBeginAnewWhenWhatItHasCopiedWentAtTheSource() {
        new MigrationRun(source, target, Progress.NONE).run(ALL, true, true);
        source.get("orders").messages.remove(5L);
        MigrationRun run = run();
        assertEquals(0, run.code(), run.items().toString());
        assertEquals(1, target.restarts());
        assertNothingHalf();
    }

    @Test
    void shouldFollowAStreamThatGrowsAndGiveUpOneThatNeverRests() {
        source.whenRead(() -> source.get("KV_empty").add(13, "KV_empty.a", "", "meanwhile"));
        assertEquals(0, run().code());
        assertNothingHalf();
        target = new FakeServer();
        long[] next = {100};
        Runnable[] publish = new Runnable[1];
        publish[0] = () -> {
            source.get("KV_empty").add(++next[0], "KV_empty.a", "", "again");
            source.whenRead(publish[0]);
        };
        source.whenRead(publish[0]);
        MigrationRun run = new MigrationRun(source, target, Progress.NONE);
        run.run(new Glob(List.of("KV_*")), false, true);
        assertEquals(ExitCode.TRY_AGAIN, run.code());
        assertTrue(run.items().get(0).get("problems").get(0).asText().contains("still published to"), run.items().toString());
        assertTrue(target.names().isEmpty());
    }

    @Test
    void shouldFindWhatDiffersAndSayWhere() {
        run();
        source.get("orders").add(9000, "orders.x", "", "far");
        target.get("orders").put(source.get("orders").messages.get(9000L));
        target.get("orders").last = 9000;
        StoredMessage m = target.get("orders").messages.get(9000L);
        target.get("orders").put(new StoredMessage(9000, m.timeNanos() + 1, m.subject(), 0, m.body()));
        MigrationRun run = new MigrationRun(source, target, Progress.NONE);
        run.verify(new Glob(List.of("orders")));
        assertEquals(ExitCode.REFUSED, run.code());
        assertEquals("differs", run.items().get(0).get("result").asText());
        assertTrue(run.items().get(0).get("problems").get(0).asText().contains("not the same ones; they begin to differ at sequence 4096 or later"),
            run.items().toString());
        target.get("orders").messages.remove(9000L);
        ((ObjectNode) target.get("orders").consumers.get("work").get("ack_floor")).put("stream_seq", 3);
        run = new MigrationRun(source, target, Progress.NONE);
        run.verify(new Glob(List.of("orders")));
        assertTrue(run.items().get(0).get("problems").toString().contains("8 messages in the source, 7 in the target"),
            run.items().toString());
        assertTrue(run.items().get(0).get("problems").toString().contains("up to 8 at the source, up to 3"),
            run.items().toString());
        target.remove("orders");
        run = new MigrationRun(source, target, Progress.NONE);
        run.verify(new Glob(List.of("orders")));
        assertEquals(ExitCode.NOT_FOUND, run.code());
    }

    @Test
    void shouldTakeWhatIsPublishedHereAfterwardsForNoDifference() {
        run();
        target.get("orders").add(41, "orders.new", "", "here");
        MigrationRun again = run();
        assertEquals(0, again.code(), again.items().toString());
    }

    @Test
    void shouldPlanWithoutChangingAnything() {
        source.make("mirrored",
            ",'mirror':{'name':'x'},'storage':'memory','num_replicas':3,'metadata':{'_nats.ver':'2.15.1','a':'b'}");
        source.make("$memphis_inner", "");
        target.make("taken", "").config = FakeServer.json("{'name':'taken','subjects':['jobs.*','other']}");
        target.make("KV_empty", "");
        MigrationRun run = new MigrationRun(source, target, Progress.NONE);
        run.plan(ALL);
        assertEquals(List.of("compare", "refused", "copy", "copy", "copy", "copy"), run.items().stream().map(i ->
            i.get("result").asText()).toList());
        assertEquals("its subjects overlap with those of stream taken of the target",
            run.items().get(1).get("problems").get(0).asText());
        String changes = run.items().get(2).get("changes").toString();
        for (String part : List.of("mirror is not followed", "on disk instead of in memory", "one replica instead of 3")) {
            assertTrue(changes.contains(part), run.items().toString());
        }
        assertFalse(changes.contains("metadata"), changes);
        assertEquals(2, target.names().size());
    }

    @Test
    void shouldGoOnWithOtherStreamsAfterOneThatIsRefused() {
        target.make("jobs", "");
        MigrationRun run = run();
        assertEquals(ExitCode.REFUSED, run.code());
        assertEquals(List.of("copied", "differs", "copied", "copied", "copied"), run.items().stream().map(i ->
            i.get("result").asText()).toList());
    }

    @Test
    void shouldTranslateWhatIsNotKnownHereOrSayThatItIsLost() {
        Translation.Stream stream = Translation.stream(FakeServer.json("{'config':{'name':'s','allow_msg_ttl':true,'persist_mode':'default',"
            + "'allow_msg_counter':true,'placement':{'cluster':'east'},'template_owner':'','metadata':{'_nats.level':'1'},'max_age':5}}"));
        assertEquals(FakeServer.json("{'name':'s','metadata':{},'max_age':5}"), stream.config());
        assertEquals(List.of("times to live of single messages are not obeyed", "allow_msg_counter is left out",
            "placement is left out"),
            stream.changes());
        Translation.Consumer consumer = Translation.consumer(FakeServer.json("{'name':'c','config':{'durable_name':'c','ack_policy':'none',"
            + "'priority_policy':'none','pause_until':'2026-01-01T00:00:00Z','opt_start_time':'0001-01-01T00:00:00Z'},"
            + "'delivered':{'consumer_seq':3,'stream_seq':9},'ack_floor':{'consumer_seq':0,'stream_seq':0}}")).orElseThrow();
        assertEquals(9, consumer.floor());
        assertEquals(List.of("consumer c: pause_until is left out"), consumer.changes());
        assertTrue(new String(consumer.entry(),
            StandardCharsets.UTF_8).contains("\"ack_floor\":{\"consumer_seq\":3,\"stream_seq\":9}"));
    }

    private static long floor(String config, String info) {
        return Translation.consumer(FakeServer.json("{'name':'c','config':{'durable_name':'c','ack_policy':'explicit'" + config + "}," + info
            + "}")).orElseThrow().floor();
    }

    @Test
    void shouldKnowWhereAConsumerIsFromWhateverItsServerTells() {
        String nothingAcknowledged = "'delivered':{'consumer_seq':2,'stream_seq':7},'ack_floor':{'consumer_seq':0,'stream_seq':0}";
        assertEquals(9, floor("", "'delivered':{'consumer_seq':3,'stream_seq':9},'ack_floor':{'consumer_seq':1,'stream_seq':4}"));
        assertEquals(4, floor("", "'num_ack_pending':1,'delivered':{'consumer_seq':3,'stream_seq':9},'ack_floor':{'consumer_seq':1,"
            + "'stream_seq':4}"));
        assertEquals(5, floor(",'deliver_policy':'by_start_sequence','opt_start_seq':6", "'num_ack_pending':2," + nothingAcknowledged));
        assertEquals(0, floor("", "'num_ack_pending':2," + nothingAcknowledged));
        assertEquals(List.of("consumer c: its server does not tell where it began, messages from before may come"), Translation.consumer(
            FakeServer.json("{'name':'c','config':{'durable_name':'c','ack_policy':'all','deliver_policy':'new'},'num_ack_pending':2,"
                + nothingAcknowledged + "}")).orElseThrow().changes());
    }
}
