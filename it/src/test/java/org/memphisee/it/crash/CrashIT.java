package org.memphisee.it.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memphisee.it.support.BrokerUnderTest;
import org.memphisee.it.support.Brokers;
import org.memphisee.it.support.RawConnection;

/**
 * Kills the broker under load, again and again, at a random moment every fifth time and else at a named point of the
 * write path, where the broker halts itself ({@code MEMPHISEE_CRASH_POINT=<name>:<n>}: at its n-th passing). After each
 * start everything clients were told is compared with what is there.
 *
 * <p>{@code -Dit.crash.kills=300} for a long run, {@code -Dit.crash.seed=…} to repeat one. Report:
 * {@code target/crash-report.md}.
 */
@Tag("crash")
final class CrashIT {
    private static final int KILLS = Integer.getInteger("it.crash.kills", 9);
    private static final long SEED = Long.getLong("it.crash.seed", System.nanoTime());
    private static final int PUBLISHERS_PER_STREAM = 2;
    /** Points and how far into a life they may strike. */
    private static final Map<String, Integer> POINTS = Map.of("batch-built", 300, "before-commit", 300, "after-commit",
            300,
            "before-ack", 300, "cursor-before-commit", 10, "system-before-commit", 12, "system-after-commit", 12);

    private final Random random = new Random(SEED);
    private final List<StreamLedger> ledgers = new ArrayList<>();
    private final List<Publisher> publishers = new ArrayList<>();
    private final List<Consumer> consumers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private Definitions definitions;
    private BrokerUnderTest broker;
    private CrashReport report;

    @Test
    @Timeout(value = 6, unit = TimeUnit.HOURS) // bounded by the number of kills; every wait inside has its own limit
    void shouldKeepWhatItAcknowledgedThroughEveryKill() throws Exception {
        System.out.println("crash: " + KILLS + " kills, seed " + SEED);
        broker = Brokers.startQuickly();
        try {
            report = new CrashReport(broker.isMemphis() ? "Memphis EE" : "nats-server (checks the test itself)");
            definitions = new Definitions(broker);
            defineStreams();
            String point = "";
            for (int kill = 1; kill <= KILLS; kill++) {
                liveAndDie(point);
                point = nextPoint(kill);
                startAgain(point);
            }
            finish();
            List<String> violations = violations();
            System.out.println(report.write(ledgers, definitions, violations));
            assertEquals(List.of(), violations);
            assertTrue(ledgers.stream().allMatch(ledger -> ledger.acknowledgedCount() > 0));
        } finally {
            publishers.forEach(Publisher::stop);
            consumers.forEach(Consumer::stop);
            definitions.stop();
            broker.close();
        }
    }

    /** Points in turn, four lives out of five, so that nine kills reach each of the seven; the last life is undisturbed. */
    private String nextPoint(int kill) {
        if (!broker.isMemphis() || kill % 5 == 0 || kill == KILLS) {
            return "";
        }
        List<String> names = POINTS.keySet().stream().sorted().toList();
        String name = names.get((kill - 1 - kill / 5) % names.size());
        return name + ':' + (1 + random.nextInt(POINTS.get(name)));
    }

    private void defineStreams() throws IOException {
        try (RawConnection connection = RawConnection.login(broker)) {
            for (String name : List.of("crash-a", "crash-b", "crash-ids")) {
                success(connection.request("$JS.API.STREAM.CREATE." + name, "{\"name\":\"" + name
                        + "\",\"subjects\":[\""
                        + name + ".>\"],\"storage\":\"file\",\"duplicate_window\":600000000000}"));
                add(connection, name, name + ".x", name.equals("crash-ids"));
            }
            if (broker.isMemphis()) {
                String answer = connection.request("$memphis_station_creations", "{\"name\":\"crash.station\","
                        + "\"retention_type\":\"message_age_sec\",\"retention_value\":86400,\"storage_type\":\"file\","
                        + "\"replicas\":1,\"idempotency_window_in_ms\":600000,\"username\":\"root\","
                        + "\"partitions_number\":2}");
                assertEquals("", answer);
                add(connection, "crash#station$1", "crash#station$1.final", false);
                add(connection, "crash#station$2", "crash#station$2.final", true);
            }
        }
    }

