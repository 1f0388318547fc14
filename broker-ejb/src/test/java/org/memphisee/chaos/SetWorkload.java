package org.memphisee.chaos;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Publishers of messages that are all different: two with message ids, which repeat each until it is acknowledged, and two
 * without, which repeat nothing. In the end the stream is read under each node's leadership.
 */
final class SetWorkload extends Workload {

    static final String STREAM = "SET";
    private static final int TOGETHER = 5;
    private static final int READ = 500;
    private static final int TRIES = 5;
    /** So long a node may be without what it needs to tell about a stream, after all are well. */
    private static final long TELLS_SECONDS = 15;

    SetWorkload(ChaosCluster cluster, long seed) {
        super(cluster, seed);
    }

    @Override
    String name() {
        return "set";
    }

    @Override
    void prepare() throws IOException {
        make(STREAM, "set.>", "");
    }

    @Override
    void begin() {
        for (int i = 0; i < 4; i++) {
            boolean ids = i % 2 == 0;
            String name = "set" + i;
            Publisher publisher = new Publisher(name, ids);
            client(name, publisher::publish);
        }
    }

    private final class Publisher {
        private final String name;
        private final boolean ids;
        private final List<String> again = new ArrayList<>();
        private long next;

        Publisher(String name, boolean ids) {
            this.name = name;
            this.ids = ids;
        }

        private void publish(Roaming client) throws IOException {
            List<String> values = new ArrayList<>(again);
            again.clear();
            while (values.size() < TOGETHER) {
                values.add(name + "-" + ++next);
            }
            LineClient at = client.connection();
            List<CompletableFuture<LineClient.Message>> answers = new ArrayList<>();
            long begin = System.nanoTime();
            IOException failed = null;
            for (String value : values) {
                try {
                    answers.add(at.ask("set." + name, ids ? "Nats-Msg-Id: " + value + "\r\n" : "", value));
                } catch (IOException e) {
                    answers.add(CompletableFuture.failedFuture(e));
                    failed = e;
                }
            }
            for (int i = 0; i < values.size(); i++) {
                Op op;
                try {
                    Answer answer = Answer.of(LineClient.await(answers.get(i), failed == null ? PATIENCE_SECONDS : 1));
                    op = new Op(client.life(), "publish", ids ? "id" : "", values.get(i), answer.json().path("seq").asLong(),
                        begin,
                        System.nanoTime(), answer.result(), answer.ok() ? "" : answer.text());
                } catch (IOException e) {
                    failed = e;
                    op = new Op(client.life(), "publish", ids ? "id" : "", values.get(i), 0, begin, Long.MAX_VALUE,
                        Op.Result.UNKNOWN,
                        e.getMessage());
                }
                note(op);
                if (ids && !op.ok()) {
                    again.add(values.get(i));
                }
            }
            if (failed != null) {
                throw failed;
            }
            LockSupport.parkNanos(25_000_000);
        }
    }

    @Override
    List<String> verdict() throws IOException {
        List<String> wrong = new ArrayList<>(silent(STREAM, TELLS_SECONDS));
        Map<String, List<SetCheck.Stored>> there = new LinkedHashMap<>();
        JsonNode members = insist("$JS.API.STREAM.INFO." + STREAM, "", 30).json().path("cluster");
        List<String> all = new ArrayList<>(List.of(members.path("leader").asText()));
        members.path("replicas").forEach(replica -> all.add(replica.path("name").asText()));
        for (String member : all) {
            if (lead(member, all)) {
                there.put(member, read(there.size()));
            } else {
                wrong.add(member + " does not come to lead:\n" + cluster().dump());
            }
        }
        wrong.addAll(SetCheck.check(ops(), there));
        return wrong;
    }

    /** As a node sees it that is well; empty when it cannot tell. */
    private String leader(String at) {
        try (LineClient client = new LineClient(cluster().port(at))) {
            return Answer.of(client.ask("$JS.API.STREAM.INFO." + STREAM, "", PATIENCE_SECONDS)).json().path("cluster")
                .path("leader")
                .asText();
        } catch (IOException e) {
            return "";
        }
    }

    /** Leadership goes to the first member that is there: those before it stand still for a while. */
    private boolean lead(String wanted, List<String> members) throws IOException {
        for (int i = 0; i < TRIES; i++) {
            String leader = leader(wanted);
            if (leader.equals(wanted)) {
                return true;
            }
            if (leader.isEmpty()) {
                continue;
            }
            List<String> others = members.stream().filter(member -> !member.equals(wanted) && !member.equals(leader)).toList();
            try {
                for (String other : others) {
                    cluster().pause(other);
                }
                Story.pass(1_500); // its links have ended
                try (LineClient client = new LineClient(cluster().port(leader))) {
                    client.ask("$JS.API.STREAM.LEADER.STEPDOWN." + STREAM, "", PATIENCE_SECONDS);
                } catch (IOException e) {
                    continue;
                }
                for (int look = 0; look < 30 && !leader(wanted).equals(wanted); look++) {
                    Story.pass(50);
                }
            } finally {
                for (String other : others) {
                    cluster().resume(other);
                }
            }
        }
        return leader(wanted).equals(wanted);
    }

    private List<SetCheck.Stored> read(int number) throws IOException {
        String consumer = "read" + number;
        Answer made = insist("$JS.API.CONSUMER.CREATE." + STREAM + "." + consumer, "{\"stream_name\":\"" + STREAM
            + "\",\"config\":{\"durable_name\":\"" + consumer + "\",\"name\":\"" + consumer + "\",\"ack_policy\":\"none\"}}", 30);
        if (!made.ok()) {
            throw new IOException(made.text());
        }
        long messages = insist("$JS.API.STREAM.INFO." + STREAM, "", 30).json().path("state").path("messages").asLong();
        List<SetCheck.Stored> all = new ArrayList<>();
        long until = System.nanoTime() + 60_000_000_000L;
        while (all.size() < messages && System.nanoTime() < until) {
            try (LineClient client = new LineClient(cluster().port(cluster().names().get(0)))) {
                ConcurrentLinkedQueue<LineClient.Message> come = new ConcurrentLinkedQueue<>();
                String inbox = client.listen(come::add);
                boolean asked = true;
                while (asked && all.size() < messages) {
                    client.publish("$JS.API.CONSUMER.MSG.NEXT." + STREAM + "." + consumer, inbox, "", "{\"batch\":" + READ
                        + ",\"expires\":2000000000}");
                    asked = take(come, all);
                }
            }
        }
        return all;
    }

    /** @return whether a whole batch came */
    private static boolean take(ConcurrentLinkedQueue<LineClient.Message> come, List<SetCheck.Stored> all) {
        long until = System.nanoTime() + 5_000_000_000L;
        for (int got = 0; got < READ && System.nanoTime() < until;) {
            LineClient.Message message = come.poll();
            if (message == null) {
                LockSupport.parkNanos(1_000_000);
            } else if (message.reply().isEmpty()) {
                return false; // a status
            } else {
                String[] ack = message.reply().split("\\.");
                all.add(new SetCheck.Stored(Long.parseLong(ack[ack.length > 9 ? 7 : 5]), message.payload()));
                got++;
            }
        }
        return true;
    }
}
