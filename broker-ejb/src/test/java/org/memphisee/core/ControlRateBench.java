package org.memphisee.core;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

import com.sun.management.OperatingSystemMXBean;

import org.memphisee.core.CoreClient.Message;
import org.memphisee.core.api.Author;
import org.memphisee.core.letters.LetterRules;
import org.memphisee.core.stations.StationView;
import org.memphisee.store.je.JeLogStore;
import org.memphisee.store.je.JeStoreSettings;

/**
 * How long clients of Memphis wait for many stations and producers, and how quickly many messages become dead letters and come again,
 * at a broker in this process on a disk. Not part of the tests; docs/benchmarks.md has the command.
 */
public final class ControlRateBench {

    private static final int STATIONS = Integer.getInteger("bench.stations", 1_000);
    private static final int PRODUCERS = Integer.getInteger("bench.producers", 10_000);
    private static final int LETTERS = Integer.getInteger("bench.letters", LetterRules.MOST_LETTERS);
    private static final int WINDOW = 2_000;
    private static final String PAYLOAD = "p".repeat(256);

    private final Broker broker;
    private final CoreClient client;

    private ControlRateBench(Broker broker, String inbox) {
        this.broker = broker;
        client = new CoreClient(broker, WholeBroker.SECRET, inbox);
    }

