package org.memphisee.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import com.fasterxml.jackson.databind.JsonNode;

import org.memphisee.simulation.ConsumerModel.Acks;
import org.memphisee.simulation.ConsumerModel.Kind;
import org.memphisee.simulation.StreamModel.Retention;

/** What clients do, chosen by chance, and what the models learn from the answers. */
final class Actions {

    private static final List<String> STREAMS = List.of("A", "B", "C");
    private static final String STATION = "st";
    private static final List<String> CONSUMERS = List.of("d1", "d2", "d3");
    private static final String[] IDS = {"i0", "i1", "i2", "i3", "i4", "i5", "i6", "i7"};

    private final Story story;
    private int payloads;

    Actions(Story story) {
        this.story = story;
    }

    private int chance(int of) {
        return story.random.nextInt(of);
    }

    // ---- definitions

    /** A stream that is not there is made. */
    void createStream() {
        String name = story.one(STREAMS);
        if (story.streams.containsKey(name)) {
            return;
        }
        Retention retention = Retention.values()[Math.max(0, chance(5) - 2)];
        int maxMsgs = chance(4) == 0 ? 3 + chance(20) : -1;
        StreamModel s = new StreamModel(name, subjects(name), retention, maxMsgs, chance(4) == 0 ? 1 + chance(3) : -1,
            chance(5) == 0 ? (2 + chance(4)) * 1_000 * Story.MILLI : 0, maxMsgs > 0 && chance(3) == 0,
            retention == Retention.LIMITS && chance(3) == 0, (1 + chance(2)) * 1_000 * Story.MILLI, name);
        story.streams.put(name, s);
        s.busy = true;
        story.ask(story.someone(), "$JS.API.STREAM.CREATE." + name, s.config(), answer -> {
            s.busy = false;
            s.known = !answer.has("error");
            if (!s.known) {
                refused("creation of " + s, answer);
                forget(story.streams, name, s);
            }
        });
    }

    private static List<String> subjects(String name) {
        return List.of(name + ".a", name + ".b", name + ".c");
    }

    /** A station with some partitions comes or goes. */
    void station() {
        List<StreamModel> partitions = story.streams.values().stream().filter(s -> s.ids.equals(STATION)).toList();
        if (partitions.stream().anyMatch(s -> s.busy)) {
            return;
        }
        if (partitions.isEmpty()) {
            int count = 1 + chance(3);
            List<StreamModel> made = new ArrayList<>();
            boolean ackBased = chance(2) == 0;
            for (int i = 1; i <= count; i++) {
                String name = STATION + "$" + i;
                StreamModel s = new StreamModel(name, List.of(name + ".final"),
                    ackBased ? Retention.INTEREST : Retention.LIMITS, 1_000, -1, 0, false, false,
                    2_000 * Story.MILLI, STATION);
                s.busy = true;
                made.add(s);
                story.streams.put(name, s);
            }
            change("$memphis_station_creations", "{\"name\":\"" + STATION + "\",\"retention_type\":\""
                + (ackBased ? "ack_based" : "messages") + "\",\"dls_configuration\":{\"poison\":true,\"Schemaverse\":true},"
                + "\"retention_value\":1000,\"storage_type\":\"file\",\"replicas\":1,\"idempotency_window_in_ms\":2000,"
                + "\"partitions_number\":" + count + ",\"schema_name\":\"\",\"username\":\"root\",\"version\":2}", made, true);
        } else if (chance(3) == 0) {
            partitions.forEach(s -> {
                s.busy = true;
                s.removing = true;
            });
            change("$memphis_station_destructions", "{\"station_name\":\"" + STATION + "\",\"username\":\"root\"}", partitions,
                false);
        }
    }

