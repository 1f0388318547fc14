package org.memphisee.it.rest;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.nats.client.Connection;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memphisee.it.rest.peer.PeerServlet;
import org.memphisee.it.support.BrokerPorts;
import org.memphisee.it.support.BrokerProcess;
import org.memphisee.it.support.Eventually;

/**
 * How many messages of 256 bytes the gateway takes over 32 connections kept alive, against a servlet in the same server that
 * publishes to a nats-server: both in turn, several rounds, {@code wrk} on the same machine. Not part of the tests; needs
 * {@code wrk} and {@code nats-server} on the path. docs/benchmarks.md has the command.
 */
public class GatewayBench {
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 3);
    private static final int SECONDS = Integer.getInteger("bench.seconds", 4);
    private static final int WARM_UP_SECONDS = Integer.getInteger("bench.warmup", 8);
    private static final int CONNECTIONS = 32;
    private static final String STATION = "bench";
    private static final String GATEWAY = "gateway, stored and synced";
    private static final String STORED = "servlet, stored by nats-server";
    private static final String PLAIN = "servlet, published without an answer";
    private static final String IDLE = "gateway, GET /monitoring/status";
    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([\\d.]+)");
    private static final Pattern P50 = Pattern.compile("50%\\s+([\\d.]+\\w+)");
    private static final Pattern P99 = Pattern.compile("99%\\s+([\\d.]+\\w+)");

    private static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in");

    /**
     * What one round gave.
     *
     * @param micros processor time of server and nats-server for each request, microseconds
     */
    private record Round(double rate, String p50, String p99, double micros) {
    }

    private BrokerProcess broker;
    private Process nats;
    private String token;

    /** The same without Maven, from the directory {@code it}, with system property {@code it.wlp}. */
    public static void main(String[] none) throws Exception {
        new GatewayBench().measure();
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void measure() throws Exception {
        int peerPort = BrokerPorts.free().gateway();
        int natsPort = BrokerPorts.free().client();
        Path natsData = Files.createTempDirectory("gateway-bench");
        nats = new ProcessBuilder("nats-server", "-a", "127.0.0.1", "-p", Integer.toString(natsPort), "-js", "-sd",
                natsData.toString()).redirectErrorStream(true).redirectOutput(natsData.resolve("log").toFile()).start();
        try (BrokerProcess server = BrokerProcess.preparedAsPackaged()) {
            broker = server;
            addPeer(broker.serverDirectory(), peerPort);
            broker.startAgain(Map.of(PeerServlet.SERVER, "nats://127.0.0.1:" + natsPort));
            String peer = "http://127.0.0.1:" + peerPort;
            Eventually.await("the servlet is there", () -> broker.http(peerPort, "/stored").code() == 405);
            token = new Gateway(broker).rootToken();
            String gateway = "http://127.0.0.1:" + broker.ports().gateway();
            compare(Map.of(GATEWAY, gateway + "/stations/" + STATION + "/produce/single", STORED, peer + "/stored",
                    PLAIN, peer + "/plain", IDLE, gateway + "/monitoring/status"));
        } finally {
            nats.destroy();
            nats.waitFor();
            try (var files = Files.walk(natsData)) {
                files.sorted(java.util.Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
            }
        }
    }

    /** A web application of its own on a port of its own of the same server. */
    private static void addPeer(Path server, int port) throws IOException, URISyntaxException {
        File jnats = new File(Connection.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        WebArchive war = ShrinkWrap.create(WebArchive.class, "peer.war").addPackage(PeerServlet.class.getPackage())
                .addAsLibrary(jnats);
        war.as(ZipExporter.class).exportTo(server.resolve("apps").resolve("peer.war").toFile(), true);
        Path overrides = Files.createDirectories(server.resolve("configDropins").resolve("overrides"));
        Files.writeString(overrides.resolve("peer.xml"), """
                <server>
                  <httpEndpoint id="peerEndpoint" host="127.0.0.1" httpPort="%1$d" httpsPort="-1" protocolVersion="http/1.1"/>
                  <virtualHost id="peer_host" allowFromEndpointRef="peerEndpoint"><hostAlias>*:%1$d</hostAlias></virtualHost>
                  <webApplication id="peer" location="peer.war" contextRoot="/">
                    <web-bnd><virtual-host name="peer_host"/></web-bnd>
                  </webApplication>
                </server>
                """.formatted(port));
    }

    private void compare(Map<String, String> addresses) throws Exception {
        List<String> order = List.of(GATEWAY, STORED, PLAIN, IDLE);
        for (String what : order) {
            load(what, addresses.get(what), what.equals(GATEWAY) ? 2 * WARM_UP_SECONDS : WARM_UP_SECONDS);
        }
        Map<String, List<Round>> rounds = new LinkedHashMap<>();
        for (int i = 0; i < ROUNDS; i++) {
            for (String what : order) {
                Round round = load(what, addresses.get(what), SECONDS);
                rounds.computeIfAbsent(what, w -> new ArrayList<>()).add(round);
                System.out.printf("round %d, %s: %.0f/s, p50 %s, p99 %s, %.0f µs of processor time each%n", i + 1, what,
                        round.rate, round.p50, round.p99, round.micros);
            }
        }
        rounds.forEach((what, all) -> System.out.printf("%s: median %.0f/s, %.0f µs each%n", what,
                median(all, Round::rate), median(all, Round::micros)));
        for (String peer : List.of(STORED, PLAIN)) {
            System.out.printf("gateway against %s: %.2f%n", peer,
                    median(rounds.get(GATEWAY), Round::rate) / median(rounds.get(peer), Round::rate));
        }
    }

    private static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
        return rounds.stream().mapToDouble(figure).sorted().toArray()[rounds.size() / 2];
    }

    private long processorMicros() {
        return broker.processorTime().plus(nats.info().totalCpuDuration().orElseThrow()).toNanos() / 1000;
    }

    private Round load(String what, String address, int seconds) throws Exception {
        List<String> command = new ArrayList<>(List.of("wrk", "-t1", "-c" + CONNECTIONS, "-d" + seconds + "s", "--latency"));
        if (!what.equals(IDLE)) {
            command.addAll(List.of("-s", "src/test/bench/produce.lua"));
        }
        command.add(URI.create(address).toString());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("BENCH_TOKEN", token);
        long before = processorMicros();
        Process wrk = builder.start();
        String printed = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (wrk.waitFor() != 0 || printed.contains("Non-2xx") || printed.contains("Socket errors")) {
            throw new IllegalStateException(what + ": " + printed);
        }
        return new Round(Double.parseDouble(found(RATE, printed)), found(P50, printed), found(P99, printed),
                (processorMicros() - before) / Double.parseDouble(found(REQUESTS, printed)));
    }

    private static String found(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("wrk printed: " + text);
        }
        return matcher.group(1);
    }
}