    /** Prints a line for each figure. */
    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory("control-rate");
        try (JeLogStore store = JeLogStore.open(new JeStoreSettings(directory, 64 << 20, 0, Thread::new))) {
            Broker broker = WholeBroker.open(WholeBroker.options(2, 100_000_000), store,
                new WholeBroker.Events(Collections.synchronizedList(new ArrayList<>())));
            ControlRateBench bench = new ControlRateBench(broker, "a.");
            bench.stations();
            bench.producers();
            bench.letters();
            bench.copies();
            broker.close();
        }
    }

    private static void print(String what, int count, long begin, long cpuBegin) {
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.out.printf(Locale.ROOT, "%-52s %8.2f s  %,9.0f/s  %6.1f us of processor time each%n", what, seconds, count / seconds,
            (cpu() - cpuBegin) / 1e3 / count);
    }

    /** Processor time of this process: tells on a machine that is not quiet what the clock does not. */
    private static long cpu() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private void stations() {
        long cpu = cpu();
        long begin = System.nanoTime();
        for (int i = 0; i < STATIONS; i++) {
            expect("", client.request("$memphis_station_creations", station("s" + i, 1, "message_age_sec")));
        }
        print(STATIONS + " stations, one after the other", STATIONS, begin, cpu);
    }

    private static String station(String name, int partitions, String retention) {
        return "{\"name\":\"" + name + "\",\"partitions_number\":" + partitions + ",\"retention_type\":\"" + retention
            + "\",\"retention_value\":3600,\"dls_configuration\":{\"poison\":true,\"Schemaverse\":true}}";
    }

    private void producers() {
        long cpu = cpu();
        long begin = System.nanoTime();
        for (int i = 0; i < PRODUCERS; i++) {
            String answer = client.request("$memphis_producer_creations", "{\"name\":\"p" + i + "\",\"station_name\":\"s" + i % STATIONS
                + "\",\"connection_id\":\"c1\",\"producer_type\":\"application\",\"req_version\":4,\"username\":\"root\"}");
            if (!answer.contains("\"error\":\"\"")) {
                throw new IllegalStateException(answer);
            }
        }
        print(PRODUCERS + " producers, one after the other", PRODUCERS, begin, cpu);
    }

    private void letters() throws InterruptedException {
        expect("", client.request("$memphis_station_creations", station("other", 1, "message_age_sec")));
        expect("", client.request("$memphis_station_creations", station("poison", 1, "ack_based")));
        fill("poison");
        long cpu = cpu();
        long begin = System.nanoTime();
        giveUp("poison");
        print(LETTERS + " messages fetched and made dead letters", LETTERS, begin, cpu);
        double alone = alone();
        resend(alone);
    }

    /** Messages are given up while their copies go into the dead-letter station. */
    private void copies() throws InterruptedException {
        expect("", client.request("$memphis_station_creations", station("copies", 1, "message_age_sec")));
        expect("", client.request("$memphis_station_creations", station("copied", 1, "ack_based").replace("{\"name\"",
            "{\"dls_station\":\"copies\",\"version\":2,\"name\"")));
        fill("copied");
        long cpu = cpu();
        long begin = System.nanoTime();
        giveUp("copied");
        await(() -> view("copies").messages() == LETTERS);
        print(LETTERS + " messages made dead letters and copied", LETTERS, begin, cpu);
    }

    private void fill(String station) {
        client.request("$memphis_consumer_creations", "{\"name\":\"m\",\"station_name\":\"" + station + "\",\"connection_id\":\"c1\","
            + "\"consumer_type\":\"application\",\"consumers_group\":\"g\",\"max_ack_time_ms\":300000,\"max_msg_deliveries\":2,"
            + "\"start_consume_from_sequence\":1,\"last_messages\":-1,\"req_version\":4,\"username\":\"root\"}");
        publish(station + "$1.final", LETTERS, () -> true);
    }

    private void giveUp(String station) throws InterruptedException {
        for (int left = LETTERS; left > 0;) {
            List<Message> some = client.fetch(station + "$1", "g", Math.min(5_000, left));
            some.forEach(m -> client.publish(m.reply(), "", "+TERM"));
            left -= some.size();
        }
        await(() -> view(station).deadLetters().unacked() == LETTERS);
    }

    private double alone() {
        publish("other$1.final", 50_000, () -> true);
        long begin = System.nanoTime();
        long end = begin + 5_000_000_000L;
        int sent = publish("other$1.final", Integer.MAX_VALUE, () -> System.nanoTime() < end);
        double rate = sent * 1e9 / (System.nanoTime() - begin);
        System.out.printf(Locale.ROOT, "%-52s %22s%,9.0f/s%n", "publishing to another station, 256 B, alone", "", rate);
        return rate;
    }

    /** A member has them all again and acknowledges, while somebody publishes. */
    private void resend(double alone) throws InterruptedException {
        AtomicBoolean going = new AtomicBoolean(true);
        long[] published = new long[2];
        Thread publisher = new Thread(() -> {
            ControlRateBench other = new ControlRateBench(broker, "b."); // a client is its thread's
            long begin = System.nanoTime();
            published[0] = other.publish("other$1.final", Integer.MAX_VALUE, going::get);
            published[1] = System.nanoTime() - begin;
        });
        client.subscribe("$memphis_dls_poison.g");
        long cpu = cpu();
        long begin = System.nanoTime();
        publisher.start();
        CoreClient.get(broker.control().deadLetters().resendAll(Author.named("root"), view("poison")));
        for (int i = 0; i < LETTERS; i++) {
            Message m = client.next();
            int at = m.headers().indexOf("$memphis_pm_id: ") + 16;
            client.publish("$memphis_pm_acks", "", "{\"id\":" + m.headers().substring(at, m.headers().indexOf('\r', at))
                + ",\"cg_name\":\"g\"}");
        }
        await(() -> view("poison").deadLetters().unacked() == 0);
        print(LETTERS + " dead letters sent again and acknowledged", LETTERS, begin, cpu);
        going.set(false);
        publisher.join();
        double rate = published[0] * 1e9 / published[1];
        System.out.printf(Locale.ROOT, "%-52s %22s%,9.0f/s  %.2f of alone%n", "publishing meanwhile", "", rate, rate / alone);
    }

    private StationView view(String station) {
        return CoreClient.get(broker.control().memphis().administration().queries().find(station)).orElseThrow();
    }

    private int publish(String subject, int most, BooleanSupplier more) {
        ArrayDeque<CompletableFuture<String>> open = new ArrayDeque<>();
        int sent = 0;
        while (sent < most && more.getAsBoolean()) {
            while (open.size() < WINDOW && sent < most) {
                open.add(client.ask(subject, PAYLOAD));
                sent++;
            }
            for (int i = 0; i < WINDOW / 2 && !open.isEmpty(); i++) {
                stored(CoreClient.get(open.poll()));
            }
        }
        open.forEach(answer -> stored(CoreClient.get(answer)));
        return sent;
    }

    private static void stored(String answer) {
        if (!answer.contains("\"seq\"")) {
            throw new IllegalStateException(answer);
        }
    }

    private static void expect(String answer, String came) {
        if (!came.equals(answer)) {
            throw new IllegalStateException(came);
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            Thread.sleep(1);
        }
    }
}