    /** A group of the station comes, on all its partitions. */
    void group() {
        List<StreamModel> partitions = story.streams.values().stream().filter(s -> s.ids.equals(STATION)).toList();
        String name = "g" + chance(2);
        if (partitions.isEmpty() || partitions.stream().anyMatch(s -> s.busy || !s.known || s.removing || s.consumers.containsKey(name))) {
            return;
        }
        int deliveries = 1 + chance(3);
        long ackMillis = (1 + chance(3)) * 500L;
        List<ConsumerModel> made = new ArrayList<>();
        for (StreamModel s : partitions) {
            ConsumerModel c = new ConsumerModel(s, name, Kind.PULL, Acks.EXPLICIT, s.subjects.get(0), deliveries, ackMillis * Story.MILLI,
                true, story.next());
            c.group = true;
            c.busy = true;
            s.consumers.put(name, c);
            s.consumersEver.add(c);
            made.add(c);
        }
        SimulatedClient client = story.someone();
        String body = "{\"name\":\"m\",\"station_name\":\"" + STATION + "\",\"connection_id\":\"" + story.next() + "\",\"consumer_type\":"
            + "\"application\",\"consumers_group\":\"" + name + "\",\"max_ack_time_ms\":" + ackMillis + ",\"max_msg_deliveries\":"
            + deliveries + ",\"start_consume_from_sequence\":1,\"last_messages\":-1,\"req_version\":4,\"username\":\"root\"}";
        story.happened(client.name() + " joins " + body);
        client.ask("$memphis_consumer_creations", "", body, heard -> made.forEach(c -> {
            c.busy = false;
            if (heard.payload().contains("\"error\":\"\"")) {
                c.known = true;
                c.knownSince = story.now();
            } else {
                story.happened("refused: " + heard.payload());
                forget(c.stream.consumers, name, c);
            }
        }));
        client.handOver();
    }

    private void change(String subject, String body, List<StreamModel> partitions, boolean made) {
        SimulatedClient client = story.someone();
        story.happened(client.name() + " asks " + subject + " " + body);
        client.ask(subject, "", body, heard -> partitions.forEach(s -> {
            boolean done = heard.payload().isEmpty() || heard.payload().contains("\"error\":\"\"");
            s.busy = false;
            s.known |= made && done;
            s.removing &= done || story.failed;
            if (!made && done) {
                gone(s);
            } else if (made && !done) {
                forget(story.streams, s.name, s);
            }
        }));
        client.handOver();
    }

    /** A stream goes with all that it has. */
    void deleteStream() {
        StreamModel s = anyStream(x -> !x.busy && x.known && STREAMS.contains(x.name));
        if (s == null) {
            return;
        }
        s.busy = true;
        s.removing = true;
        story.ask(story.someone(), "$JS.API.STREAM.DELETE." + s.name, "", answer -> {
            s.busy = false;
            if (answer.has("error")) {
                refused("removal of " + s, answer);
                s.removing = story.failed;
            } else {
                gone(s);
            }
        });
    }

    /** Who publishes while a stream goes hears that, or that it was stored before. */
    private void gone(StreamModel s) {
        story.streams.remove(s.name, s);
        story.lastRemoval = story.world.turns();
        inVain("$JS.ACK." + s.name + ".");
    }

    /** Acknowledgements on their way have nobody any more who would answer. */
    private void inVain(String prefix) {
        story.clients.forEach(c -> c.unanswered().stream().filter(x -> x.startsWith(prefix)).forEach(story.unanswered::add));
    }

    /** A consumer that is not there is made. */
    void createConsumer() {
        StreamModel s = anyStream(x -> x.known && !x.removing);
        String name = story.one(CONSUMERS);
        if (s == null || s.consumers.containsKey(name)) {
            return;
        }
        boolean queue = s.retention == Retention.WORKQUEUE;
        Kind kind = queue ? Kind.PULL : Kind.values()[Math.max(0, chance(6) - 2)];
        Acks acks = kind == Kind.ORDERED ? Acks.NONE : queue ? Acks.EXPLICIT : Acks.values()[Math.max(0, chance(6) - 3)];
        ConsumerModel c = new ConsumerModel(s, name, kind, acks, chance(3) == 0 ? story.one(s.subjects) : "",
            acks != Acks.NONE && chance(4) == 0 ? 1 + chance(3) : -1, (1 + chance(3)) * 500 * Story.MILLI,
            queue || chance(4) > 0, story.next());
        c.busy = true;
        s.consumers.put(name, c);
        s.consumersEver.add(c);
        story.ask(story.someone(), "$JS.API.CONSUMER.CREATE." + s.name + "." + name, "{\"stream_name\":\"" + s.name
            + "\",\"config\":" + c.config() + "}", answer -> {
                c.busy = false;
                if (answer.has("error")) {
                    refused("creation of " + c, answer);
                    forget(s.consumers, name, c);
                } else {
                    c.known = true;
                    c.knownSince = story.now();
                }
            });
    }

