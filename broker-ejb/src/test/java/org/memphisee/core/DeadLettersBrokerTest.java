package org.memphisee.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;

import org.junit.jupiter.api.Test;

import org.memphisee.core.CoreClient.Message;
import org.memphisee.core.api.Author;
import org.memphisee.core.deadletters.DeadLetter;
import org.memphisee.core.letters.Letter;
import org.memphisee.core.letters.LetterGroup;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.stations.RequestRefusal;
import org.memphisee.core.stations.StationChange;
import org.memphisee.core.tasks.TaskView;
import org.memphisee.support.Await;

/** Dead letters of a whole broker, as SDKs and people deal with them. */
class DeadLettersBrokerTest extends LetterFixture {

    @Test
    void shouldShowWhatAMemberDeadLettered() throws StoreException {
        station("s.t", "");
        join("s.t", "g.1");
        publish("s#t$2", "k: v", "bad");
        deadLetter("s#t$2", "g.1", "no good");
        Await.until("the reason of the letter", () -> await("s.t", 1).get(0).letter().groups().get(0).reason().equals("no good"));
        DeadLetter letter = list("s.t", Letter.Kind.UNACKED).get(0);
        assertEquals("bad", payload(letter));
        assertEquals(2, letter.partition());
        assertEquals("g#1", letter.letter().groups().get(0).name());
        restart();
        Optional<DeadLetter> found = CoreClient.get(letters().find("root", "", letter.letter().id()));
        assertEquals("bad", payload(found.orElseThrow()));
        assertEquals("s.t", found.get().station());
        assertEquals(Optional.empty(), CoreClient.get(letters().find("root", "other", letter.letter().id())));
        assertEquals(Optional.empty(), CoreClient.get(letters().find("root", "", letter.letter().id() + 1)));
        assertEquals(0, view("s.t").messages());
    }

    @Test
    void shouldGiveTheDeadLetterStationOneCopyForEachGroup() throws StoreException {
        station("s", "dead");
        join("s", "g");
        join("s", "h");
        publish("s$1", "msg-id: 7", "bad");
        deadLetter("s$1", "g", "x");
        deadLetter("s$1", "h", "y");
        join("dead", "r");
        Await.until("two copies", () -> view("dead").messages() == 2);
        List<Message> copies = client.fetch("dead$1", "r", 2);
        assertEquals(List.of("bad", "bad"), copies.stream().map(Message::payload).toList());
        assertEquals(Set.of("g", "h"), copies.stream().map(m -> m.headers().contains("cg: g\r\n") ? "g" : "h")
            .collect(java.util.stream.Collectors.toSet()));
        String header = copies.get(0).headers();
        assertTrue(header.contains("station: s\r\n") && header.contains("type: unacked\r\n"), header);
        assertFalse(header.contains("msg-id: 7\r\n"), header);
        Await.until("each group has its copy", () -> list("s", Letter.Kind.UNACKED).get(0).letter().groups().stream().allMatch(LetterGroup::copied));
        restart();
        CoreClient.get(broker.control().memphis().administration().change(Author.named("root"), StationChange.deadLetterStation("s", "")));
        join("s", "g");
        publish("s$2", "k: v", "later");
        deadLetter("s$2", "g", "z");
        await("s", 2);
        Await.until("each group has its copy", () -> list("s", Letter.Kind.UNACKED).get(0).letter().groups().stream().allMatch(LetterGroup::copied));
        assertEquals(2, view("dead").messages());
    }

    @Test
    void shouldSendAgainToWhoListensUntilItIsAcknowledged() throws StoreException {
        station("s", "");
        join("s", "g.1");
        join("s", "h");
        publish("s$1", "k: v", "bad");
        deadLetter("s$1", "g.1", "x");
        deadLetter("s$1", "h", "y");
        long id = await("s", 1).get(0).letter().id();
        Await.until("the letter of two groups", () -> list("s", Letter.Kind.UNACKED).get(0).letter().groups().size() == 2);
        assertEquals(1, CoreClient.get(letters().resend(ROOT, view("s"), Set.of(id, 77L))));
        restart(); // nobody listened until now
        client.subscribe("$memphis_dls_s.g#1");
        Message m = client.next();
        assertEquals("bad", m.payload());
        assertTrue(m.headers().contains("$memphis_pm_id: " + id + "\r\n"), m.headers());
        assertTrue(m.headers().contains("$memphis_pm_cg_name: g.1\r\n"), m.headers());
        assertTrue(m.headers().contains("$memphis_producedBy: $memphis_dls\r\n"), m.headers());
        assertTrue(m.headers().contains("k: v\r\n"), m.headers());
        client.publish("$memphis_pm_acks", "", "{\"id\":" + id + ",\"cg_name\":\"g.1\"}");
        Await.until("one group has acknowledged", () -> list("s", Letter.Kind.UNACKED).get(0).letter().groups().size() == 1);
        client.subscribe("$memphis_dls_s_h"); // as old SDKs do
        assertEquals("bad", client.next().payload());
        client.publish("$memphis_pm_acks", "", "{\"id\":" + id + ",\"cg_name\":\"h\"}");
        await("s", 0);
    }

