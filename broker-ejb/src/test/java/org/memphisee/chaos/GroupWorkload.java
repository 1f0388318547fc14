package org.memphisee.chaos;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * One publisher and three members of a consumer group, which fetch at any node, have each acknowledgement confirmed, and ask
 * now and then how far the group is. In the end everything that is left is fetched.
 */
final class GroupWorkload extends Workload {

    private static final String STREAM = "GRP";
    private static final String GROUP = "group";
    private static final long DRAIN_SECONDS = 60;
    private static final long QUIET_NANOS = 4_000_000_000L;

    /** Acknowledged, whether that was confirmed or not: of those that were not, nobody knows. */
    private final Set<Long> acknowledged = ConcurrentHashMap.newKeySet();
    private final AtomicLong published = new AtomicLong();

    GroupWorkload(ChaosCluster cluster, long seed) {
        super(cluster, seed);
    }

    @Override
    String name() {
        return "group";
    }

    @Override
    void prepare() throws IOException {
        make(STREAM, "grp.>", "");
        Answer made = insist("$JS.API.CONSUMER.CREATE." + STREAM + "." + GROUP, "{\"stream_name\":\"" + STREAM
            + "\",\"config\":{\"durable_name\":\"" + GROUP + "\",\"name\":\"" + GROUP
            + "\",\"ack_policy\":\"explicit\",\"ack_wait\":2000000000}}", 30);
        if (!made.ok()) {
            throw new IOException(made.text());
        }
    }

    @Override
    void begin() {
        client("grp-publisher", this::publish);
        for (int i = 0; i < 3; i++) {
            client("grp-member" + i, this::consume);
        }
    }

    private void publish(Roaming client) throws IOException {
        String value = "g" + published.incrementAndGet();
        client.note("publish", "", value, "grp.a", "Nats-Msg-Id: " + value + "\r\n", value, "seq", "");
        LockSupport.parkNanos(5_000_000);
    }

    private void consume(Roaming client) throws IOException {
        fetch(client.connection(), client.life(), 10);
        if (client.random().nextInt(10) == 0) {
            look(client);
        }
    }

    /** Two numbers of the consumer and one of the stream that never fall. */
    private void look(Roaming client) throws IOException {
        see(client, "$JS.API.CONSUMER.INFO." + STREAM + "." + GROUP, "floor", "ack_floor");
        see(client, "$JS.API.STREAM.INFO." + STREAM, "last", "state");
    }

    private void see(Roaming client, String subject, String key, String field) throws IOException {
        long begin = System.nanoTime();
        Answer answer = client.ask(subject, "");
        if (answer.ok()) {
            long number = answer.json().path(field).path(key.equals("floor") ? "stream_seq" : "last_seq").asLong();
            note(new Op(client.life(), "see", key, "", number, begin, System.nanoTime(), Op.Result.OK, ""));
        } else if (!answer.unavailable()) {
            throw new IllegalStateException(subject + ": " + answer.text());
        }
    }

    private record Waiting(LineClient.Message message, long sequence, long asked,
        CompletableFuture<LineClient.Message> answer) { }

    /** @return how many messages came */
    private int fetch(LineClient from, String life, int batch) throws IOException {
        BlockingQueue<LineClient.Message> come = new LinkedBlockingQueue<>();
        String inbox = from.listen(come::add);
        from.publish("$JS.API.CONSUMER.MSG.NEXT." + STREAM + "." + GROUP, inbox, "", "{\"batch\":" + batch
            + ",\"expires\":1000000000}");
        List<Waiting> waiting = new ArrayList<>();
        long until = System.nanoTime() + 3_000_000_000L;
        int got = 0;
        while (got < batch && System.nanoTime() < until && !from.ended()) {
            LineClient.Message message = next(come);
            if (message == null) {
                continue;
            }
            if (message.reply().isEmpty()) {
                break; // a status
            }
            got++;
            String[] ack = message.reply().split("\\.");
            long sequence = Long.parseLong(ack[ack.length > 9 ? 7 : 5]);
            long now = System.nanoTime();
            note(new Op(life, "deliver", "", message.payload(), sequence, now, now, Op.Result.OK, ""));
            waiting.add(new Waiting(message, sequence, now, from.ask(message.reply(), "", "+ACK")));
            acknowledged.add(sequence);
        }
        IOException failed = null;
        for (Waiting each : waiting) {
            try {
                LineClient.Message answer = LineClient.await(each.answer, failed == null ? 3 : 0);
                boolean confirmed = answer.headers().isEmpty();
                note(new Op(life, "ack", "", each.message.payload(), each.sequence, each.asked, System.nanoTime(), confirmed
                    ? Op.Result.OK : Op.Result.UNKNOWN, answer.headers()));
            } catch (IOException e) {
                note(new Op(life, "ack", "", each.message.payload(), each.sequence, each.asked, Long.MAX_VALUE, Op.Result.UNKNOWN,
                    e.getMessage()));
                failed = e;
            }
        }
        if (failed != null) {
            throw failed;
        }
        return got;
    }

    private static LineClient.Message next(BlockingQueue<LineClient.Message> come) throws IOException {
        try {
            return come.poll(50, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    List<String> verdict() throws IOException {
        Set<Long> all = ConcurrentHashMap.newKeySet();
        ops().stream().filter(op -> op.kind().equals("publish") && op.ok()).forEach(op -> all.add(op.number()));
        long until = System.nanoTime() + DRAIN_SECONDS * 1_000_000_000L;
        int turn = 0;
        while (!acknowledged.containsAll(all) && System.nanoTime() < until) {
            drain(turn++);
        }
        List<String> wrong = new ArrayList<>();
        long left = all.stream().filter(sequence -> !acknowledged.contains(sequence)).count();
        if (left > 0) {
            wrong.add(left + " messages were not acknowledged within " + DRAIN_SECONDS + " s of peace, first "
                + all.stream().filter(sequence -> !acknowledged.contains(sequence)).min(Comparator.naturalOrder()));
        }
        long settled = System.nanoTime();
        while (System.nanoTime() < settled + QUIET_NANOS) {
            drain(turn++);
        }
        wrong.addAll(GroupCheck.check(ops(), settled));
        return wrong;
    }

    private void drain(int turn) {
        List<String> names = cluster().names();
        try (LineClient client = new LineClient(cluster().port(names.get(turn % names.size())))) {
            fetch(client, "drain" + turn, 200);
        } catch (IOException e) {
            LockSupport.parkNanos(100_000_000);
        }
    }
}
