package org.memphisee.cli.migrate;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;

/** A server in memory, source and target, whose connection breaks when the test says. */
final class FakeServer implements Target {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** What is sent and not yet taken when the connection breaks. */
    private static final int UNDER_WAY = 3;

    /** A stream, or one that comes to be. */
    static final class Stored {
        final String created;
        JsonNode config;
        final TreeMap<Long, StoredMessage> messages = new TreeMap<>();
        final Map<String, JsonNode> consumers = new TreeMap<>();
        long last;

        Stored(String created, JsonNode config) {
            this.created = created;
            this.config = config;
        }

        void add(long sequence, String subject, String header, String payload) {
            byte[] body = (header + payload).getBytes(StandardCharsets.UTF_8);
            put(new StoredMessage(sequence, 1_700_000_000_000_000_000L + sequence, subject.getBytes(StandardCharsets.UTF_8),
                header.length(), body));
        }

        void put(StoredMessage m) {
            messages.put(m.sequence(), m);
            last = Math.max(last, m.sequence());
        }

        void consumer(String name, String config, long floorConsumer, long floorStream) {
            ObjectNode info = (ObjectNode) json("{'name':'" + name + "','config':" + config + "}");
            info.putObject("ack_floor").put("consumer_seq", floorConsumer).put("stream_seq", floorStream);
            info.putObject("delivered").put("consumer_seq", floorConsumer + 2).put("stream_seq", floorStream + 2);
            info.put("num_ack_pending", 2);
            consumers.put(name, info);
        }

        JsonNode info() {
            ObjectNode info = JSON.createObjectNode().put("created", created);
            info.set("config", config);
            info.putObject("state").put("messages", messages.size()).put("bytes", 100L * messages.size())
                .put("first_seq", messages.isEmpty() ? last + 1 : messages.firstKey()).put("last_seq", last);
            return info;
        }
    }