    @Test
    void shouldSendAllAgainAsATask() {
        station("s", "");
        join("s", "g");
        for (int i = 0; i < 250; i++) {
            publish("s$" + (1 + i % 2), "", "m" + i);
        }
        for (int i = 0; i < 250; i++) {
            deadLetter("s$" + (1 + i % 2), "g", "");
        }
        Await.until("250 dead letters", () -> view("s").deadLetters().unacked() == 250);
        TaskView task = CoreClient.get(letters().resendAll(ROOT, view("s")));
        Await.until("the task has ended", () -> broker.control().tasks().list().stream().anyMatch(t -> t.id() == task.id()
            && t.state() == TaskView.State.COMPLETED && t.done() == 250));
        assertFalse(letters().resendingAll("s"));
        client.subscribe("$memphis_dls_s.g");
        Set<String> came = new java.util.HashSet<>();
        for (int i = 0; i < 250; i++) {
            came.add(client.next().payload());
        }
        assertEquals(250, came.size());
    }

    @Test
    void shouldPutAMessageBackWithOtherContents() {
        station("s", "");
        join("s", "g");
        publish("s$1", "k: v", "bad");
        deadLetter("s$1", "g", "");
        long id = await("s", 1).get(0).letter().id();
        assertThrows(ExecutionException.class, () -> letters().putBack(ROOT, view("s"), 77, null, null).get());
        assertThrows(RequestRefusal.class, () -> letters().putBack(ROOT, view("s"), id, Map.of("a:b", "c"), null));
        CoreClient.get(letters().putBack(ROOT, view("s"), id, Map.of("k", "w"), "good".getBytes(StandardCharsets.UTF_8)));
        Message m = client.fetch("s$1", "g", 1).get(0);
        assertEquals("good", m.payload());
        assertTrue(m.headers().contains("k: w\r\n"), m.headers());
        assertEquals(List.of(), list("s", Letter.Kind.UNACKED));
    }

    /** Its letter is all there is of it until it is known to be stored. */
    @Test
    void shouldKeepALetterWhoseStreamWouldNotSayThatItStoredTheMessage() {
        String stream = "\"subjects\":[\"q.>\"],\"retention\":\"workqueue\",\"metadata\":{\"memphisee.dead-letters\":\"true\"}";
        client.request("$JS.API.STREAM.CREATE.Q", "{\"name\":\"Q\"," + stream + "}");
        client.request("$JS.API.CONSUMER.CREATE.Q.w", "{\"stream_name\":\"Q\",\"config\":{\"name\":\"w\",\"durable_name\":\"w\","
            + "\"ack_policy\":\"explicit\"}}");
        CoreClient.get(client.ask("q.a", "", "bad"));
        client.publish(client.fetch("Q", "w", 1).get(0).reply(), "", "+TERM");
        long id = await("q", 1).get(0).letter().id();
        String changed = client.request("$JS.API.STREAM.UPDATE.Q", "{\"name\":\"Q\",\"no_ack\":true," + stream + "}");
        assertFalse(changed.contains("\"error\""), changed);
        String said = assertThrows(ExecutionException.class, () -> letters().putBack(ROOT, view("q"), id, null, null).get()).getMessage();
        assertTrue(said.contains("acknowledges nothing"), said);
        assertEquals(1, list("q", Letter.Kind.UNACKED).size());
        assertEquals(0, view("q").messages());
    }

    @Test
    void shouldDropAndPurge() throws StoreException {
        station("s", "");
        join("s", "g");
        for (int i = 1; i <= 4; i++) {
            publish("s$" + (1 + i % 2), "", "m" + i);
            deadLetter("s$" + (1 + i % 2), "g", "");
        }
        List<Long> ids = await("s", 4).stream().map(l -> l.letter().id()).toList();
        assertEquals(0, CoreClient.get(letters().drop(ROOT, view("s"), Letter.Kind.SCHEMA, Set.of(ids.get(0)))));
        assertEquals(1, CoreClient.get(letters().drop(ROOT, view("s"), Letter.Kind.UNACKED, Set.of(ids.get(0), 5L))));
        restart();
        assertEquals(3, list("s", Letter.Kind.UNACKED).size());
        int ofTwo = (int) list("s", Letter.Kind.UNACKED).stream().filter(l -> l.partition() == 2).count();
        assertEquals(ofTwo, CoreClient.get(letters().purge(ROOT, view("s"), Set.of(2))));
        assertTrue(list("s", Letter.Kind.UNACKED).stream().allMatch(l -> l.partition() == 1));
        assertEquals(3 - ofTwo, list("s", Letter.Kind.UNACKED).size());
        CoreClient.get(letters().purge(ROOT, view("s"), Set.of()));
        restart();
        assertEquals(List.of(), list("s", Letter.Kind.UNACKED));
    }

