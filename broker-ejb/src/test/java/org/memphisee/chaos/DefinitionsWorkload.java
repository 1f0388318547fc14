package org.memphisee.chaos;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;

import com.fasterxml.jackson.databind.JsonNode;

/** Streams come and go, each made and removed by one client. In the end all nodes have the same. */
final class DefinitionsWorkload extends Workload {

    private static final String PREFIX = "DEF-";

    DefinitionsWorkload(ChaosCluster cluster, long seed) {
        super(cluster, seed);
    }

    @Override
    String name() {
        return "definitions";
    }

    @Override
    void prepare() { }

    @Override
    void begin() {
        for (int i = 0; i < 2; i++) {
            client("def" + i, new Client("def" + i)::act);
        }
    }

    private final class Client {
        private final String name;
        private final Deque<String> made = new ArrayDeque<>();
        private int next;

        Client(String name) {
            this.name = name;
        }

        void act(Roaming client) throws IOException {
            if (made.size() > 3 && client.random().nextBoolean()) {
                String stream = made.poll();
                client.note("delete", stream, "", "$JS.API.STREAM.DELETE." + stream, "", "", "", "");
            } else {
                String stream = PREFIX + name + "-" + ++next;
                made.add(stream);
                client.note("create", stream, "", "$JS.API.STREAM.CREATE." + stream, "", "{\"name\":\"" + stream
                    + "\",\"subjects\":[\"" + stream + ".>\"],\"num_replicas\":" + (next % 3 == 0 ? 1 : 3) + "}", "", "");
            }
            LockSupport.parkNanos(200_000_000);
        }
    }

    private Set<String> names(String node) throws IOException {
        try (LineClient client = new LineClient(cluster().port(node))) {
            Answer answer = Answer.of(client.ask("$JS.API.STREAM.NAMES", "", PATIENCE_SECONDS));
            Set<String> names = new TreeSet<>();
            for (JsonNode name : answer.json().path("streams")) {
                if (name.asText().startsWith(PREFIX)) {
                    names.add(name.asText());
                }
            }
            return names;
        }
    }

    @Override
    List<String> verdict() throws IOException {
        long until = System.nanoTime() + 20_000_000_000L;
        List<String> wrong;
        do { // a node that just came may hear the last of it a moment later
            Map<String, Set<String>> there = new TreeMap<>();
            for (String node : cluster().names()) {
                there.put(node, names(node));
            }
            wrong = DefinitionsCheck.check(ops(), there);
            LockSupport.parkNanos(100_000_000);
        } while (!wrong.isEmpty() && System.nanoTime() < until);
        return wrong;
    }
}