    private final TreeMap<String, Stored> streams = new TreeMap<>();
    private final Map<String, Stored> begun = new TreeMap<>();
    /** Partitions that wait for the others of their station, by what their imports are called. */
    private final Map<String, Stored> whole = new TreeMap<>();
    private final List<Runnable> atRead = new ArrayList<>();
    private long breaksAt = Long.MAX_VALUE;
    private long steps;
    private int restarts;

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text.replace('\'', '"'));
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    Stored make(String name, String more) {
        Stored made = new Stored("2026-01-01T00:00:00Z", json("{'name':'" + name + "','subjects':['" + name
            + ".>'],'storage':'file',"
            + "'num_replicas':1,'retention':'limits','max_age':0" + more + "}"));
        streams.put(name, made);
        return made;
    }

    /** Names of the streams that are seen. */
    List<String> names() {
        return List.copyOf(streams.keySet());
    }

    Stored get(String name) {
        return streams.get(name);
    }

    void remove(String name) {
        streams.remove(name);
    }

    /** How often an import was begun from its beginning, though something was there. */
    int restarts() {
        return restarts;
    }

    /** What was asked so far. */
    long steps() {
        return steps;
    }

    /** The connection breaks when so much was asked; from then on it holds again. */
    void breakAt(long step) {
        breaksAt = step;
        steps = 0;
    }

    /** Done once, when a stream has been read to its end. */
    void whenRead(Runnable work) {
        atRead.add(work);
    }

    private void step() {
        if (++steps >= breaksAt) {
            breaksAt = Long.MAX_VALUE;
            throw new CliFailure(ExitCode.UNREACHABLE, "the connection ended");
        }
    }

    @Override
    public List<JsonNode> streams() {
        step();
        return streams.values().stream().map(Stored::info).toList();
    }

    @Override
    public Optional<JsonNode> stream(String name) {
        step();
        return Optional.ofNullable(streams.get(name)).map(Stored::info);
    }

    @Override
    public List<JsonNode> consumers(String stream) {
        step();
        return List.copyOf(streams.get(stream).consumers.values());
    }

    @Override
    public MessageReader read(JsonNode info, long from, long to) {
        step();
        Stored stored = streams.get(info.path("config").path("name").asText());
        return new MessageReader() {
            private long next = from;

            @Override
            public StoredMessage next() {
                step();
                Map.Entry<Long, StoredMessage> entry = stored.messages.ceilingEntry(next);
                if (entry == null || entry.getKey() > to) {
                    List<Runnable> now = List.copyOf(atRead);
                    atRead.clear();
                    now.forEach(Runnable::run);
                    return null;
                }
                next = entry.getKey() + 1;
                return entry.getValue();
            }

            @Override
            public void close() {
                // nothing to do
            }
        };
    }

    @Override
    public Intake begin(String stream, JsonNode config, Optional<StationPlace> station, String id, boolean restart) {
        step();
        if (streams.containsKey(stream)) {
            throw CliFailure.refused("stream name already in use, cannot restore");
        }
        if (station.isPresent() && whole.containsKey(id)) {
            if (!restart) {
                return new FakeIntake(stream, station, id, whole.get(id), true);
            }
            whole.remove(id);
            restarts++;
        }
        Stored before = begun.get(id);
        if (before == null || restart || !before.config.equals(config)) {
            restarts += before == null ? 0 : 1;
            begun.put(id, new Stored("now", config));
        }
        Stored to = begun.get(id);
        return new FakeIntake(stream, station, id, to, false);
    }

    private final class FakeIntake implements Intake {
        private final String stream;
        private final Optional<StationPlace> station;
        private final boolean complete;
        private final String id;
        private final Stored to;
        private final long last;
        private final long messages;
        private final Map<String, JsonNode> entries = new TreeMap<>();
        private final List<StoredMessage> underWay = new ArrayList<>();

        private FakeIntake(String stream, Optional<StationPlace> station, String id, Stored to, boolean complete) {
            this.station = station;
            this.complete = complete;
            this.stream = stream;
            this.id = id;
            this.to = to;
            last = to.messages.isEmpty() ? 0 : to.messages.lastKey();
            messages = to.messages.size();
        }

        @Override
        public long last() {
            return last;
        }

        @Override
        public long messages() {
            return messages;
        }

        @Override
        public boolean complete() {
            return complete;
        }

        @Override
        public void entry(String name, byte[] bytes) {
            step();
            entries.put(name, json(new String(bytes, StandardCharsets.UTF_8)));
        }

        @Override
        public void message(StoredMessage message) {
            step();
            if (message.sequence() <= to.last) {
                throw CliFailure.refused("message sequence " + message.sequence() + " out of order");
            }
            underWay.add(message);
            if (underWay.size() > UNDER_WAY) {
                to.put(underWay.remove(0));
            }
        }

        @Override
        public void pause() {
            step();
            underWay.forEach(to::put);
            underWay.clear();
        }

        @Override
        public void finish() {
            step();
            pause();
            to.last = Math.max(to.last, entries.get("state.json").path("last_seq").asLong());
            if (entries.size() - 1 != entries.get("state.json").path("consumer_count").asInt()) {
                throw CliFailure.refused("expected consumer");
            }
            entries.forEach((name, entry) -> {
                if (name.startsWith("consumers/")) {
                    ObjectNode info = JSON.createObjectNode().put("name", name.substring("consumers/".length()));
                    info.set("config", entry.get("config"));
                    info.set("ack_floor", entry.get("state").get("ack_floor"));
                    info.set("delivered", entry.get("state").get("delivered"));
                    to.consumers.put(info.get("name").asText(), info);
                }
            });
            begun.remove(id);
            ((ObjectNode) to.config).put("name", stream);
            if (station.isEmpty()) {
                streams.put(stream, to);
            } else {
                whole.put(id, to);
                if (whole.size() == station.get().partitions()) {
                    whole.values().forEach(part -> streams.put(part.config.path("name").asText(), part));
                    whole.clear();
                }
            }
            step(); // the answer may be lost on its way
        }
    }
}