    @Test
    void shouldKeepWhatSdksSayViolatesTheSchema() {
        station("s", "dead");
        client.publish("$memphis_schemaverse_dls", "", "{\"station_name\":\"s\",\"producer\":{\"name\":\"p\",\"connection_id\":\"c\"},"
            + "\"message\":{\"data\":\"626164\",\"headers\":{\"k\":\"v\",\"bro:ken\":\"x\"}},\"validation_error\":\"not a number\","
            + "\"partition_number\":2}");
        Await.until("the letter of a violation", () -> list("s", Letter.Kind.SCHEMA).size() == 1);
        DeadLetter letter = list("s", Letter.Kind.SCHEMA).get(0);
        assertEquals("bad", payload(letter));
        assertEquals("not a number", letter.letter().error());
        assertEquals("p", letter.letter().producer());
        assertEquals(2, letter.partition());
        Await.until("the copy of the violation", () -> view("dead").messages() == 1);
        Await.until("the letter knows of its copy", () -> list("s", Letter.Kind.SCHEMA).get(0).letter().groups().isEmpty());
        assertEquals(0, CoreClient.get(letters().resend(ROOT, view("s"), Set.of(letter.letter().id()))));
        CoreClient.get(broker.control().memphis().administration().change(Author.named("root"), StationChange.deadLetters("s", false, false)));
        assertFalse(CoreClient.get(letters().schemaViolation("root", "s", 1, "p", new byte[0], new byte[0], "no")));
        join("s", "g");
        publish("s$1", "k: v", "kept nowhere");
        client.request(client.fetch("s$1", "g", 1).get(0).reply(), "+TERM");
        assertEquals(0, view("s").deadLetters().unacked());
        assertFalse(CoreClient.get(letters().schemaViolation("root", "nowhere", 1, "p", new byte[0], new byte[0], "no")));
    }

    @Test
    void shouldTakeNoHarmOfWhateverIsTold() {
        station("s", "");
        for (String subject : List.of("$memphis_nacked_dls", "$memphis_pm_acks", "$memphis_schemaverse_dls")) {
            for (String payload : List.of("", "x", "[]", "{}", "null", "{\"station_name\":7}", "{\"station_name\":\"s\",\"seq\":-1}",
                "{\"station_name\":\"nowhere\",\"cg_name\":\"g\",\"seq\":1,\"partition\":99999999999}", "{\"id\":\"x\"}",
                "{\"id\":-5,\"cg_name\":\"\"}", "{\"station_name\":\"s\",\"message\":{\"data\":\"f\",\"headers\":{\"\":\"x\"}}}",
                "{\"station_name\":\"s\",\"message\":[]}")) {
                client.publish(subject, "", payload);
            }
        }
        Await.until("the letter of an odd message", () -> list("s", Letter.Kind.SCHEMA).stream().anyMatch(l -> payload(l).equals("f")));
        station("still-there", "");
    }

    @Test
    void shouldKeepDeadLettersOfAStreamThatSaysSo() {
        String answer = client.request("$JS.API.STREAM.CREATE.PLAIN", "{\"name\":\"PLAIN\",\"subjects\":[\"p.>\"],"
            + "\"metadata\":{\"memphisee.dead-letters\":\"true\"}}");
        assertFalse(answer.contains("error"), answer);
        client.request("$JS.API.CONSUMER.CREATE.PLAIN.d", "{\"stream_name\":\"PLAIN\",\"config\":{\"durable_name\":\"d\",\"name\":\"d\","
            + "\"ack_policy\":\"explicit\"}}");
        CoreClient.get(client.ask("p.a", "x"));
        client.publish(client.fetch("PLAIN", "d", 1).get(0).reply(), "", "+TERM no good");
        assertEquals("no good", await("PLAIN", 1).get(0).letter().groups().get(0).reason());
        client.request("$JS.API.STREAM.UPDATE.PLAIN", "{\"name\":\"PLAIN\",\"subjects\":[\"p.>\"],\"metadata\":{}}");
        CoreClient.get(client.ask("p.a", "y"));
        Message y = client.fetch("PLAIN", "d", 1).get(0);
        client.request(y.reply(), "+TERM");
        assertEquals(1, list("PLAIN", Letter.Kind.UNACKED).size());
    }
}
