package org.memphisee.simulation;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;

import org.memphisee.core.log.StoreException;

/** Looks at everything that is there, through the door, and holds it against what may be there. */
final class Look {

    private static final long REST = 400 * Story.MILLI;
    private static final String NO_STREAM = "10059";
    private static final String NO_CONSUMER = "10014";

    private final Story story;
    private final Map<String, JsonNode> infos = new TreeMap<>();
    private final Map<String, JsonNode> consumers = new TreeMap<>();
    private final Map<String, Map<Long, JsonNode>> messages = new TreeMap<>();

    private final long number;

    private Look(Story story) {
        this.story = story;
        this.number = story.next();
    }

    /** When all that was asked for is done: looks, and again if the power went meanwhile. */
    static void at(Story story) throws StoreException {
        while (!new Look(story).all()) {
            story.crash();
        }
        story.check();
    }

    private boolean all() {
        if (!story.pass(REST)) {
            return false;
        }
        for (SimulatedClient client : story.clients) {
            client.unanswered().stream().filter(p -> !story.failed && !story.unanswered.contains(p))
                .forEach(p -> story.wrong(client.name() + " gets no answer to " + p));
        }
        Set<String> names = new TreeSet<>(story.streams.keySet());
        names.addAll(List.of("A", "B", "C", "st$1"));
        names.forEach(this::askStream);
        if (!story.pass(10 * Story.MILLI)) {
            return false;
        }
        names.forEach(this::resolve);
        story.streams.values().forEach(this::askConsumersAndMessages);
        if (!story.pass(10 * Story.MILLI)) {
            return false;
        }
        for (StreamModel s : story.streams.values()) {
            if (s.ids.equals("st") && !s.damaged && !Letters.look(story, s)) {
                return false;
            }
        }
        story.streams.values().forEach(this::judge);
        story.streams.values().stream().filter(s -> s.windowNanos > 0).map(s -> s.ids).distinct().forEach(this::judgeIds);
        return true;
    }

    private void askStream(String name) {
        story.ask(story.clients.get(0), "$JS.API.STREAM.INFO." + name, "", answer -> infos.put(name, answer));
    }

    /** What was on its way when the power went was done or not. */
    private void resolve(String name) {
        JsonNode info = infos.get(name);
        StreamModel s = story.streams.get(name);
        if (info == null) {
            story.wrong("nothing is said of " + name);
            return;
        }
        boolean there = !info.path("error").path("err_code").asText().equals(NO_STREAM);
        if (s == null) {
            if (there) {
                story.wrong(name + " is there although it was removed, or was never made: " + info);
            }
            return;
        }
        if (!there && s.known && !s.removing) {
            story.wrong(s + " was made and is not there");
        }
        s.busy = false;
        s.known |= there;
        s.removing = false;
        if (!there) {
            story.streams.remove(name);
        }
    }

    private void askConsumersAndMessages(StreamModel s) {
        Set<String> names = new TreeSet<>(s.consumers.keySet());
        names.addAll(List.of("d1", "d2", "d3"));
        names.forEach(name -> story.ask(story.clients.get(1), "$JS.API.CONSUMER.INFO." + s.name + "." + name, "",
            answer -> consumers.put(s.name + "/" + name, answer)));
        Map<Long, JsonNode> found = new HashMap<>();
        messages.put(s.name, found);
        for (long n = 1; n <= infos.get(s.name).path("state").path("last_seq").asLong(); n++) {
            long sequence = n;
            story.ask(story.clients.get(2), "$JS.API.STREAM.MSG.GET." + s.name, "{\"seq\":" + n + "}",
                answer -> found.put(sequence, answer));
        }
    }

    private void judge(StreamModel s) {
        JsonNode info = infos.get(s.name);
        if (info.has("error")) {
            if (!s.damaged) {
                story.wrong(s.name + " tells nothing of itself: " + info);
            }
            return;
        }
        judgeMessages(s, info.path("state"));
        Set<String> names = new TreeSet<>(s.consumers.keySet());
        names.addAll(List.of("d1", "d2", "d3"));
        names.forEach(name -> judgeConsumer(s, name));
    }

