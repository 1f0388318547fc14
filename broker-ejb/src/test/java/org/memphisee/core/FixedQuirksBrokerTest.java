package org.memphisee.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import org.memphisee.core.CoreClient.Message;
import org.memphisee.core.access.NewUser;
import org.memphisee.core.access.PermissionPatterns;
import org.memphisee.core.access.UserProfile;
import org.memphisee.core.letters.Letter;
import org.memphisee.core.stations.StationChange;
import org.memphisee.support.Await;

/** What the reference does wrong with dead letters and is right here, where no other test says so (wire-protocol.md 10). */
class FixedQuirksBrokerTest extends LetterFixture {

    /** Q14: old SDKs do not say which partition. */
    @Test
    void shouldFindTheMessageThatAnOldSdkGivesUp() {
        station("s", "");
        join("s", "g");
        for (String partition : List.of("", ",\"partition\":0", ",\"partition\":-1", ",\"partition\":null")) {
            publish("s$1", "", "bad");
            Message m = client.fetch("s$1", "g", 1).get(0);
            client.publish(m.reply(), "", "+TERM");
            client.publish("$memphis_nacked_dls", "", "{\"station_name\":\"s\",\"error\":\"no good" + partition.length()
                + "\"" + partition + ",\"cg_name\":\"g\",\"seq\":" + m.reply().split("\\.")[5] + "}");
            Await.until("the reason that was said with '" + partition + "'", () -> list("s", Letter.Kind.UNACKED)
                .stream().anyMatch(l -> l.letter().groups().get(0).reason().equals("no good" + partition.length())));
        }
        await("s", 4);
    }

    /** Q3, Q4: there a second answer follows, in JSON after a text, or empty. */
    @Test
    void shouldAnswerOnce() {
        client.subscribe("once.*");
        client.publish("$memphis_consumer_creations", "once.1",
            "{\"name\":\"-\",\"station_name\":\"s\",\"consumer_type\":\"application\"}");
        assertFalse(client.next().payload().startsWith("{"));
        client.publish("$JS.API.STREAM.CREATE.Plain", "once.2", "{\"name\":\"Plain\",\"subjects\":[\"plain\"]}");
        Message made = client.next();
        assertEquals("once.2", made.subject());
        assertTrue(made.payload().contains("\"did_create\":true"), made.payload());
        client.publish("$JS.API.INFO", "once.3", "");
        assertEquals("once.3", client.next().subject());
        assertEquals(List.of(), client.come());
    }

    /** Q10: there users of other accounts than the first one hear nothing; here a user hears it who may hardly do anything. */
    @Test
    void shouldTellEveryUsersClientsWhatIsNew() {
        CoreClient.get(broker.control().users().createUser(ROOT, new NewUser("lim", "application", "Secret-1x", UserProfile.EMPTY,
            new PermissionPatterns(List.of("nothing"), List.of("nothing"), List.of(), List.of()))));
        station("s", "");
        CoreClient limited = new CoreClient(broker, "lim$1", "Secret-1x", "_INBOX.lim.");
        limited.subscribe("$memphis_sdk_clients_updates");
        CoreClient.get(broker.control().memphis().administration().change(ROOT, StationChange.deadLetters("s", true, false)));
        assertEquals("{\"station_name\":\"s\",\"type\":\"schemaverse_to_dls\",\"update\":false}", limited.next().payload());
    }

    /** F-068: a member that asks for the next messages while it has some still has them without anything being acknowledged. */
    @Test
    void shouldGiveTheNextBatchWhileTheOneBeforeIsWorkedOn() {
        station("s", "");
        join("s", "g");
        for (int i = 0; i < 30; i++) {
            publish("s$1", "", "m" + i);
        }
        List<String> all = new ArrayList<>();
        List<Message> had = client.fetch("s$1", "g", 10);
        for (int batch = 0; batch < 2; batch++) {
            List<Message> next = client.fetch("s$1", "g", 10); // nothing of the one before is acknowledged
            had.forEach(m -> all.add(m.payload()));
            had.forEach(m -> client.publish(m.reply(), "", "+ACK"));
            had = next;
        }
        had.forEach(m -> all.add(m.payload()));
        assertEquals(IntStream.range(0, 30).mapToObj(i -> "m" + i).toList(), all);
        assertTrue(had.stream().allMatch(m -> m.reply().split("\\.")[4].equals("1")), "each was delivered once");
        had.forEach(m -> client.publish(m.reply(), "", "+ACK"));
        Await.until("the station is empty", () -> view("s").messages() == 0);
    }