    private void add(RawConnection connection, String stream, String subject, boolean messageIds) throws IOException {
        success(connection.request("$JS.API.CONSUMER.CREATE." + stream + '.' + Consumer.DURABLE, "{\"stream_name\":\""
                + stream
                + "\",\"config\":{\"durable_name\":\"" + Consumer.DURABLE + "\",\"name\":\"" + Consumer.DURABLE
                + "\",\"ack_policy\":\"explicit\",\"ack_wait\":3000000000,"
                + "\"max_ack_pending\":-1,\"max_deliver\":-1}}"));
        StreamLedger ledger = new StreamLedger(stream);
        ledgers.add(ledger);
        consumers.add(new Consumer(broker, ledger));
        for (int i = 0; i < PUBLISHERS_PER_STREAM; i++) {
            publishers.add(new Publisher(broker, publishers.size(), subject, ledger, messageIds));
        }
    }

    private static void success(String answer) {
        assertTrue(!answer.contains("\"error\""), answer);
    }

    private void startLoad() {
        List<Runnable> all = new ArrayList<>(publishers);
        all.addAll(consumers);
        all.add(definitions);
        for (Runnable each : all) {
            Thread thread = new Thread(each, "crash-load");
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    private void awaitLoadToEnd() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join(120_000);
            assertTrue(!thread.isAlive(), "a client hangs after the end of the broker");
        }
        threads.clear();
    }

    private void liveAndDie(String point) throws InterruptedException {
        startLoad();
        if (point.isEmpty()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200 + random.nextInt(2500)));
            broker.kill();
            report.killed("random");
        } else if (broker.awaitExit(Duration.ofSeconds(45))) {
            report.killed(point.substring(0, point.indexOf(':')));
        } else {
            broker.kill();
            report.notReached(point);
        }
        // clients see the end of their connections; whoever was between two calls is told as well
        consumers.forEach(Consumer::stop);
        definitions.stop();
        publishers.forEach(Publisher::stop);
        awaitLoadToEnd();
        ledgers.forEach(StreamLedger::crashed);
    }

    private void startAgain(String point) throws IOException {
        long start = System.nanoTime();
        if (!point.isEmpty() && !broker.startAgain(Map.of("MEMPHISEE_CRASH_POINT", point))) {
            report.killed(point.substring(0, point.indexOf(':')) + " (while starting)");
            start = System.nanoTime();
            broker.startAgain();
        } else if (point.isEmpty()) {
            broker.startAgain();
        }
        report.ready(Duration.ofNanos(System.nanoTime() - start));
        verify();
    }

    private void verify() throws IOException {
        try (RawConnection connection = RawConnection.login(broker)) {
            definitions.verify(connection);
            StoredMessages stored = new StoredMessages(connection);
            for (StreamLedger ledger : ledgers) {
                stored.readInto(ledger);
            }
        }
    }

    /** One more life with retries and new messages, then everything is consumed. */
    private void finish() throws IOException, InterruptedException {
        startLoad();
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(2));
        publishers.forEach(Publisher::stop);
        definitions.stop();
        consumers.forEach(Consumer::drain);
        awaitLoadToEnd();
        verify();
        ledgers.forEach(ledger -> ledger.consumedToTheEnd(broker.isMemphis()));
    }

    private List<String> violations() {
        List<String> violations = new ArrayList<>(definitions.violations());
        for (StreamLedger ledger : ledgers) {
            violations.addAll(ledger.violations());
        }
        for (Publisher publisher : publishers) {
            if (!publisher.refusal().isEmpty() && !publisher.refusal().startsWith("NATS")) {
                System.out.println("crash: a publish was refused: " + publisher.refusal());
            }
        }
        for (Consumer consumer : consumers) {
            if (consumer.failure() != null) {
                violations.add("a consumer failed after the last start: " + consumer.failure());
            }
        }
        return violations;
    }
}
