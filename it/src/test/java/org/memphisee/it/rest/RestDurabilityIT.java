package org.memphisee.it.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.memphisee.it.support.BrokerProcess;
import org.memphisee.it.support.Eventually;

/** What only shows on a broker of its own: durability, development mode, status as the reference's. */
final class RestDurabilityIT {
    private static final int CLIENTS = 8;

    @Test
    void shouldHaveEveryMessageThatWasAnsweredWith200() throws Exception {
        try (BrokerProcess broker = BrokerProcess.prepared()) {
            assertTrue(broker.startAgain(Map.of("DEV_ENV", "\"true\"", "MEMPHISEE_GATEWAY_LEGACY_STATUS", "true")));
            Gateway gateway = new Gateway(broker);
            String token = gateway.rootToken();
            figures(gateway);
            oldStatus(gateway, token);
            Set<Integer> stored = produceUntilKilled(broker, gateway, token);
            broker.startAgain();
            // tokens survive the restart: the secrets are kept
            Eventually.await("the gateway serves", () ->
                gateway.post("/stations/rest-durable/produce/single", token, "-1").statusCode() == 200);
            Set<Integer> found = new HashSet<>();
            JsonNode some;
            do {
                some = Gateway.parsed(gateway.post("/stations/rest-durable/consume/batch", token,
                        "{'consumer_name':'c','batch_size':5000,'batch_max_wait_time_ms':500}"));
                some.forEach(m -> found.add(Integer.parseInt(m.get("message").asText())));
            } while (!some.isEmpty());
            assertTrue(stored.size() > 100, () -> "only " + stored.size());
            stored.removeAll(found);
            assertEquals(Set.of(), stored);
        }
    }

    private static void figures(Gateway gateway) {
        HttpResponse<String> response = Gateway.send(gateway.request("/monitoring/getResourcesUtilization"));
        assertEquals(200, response.statusCode(), response.body());
        JsonNode figures = Gateway.parsed(response);
        for (String name : new String[] {"cpu", "memory", "storage"}) {
            double value = figures.get(name).asDouble();
            assertTrue(figures.get(name).isNumber() && value >= 0 && value <= 100, response.body());
        }
    }

    private static void oldStatus(Gateway gateway, String token) {
        HttpResponse<String> response = Gateway.send(gateway.request("/stations/x/produce/single")
                .header("Authorization", "Bearer " + token).header("Content-Type", "image/png")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString("x")));
        assertEquals(500, response.statusCode());
        assertEquals("unsupported content type", response.body());
        response = gateway.post("/stations/a%20b/produce/single", token, "{}");
        assertEquals(500, response.statusCode());
        assertTrue(Gateway.parsed(response).get("error").asText().startsWith("Only alphanumeric"));
    }

    private static Set<Integer> produceUntilKilled(BrokerProcess broker, Gateway gateway, String token)
            throws InterruptedException {
        Set<Integer> stored = ConcurrentHashMap.newKeySet();
        AtomicInteger numbers = new AtomicInteger();
        AtomicBoolean ended = new AtomicBoolean();
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        for (int i = 0; i < CLIENTS; i++) {
            clients.execute(() -> {
                while (!ended.get()) {
                    int number = numbers.incrementAndGet();
                    try {
                        if (gateway.post("/stations/rest-durable/produce/single", token, Integer.toString(number))
                                .statusCode() == 200) {
                            stored.add(number);
                        }
                    } catch (AssertionError connectionLost) {
                        if (!(connectionLost.getCause() instanceof IOException)) {
                            throw connectionLost;
                        }
                        ended.set(true);
                    }
                }
            });
        }
        Eventually.await("something was stored", () -> stored.size() > 1000);
        broker.kill();
        ended.set(true);
        clients.shutdown();
        assertTrue(clients.awaitTermination(60, TimeUnit.SECONDS));
        return stored;
    }
}