    /** Q7: who one is, and what one may see, is not taken from headers of requests. */
    @Test
    void shouldNotBelieveHeadersThatSayWhoAsks() {
        String forged = "Nats-Request-Info: {\"acc\":\"other\",\"user\":\"nobody\",\"name\":\"uuid::nobody\"}";
        assertEquals("", CoreClient.get(client.ask("$memphis_station_creations", forged, "{\"name\":\"q7\",\"partitions_number\":1,\"username\":\"nobody\"}")));
        assertEquals("root", view("q7").createdBy());
    }

    /** Q11: the longer form of acknowledgements, with a domain and an account, says no and never too. */
    @Test
    void shouldTakeEveryWordInTheLongerFormOfAcknowledgements() {
        station("s", "");
        join("s", "g");
        for (String tail : List.of("", ".token")) {
            publish("s$1", "", "again" + tail);
            for (int attempt = 1; attempt <= 2; attempt++) {
                Message m = client.fetch("s$1", "g", 1).get(0);
                assertEquals("again" + tail, m.payload());
                assertEquals("" + attempt, m.reply().split("\\.")[4]);
                client.publish(m.reply().replace("$JS.ACK.", "$JS.ACK._.account.") + tail, "", attempt == 1 ? "-NAK" : "+TERM");
            }
        }
        await("s", 2);
    }

    /** Q12: ids of messages by either name, each against itself. */
    @Test
    void shouldStoreAMessageOnceByEitherNameOfItsId() {
        station("s", "");
        join("s", "keeps");
        for (String name : List.of("msg-id", "Nats-Msg-Id")) {
            String first = CoreClient.get(client.ask("s$1.final", name + ": of-" + name, "x"));
            String again = CoreClient.get(client.ask("s$2.final", name + ": of-" + name, "x"));
            assertFalse(first.contains("duplicate"), first);
            assertTrue(again.contains("\"duplicate\": true"), again);
        }
        assertEquals(2, view("s").messages());
    }

    /** Q24: what the broker keeps for itself are no streams. */
    @Test
    void shouldListNoStreamsOfItsOwn() {
        station("s", "dead");
        join("s", "g");
        publish("s$1", "", "bad");
        deadLetter("s$1", "g", "x");
        await("s", 1);
        for (String list : List.of("NAMES", "LIST")) {
            String streams = client.request("$JS.API.STREAM." + list, "{}");
            assertTrue(streams.contains("\"total\":3"), streams);
            assertFalse(streams.contains("$memphis"), streams);
        }
    }

    /** 3.10: groups with dots or with what stands for them; as memphis.js, memphis.go and memphis.py tell of messages that fit no schema. */
    @Test
    void shouldUnderstandWhatEachSdkTells() {
        station("s", "");
        join("s", "g.1");
        for (String group : List.of("g.1", "g#1", "G.1")) {
            publish("s$1", "", "bad");
            deadLetter("s$1", "g.1", "why " + group);
            long id = await("s", 1).get(0).letter().id();
            assertEquals(1, CoreClient.get(letters().resend(ROOT, view("s"), Set.of(id))));
            client.publish("$memphis_pm_acks", "", "{\"id\":" + id + ",\"cg_name\":\"" + group + "\"}");
            await("s", 0);
        }
        String producer = "{\"station_name\":\"s\",\"producer\":{\"name\":\"p\",\"connection_id\":\"c\"},\"message\":{\"data\":\"";
        List<String> told = List.of(producer + "6a73\",\"headers\":{}},\"validation_error\":\"js\"}",
            producer + "676f\",\"headers\":{\"k\":\"v\"},\"size\":2},\"validation_error\":\"go\",\"creation_unix\":1700000000,\"partition_number\":1}",
            producer.replace("\"s\"", "\"S\"") + "7079\",\"headers\":{},\"time_sent\":null},\"validation_error\":\"py\",\"partition_number\":0}");
        told.forEach(json -> client.publish("$memphis_schemaverse_dls", "", json));
        Await.until("a letter of each", () -> list("s", Letter.Kind.SCHEMA).size() == told.size());
        list("s", Letter.Kind.SCHEMA).forEach(letter -> assertEquals(letter.letter().error(), payload(letter)));
    }