    /** A consumer goes. */
    void deleteConsumer() {
        ConsumerModel c = anyConsumer(x -> x.known && !x.busy && !x.group);
        if (c == null) {
            return;
        }
        c.busy = true;
        c.removing = true;
        c.waiting.clear();
        story.ask(story.someone(), "$JS.API.CONSUMER.DELETE." + c.stream.name + "." + c.name, "", answer -> {
            c.busy = false;
            if (answer.has("error")) {
                refused("removal of " + c, answer);
            } else {
                c.stream.consumers.remove(c.name, c);
                story.lastRemoval = story.world.turns();
                inVain("$JS.ACK." + c.stream.name + "." + c.name + ".");
            }
        });
    }

    /** It was not made; after a failed write nobody knows, and the next look tells. */
    private <T> void forget(Map<String, T> from, String name, T what) {
        if (!story.failed) {
            from.remove(name, what);
        }
    }

    private void refused(String what, JsonNode answer) {
        story.happened("refused: " + what + ": " + answer);
    }

    // ---- messages

    /** Some messages are published. */
    void publish() {
        StreamModel s = anyStream(x -> x.known);
        if (s != null) {
            publish(s, 1 + chance(chance(4) == 0 ? 12 : 3));
        }
    }

    /** So many messages are published in one read. */
    void publish(StreamModel s, int count) {
        SimulatedClient client = story.someone();
        for (int i = 0; i < count; i++) {
            String id = chance(3) == 0 ? story.one(List.of(IDS)) : "";
            String rollup = s.rollups && chance(12) == 0 ? chance(2) == 0 ? "sub" : "all" : "";
            Publication p = new Publication(s.name + "-" + ++payloads, story.one(s.subjects), id, rollup, story.next());
            if (!rollup.isEmpty()) {
                s.publications.values().stream().filter(x -> rollup.equals("all") || x.subject.equals(p.subject))
                    .forEach(x -> x.mayGo = true);
            }
            s.publications.put(p.payload, p);
            p.storedNanos = story.wall();
            String headers = (id.isEmpty() ? "" : (s.ids.equals(STATION) ? "msg-id: " : "Nats-Msg-Id: ") + id + "\r\n")
                + (rollup.isEmpty() ? "" : "Nats-Rollup: " + rollup + "\r\n");
            story.happened(client.name() + " publishes " + p);
            client.ask(p.subject, headers.isEmpty() ? "" : "NATS/1.0\r\n" + headers + "\r\n",
                p.payload + (chance(10) == 0 ? " " + "x".repeat(chance(600)) : ""), heard -> answered(s, p, heard));
        }
        client.handOver();
    }

    private void answered(StreamModel s, Publication p, SimulatedClient.Heard heard) {
        p.answered = true;
        if (heard.status()) {
            p.fate = Publication.Fate.REFUSED;
            return;
        }
        JsonNode answer = story.json(heard.payload());
        if (answer.has("error")) {
            String why = answer.path("error").path("description").asText();
            boolean unsure = why.contains("only a restart tells");
            p.fate = unsure ? Publication.Fate.UNKNOWN : Publication.Fate.REFUSED;
            return;
        }
        long sequence = answer.path("seq").asLong();
        if (answer.path("duplicate").asBoolean()) {
            StreamModel of = story.streams.get(answer.path("stream").asText());
            Publication first = of == null ? null : of.bySequence.get(sequence);
            if (p.id.isEmpty() || first != null && !first.id.equals(p.id)) {
                story.wrong(p + " is called a duplicate of " + first);
            }
            p.fate = Publication.Fate.DUPLICATE;
            if (p.sequence != 0) {
                story.wrong(p + " was delivered and is called a duplicate");
            }
            return;
        }
        story.wrong(s.seen(p.payload, p.subject, sequence));
        p.fate = Publication.Fate.STORED;
        p.promised = true;
    }

    /** A message is deleted. */
    void deleteMessage() {
        StreamModel s = anyStream(x -> x.known && !x.bySequence.isEmpty());
        if (s == null) {
            return;
        }
        Publication p = story.one(List.copyOf(s.bySequence.values()));
        p.mayGo = true;
        story.ask(story.someone(), "$JS.API.STREAM.MSG.DELETE." + s.name, "{\"seq\":" + p.sequence + "}",
            answer -> p.mustBeGone |= !answer.has("error"));
    }