    private void judgeMessages(StreamModel s, JsonNode state) {
        long last = state.path("last_seq").asLong();
        if (last < s.told && !s.damaged) {
            story.wrong(s.name + " ends at " + last + " and has told " + s.told);
        }
        Map<Long, JsonNode> answers = messages.get(s.name);
        Map<String, Integer> bySubject = new HashMap<>();
        int count = 0;
        for (long n = 1; n <= last; n++) {
            JsonNode answer = answers.get(n);
            if (answer == null) {
                story.wrong(s.name + " does not answer for " + n);
            } else if (answer.has("message")) {
                count++;
                bySubject.merge(found(s, n, answer.path("message")), 1, Integer::sum);
            }
        }
        s.told = Math.max(s.told, last);
        if (s.damaged) {
            return;
        }
        for (long n = 1; n <= last; n++) {
            if (!answers.getOrDefault(n, state).has("message")) {
                missing(s, n, answers.get(n));
            }
        }
        if (s.maxAgeNanos == 0 && count != state.path("messages").asInt()) {
            story.wrong(s.name + " has " + count + " messages and says " + state);
        }
        if (s.maxMsgs > 0 && !s.discardNew && count > s.maxMsgs) { // with the others, a removal that a crash took back counts
            story.wrong(s.name + " may have " + s.maxMsgs + " messages and has " + count);
        }
        bySubject.forEach((subject, of) -> {
            if (s.perSubject > 0 && of > s.perSubject) {
                story.wrong(s.name + " may have " + s.perSubject + " messages of " + subject + " and has " + of);
            }
        });
    }

    private String found(StreamModel s, long sequence, JsonNode message) {
        String subject = message.path("subject").asText();
        String data = new String(Base64.getDecoder().decode(message.path("data").asText()), StandardCharsets.UTF_8);
        story.wrong(s.seen(Story.payload(data), subject, sequence));
        Publication p = s.bySequence.get(sequence);
        if (p != null) {
            Instant at = Instant.parse(message.path("time").asText());
            p.storedNanos = at.getEpochSecond() * 1_000_000_000L + at.getNano();
            p.promised = true;
            p.found = number;
            if (p.mustBeGone) {
                story.wrong(s.name + " has again what was removed: " + p);
            }
            if (s.maxAgeNanos > 0 && !s.damaged && story.wall() - p.storedNanos > s.maxAgeNanos + 2_000 * Story.MILLI) {
                story.wrong(s.name + " has what is too old: " + p);
            }
        }
        return subject;
    }

    private void missing(StreamModel s, long sequence, JsonNode answer) {
        Publication p = s.bySequence.get(sequence);
        if (p != null && p.promised && !s.mayBeGone(p, story.wall())) {
            story.wrong(s.name + " has lost " + p + ": " + answer);
        }
    }

    private void judgeConsumer(StreamModel s, String name) {
        JsonNode info = consumers.get(s.name + "/" + name);
        ConsumerModel c = s.consumers.get(name);
        if (info == null) {
            story.wrong("nothing is said of " + s.name + "/" + name);
            return;
        }
        boolean there = !info.path("error").path("err_code").asText().equals(NO_CONSUMER);
        if (c == null) {
            if (there && !s.damaged) {
                story.wrong(s.name + "/" + name + " is there although it was removed, or was never made: " + info);
            }
            return;
        }
        if (!there && c.known && !c.removing && c.durable() && !s.damaged) {
            story.wrong(c + " was made and is not there");
        }
        c.busy = false;
        if (!there) {
            s.consumers.remove(name);
            return;
        }
        if (!c.known) {
            c.known = true;
            c.knownSince = story.now();
        }
        c.removing = false;
        long floor = info.path("ack_floor").path("stream_seq").asLong();
        if (floor < c.floor && !s.damaged) {
            story.wrong(c + " has moved its floor back from " + c.floor + " to " + floor);
        }
        c.floor = Math.max(floor, c.floor);
    }

    /** An id is stored once in its window. */
    private void judgeIds(String ids) {
        Map<String, List<Publication>> byId = new TreeMap<>();
        long window = Long.MAX_VALUE;
        for (StreamModel s : story.streams.values()) {
            if (s.ids.equals(ids)) {
                window = Math.min(window, s.windowNanos);
                s.bySequence.values().stream().filter(p -> !p.id.isEmpty() && p.found > 0)
                    .forEach(p -> byId.computeIfAbsent(p.id, id -> new ArrayList<>()).add(p));
            }
        }
        for (List<Publication> of : byId.values()) {
            of.sort(Comparator.comparingLong(p -> p.storedNanos));
            for (int i = 1; i < of.size(); i++) {
                Publication before = of.get(i - 1);
                Publication p = of.get(i);
                // an id goes with its message when that was removed and the process ends, see docs/design/simulation.md
                if (before.found == number && p.storedNanos - before.storedNanos < window
                    && before.fate != Publication.Fate.UNKNOWN && p.fate != Publication.Fate.UNKNOWN) {
                    story.wrong(ids + " has an id twice, " + (p.storedNanos - before.storedNanos) / Story.MILLI + " ms apart: "
                        + before + " and " + p);
                }
            }
        }
    }
}