    /** Q18: copies of dead letters go to all partitions of the dead-letter station, the last one too. */
    @Test
    void shouldUseAllPartitionsOfADeadLetterStation() {
        station("dead", "");
        CoreClient.get(broker.control().memphis().administration().grow(ROOT, "dead", 3, true));
        join("dead", "keeps"); // an ack-based station
        station("s", "dead");
        join("s", "g");
        int letters = 60;
        List<CompletableFuture<String>> stored = new ArrayList<>();
        for (int i = 0; i < letters; i++) {
            stored.add(client.ask("s$1.final", "", "bad " + i));
        }
        stored.forEach(CoreClient::get);
        client.fetch("s$1", "g", letters).forEach(m -> client.publish(m.reply(), "", "+TERM"));
        Await.until("all copies", () -> view("dead").messages() == letters);
        for (int partition = 1; partition <= 3; partition++) {
            long there = broker.control().engine().registry().byName("dead$" + partition).orElseThrow().state().messages();
            assertTrue(there > 0, "partition " + partition + " has nothing");
        }
        assertEquals(letters, view("dead").messages());
    }

    /** A member that keeps up has thousands of letters again in seconds, each once, while others publish. */
    @Test
    void shouldSendThousandsAgainInSeconds() {
        int count = 6_000;
        station("s", "");
        join("s", "g");
        List<CompletableFuture<String>> stored = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            stored.add(client.ask("s$1.final", "", "bad " + i));
        }
        stored.forEach(CoreClient::get);
        client.fetch("s$1", "g", count).forEach(m -> client.publish(m.reply(), "", "+TERM"));
        Await.until("all are letters", () -> view("s").deadLetters().unacked() == count);
        client.subscribe("$memphis_dls_s.g");
        CoreClient.get(letters().resendAll(ROOT, view("s")));
        Set<String> came = new HashSet<>();
        List<Message> messages = new ArrayList<>();
        Await.until("all came", () -> {
            messages.addAll(client.come());
            return messages.size() >= count;
        });
        messages.forEach(m -> came.add(m.payload()));
        assertEquals(count, came.size());
        assertEquals(count, messages.size(), "each once");
        assertEquals(count, view("s").deadLetters().unacked(), "until it is acknowledged");
    }

    /** Letters are bound to their station: in the reference whoever knows a number may drop any letter. */
    @Test
    void shouldLeaveLettersOfOtherStationsAlone() {
        station("mine", "");
        station("other", "");
        join("other", "g");
        publish("other$1", "", "bad");
        deadLetter("other$1", "g", "x");
        long id = await("other", 1).get(0).letter().id();
        assertEquals(0, CoreClient.get(letters().drop(ROOT, view("mine"), Letter.Kind.UNACKED, Set.of(id))));
        assertEquals(0, CoreClient.get(letters().resend(ROOT, view("mine"), Set.of(id))));
        assertEquals(Optional.empty(), CoreClient.get(letters().find("root", "mine", id)));
        assertEquals(Letter.Kind.UNACKED, await("other", 1).get(0).letter().kind());
        assertFalse(list("other", Letter.Kind.UNACKED).get(0).letter().groups().get(0).resending());
    }
}