    /** A stream, or a part of it, is emptied. */
    void purge() {
        StreamModel s = anyStream(x -> x.known);
        if (s == null) {
            return;
        }
        String filter = chance(2) == 0 ? "" : story.one(s.subjects);
        long below = chance(2) == 0 || s.told == 0 ? 0 : 1 + chance((int) s.told);
        List<Publication> known = new ArrayList<>();
        for (Publication p : s.publications.values()) {
            if ((filter.isEmpty() || filter.equals(p.subject)) && (below == 0 || p.sequence < below)) {
                p.mayGo = true;
                if (p.sequence > 0) {
                    known.add(p);
                }
            }
        }
        story.ask(story.someone(), "$JS.API.STREAM.PURGE." + s.name, "{\"filter\":\"" + filter + "\",\"seq\":" + below + "}",
            answer -> known.forEach(p -> p.mustBeGone |= !answer.has("error")));
    }

    // ---- consuming

    /** A client asks for messages. */
    void pull() {
        ConsumerModel c = anyConsumer(x -> x.known && x.kind == Kind.PULL);
        if (c != null) {
            pull(c, 1 + chance(6), chance(3) == 0 ? 0 : (1 + chance(20)) * 100 * Story.MILLI);
        }
    }

    /** A client asks one consumer for messages; it waits for them so long, 0 for not at all. */
    void pull(ConsumerModel c, int batch, long nanos) {
        SimulatedClient client = story.someone();
        story.happened(client.name() + " pulls " + batch + " of " + c.stream.name + "/" + c.name);
        client.publish("$JS.API.CONSUMER.MSG.NEXT." + c.stream.name + "." + c.name, "to." + client.name() + "." + story.next(),
            "", "{\"batch\":" + batch + (nanos == 0 ? ",\"no_wait\":true}" : ",\"expires\":" + nanos + "}"));
        client.handOver();
    }

    /** A client says what became of a delivery. */
    void settle() {
        ConsumerModel c = anyConsumer(x -> !x.waiting.isEmpty());
        if (c == null) {
            return;
        }
        ConsumerModel.Delivery d = chance(4) == 0 ? story.one(c.waiting) : c.waiting.remove(chance(c.waiting.size()));
        switch (chance(12)) {
            case 0 -> say(d, "-NAK");
            case 1 -> say(d, "-NAK {\"delay\":300000000}");
            case 2 -> say(d, "+WPI");
            case 3 -> {
                c.settled.add(d.sequence());
                say(d, "+TERM");
            }
            case 4, 5, 6 -> acknowledge(c, d);
            case 7 -> { } // it forgets
            default -> {
                settled(c, d);
                say(d, "+ACK");
            }
        }
    }

    private void say(ConsumerModel.Delivery d, String word) {
        SimulatedClient client = story.someone();
        story.happened(client.name() + " says " + word + " to " + d.reply());
        client.publish(d.reply(), "", "", word);
        client.handOver();
    }

    private static void settled(ConsumerModel c, ConsumerModel.Delivery d) {
        c.acknowledged.add(d.sequence());
        c.settled.add(d.sequence());
        if (c.acks == Acks.ALL) {
            c.settledTo = Math.max(c.settledTo, d.sequence());
        }
    }

    /** An acknowledgement that is to be answered when it is durable. */
    void acknowledge(ConsumerModel c, ConsumerModel.Delivery d) {
        settled(c, d);
        SimulatedClient client = story.someone();
        story.happened(client.name() + " acknowledges and waits: " + d.reply());
        client.ask(d.reply(), "", "+ACK", heard -> {
            if (!heard.status()) {
                c.done.add(d.sequence());
                if (c.acks == Acks.ALL) {
                    c.doneTo = Math.max(c.doneTo, d.sequence());
                }
            }
        });
        client.handOver();
    }

    /** Clients answer requests for a sign of life. */
    void answerFlowControl() {
        if (!story.flowControl.isEmpty()) {
            SimulatedClient client = story.someone();
            client.publish(story.flowControl.poll(), "", "", "");
            client.handOver();
        }
    }

    // ---- choosing

    StreamModel anyStream(Predicate<StreamModel> which) {
        List<StreamModel> some = story.streams.values().stream().filter(which).toList();
        return some.isEmpty() ? null : story.one(some);
    }

    ConsumerModel anyConsumer(Predicate<ConsumerModel> which) {
        List<ConsumerModel> some = story.streams.values().stream().flatMap(s -> s.consumers.values().stream()).filter(which)
            .toList();
        return some.isEmpty() ? null : story.one(some);
    }
}
