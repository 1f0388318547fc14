package org.memphisee.core;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

import org.memphisee.schema.Languages;
import org.memphisee.store.je.JeLogStore;
import org.memphisee.store.je.JeStoreSettings;

/**
 * How many messages of 1 KiB a second a broker in this process stores on a disk, without a schema and with one of each language:
 * one client, 2,000 on their way. Not part of the tests; docs/benchmarks.md has the command.
 */
public final class EnforcedRateBench {

    private static final int WINDOW = 2_000;
    private static final int SECONDS = Integer.getInteger("bench.seconds", 3);
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 3);

    private record Case(String name, String schema, String message) { }

    private EnforcedRateBench() { }

    /** Prints a line for each case and round. */
    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory("enforced");
        try (JeLogStore store = JeLogStore.open(new JeStoreSettings(directory, 64 << 20, 0, Thread::new))) {
            Broker broker = Broker.open(WholeBroker.options(1, 100_000_000), store, task -> {
                Thread thread = new Thread(task);
                thread.setDaemon(true);
                return thread;
            }, new WholeBroker.Events(Collections.synchronizedList(new ArrayList<>())), new Languages());
            CoreClient client = new CoreClient(broker, WholeBroker.SECRET);
            List<Case> cases = cases();
            for (Case one : cases) {
                set(client, one);
            }
            for (int round = 0; round < ROUNDS; round++) {
                double plain = 0;
                for (Case one : cases) {
                    double rate = rate(client, one);
                    plain = one.schema().isEmpty() ? rate : plain;
                    System.out.printf(Locale.ROOT, "round %d  %-8s %,9.0f msg/s  %.2f of without%n", round, one.name(), rate, rate / plain);
                }
            }
            broker.close();
        }
    }

    private static List<Case> cases() {
        StringBuilder members = new StringBuilder();
        StringBuilder properties = new StringBuilder();
        StringBuilder fields = new StringBuilder();
        StringBuilder proto = new StringBuilder();
        for (int i = 0; i < 16; i++) {
            String comma = i == 0 ? "" : ",";
            members.append(comma).append("\"f").append(i).append("\":\"").append("v".repeat(52)).append('"');
            properties.append(comma).append("\"f").append(i).append("\":{\"type\":\"string\",\"maxLength\":100}");
            fields.append(comma).append("{\"name\":\"f").append(i).append("\",\"type\":\"string\"}");
            proto.append(" string f").append(i).append(" = ").append(i + 1).append(';');
        }
        String json = "{" + members + "}";
        return List.of(new Case("none", "", json),
            new Case("json", "{\"type\":\"object\",\"required\":[\"f0\",\"f1\"],\"properties\":{" + properties + "}}", json),
            new Case("avro", "{\"type\":\"record\",\"name\":\"A\",\"fields\":[" + fields + "]}", json),
            new Case("protobuf", "syntax = \"proto3\"; message A {" + proto + " }", protobuf()),
            new Case("graphql", "type Query { a: Int }", "query { " + "a ".repeat(500) + "}"));
    }

    /** Fifteen strings of 64 bytes: each tag is one byte. */
    private static String protobuf() {
        StringBuilder binary = new StringBuilder();
        for (int i = 1; i <= 15; i++) {
            binary.append((char) (i << 3 | 2)).append((char) 64).append("v".repeat(64));
        }
        return binary.toString();
    }

    private static void set(CoreClient client, Case one) {
        client.request("$memphis_station_creations", "{\"name\":\"" + one.name() + "\",\"partitions_number\":1,"
            + "\"retention_type\":\"messages\",\"retention_value\":100000}");
        if (!one.schema().isEmpty()) {
            String content = one.schema().replace("\"", "\\\"");
            expect("{\"error\":\"\"}", client.request("$memphis_schema_creations", "{\"name\":\"" + one.name() + "\",\"type\":\""
                + one.name() + "\",\"schema_content\":\"" + content + "\"}"));
            expect("", client.request("$memphis_schema_attachments", "{\"name\":\"" + one.name() + "\",\"station_name\":\""
                + one.name() + "\"}"));
        }
        String answer = client.request(one.name() + "$1.final", one.message());
        if (!answer.contains("\"seq\"")) {
            throw new IllegalStateException(one.name() + ": " + answer);
        }
    }

    private static void expect(String answer, String came) {
        if (!came.equals(answer)) {
            throw new IllegalStateException(came);
        }
    }

    private static double rate(CoreClient client, Case one) {
        return PublishRate.of(client, List.of(one.name() + "$1.final"), one.message(), WINDOW, SECONDS);
    }
}
