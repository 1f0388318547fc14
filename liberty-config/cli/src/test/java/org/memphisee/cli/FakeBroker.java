package org.memphisee.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/** The broker's HTTP ports in one, on a real socket: answers what the test has prepared, and remembers what was asked. */
final class FakeBroker implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newSingleThreadExecutor();
    private final Map<String, Map.Entry<Integer, String>> answers = new HashMap<>();
    private final List<String> requests = new ArrayList<>();

    FakeBroker() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
        answer("POST /api/usermgmt/login", 200, "{'jwt':'token-1'}");
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Prepares an answer; single quotes stand for double ones. */
    FakeBroker answer(String request, int status, String body) {
        synchronized (answers) {
            answers.put(request, Map.entry(status, body.replace('\'', '"')));
        }
        return this;
    }

    /** What was asked: method, path, body, and the token if there was one. */
    List<String> requests() {
        synchronized (answers) {
            return List.copyOf(requests);
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        String body;
        try (InputStream in = exchange.getRequestBody()) {
            body = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        Map.Entry<Integer, String> answer;
        synchronized (answers) {
            String token = exchange.getRequestHeaders().getFirst("Authorization");
            requests.add((request + " " + body + (token == null ? "" : " [" + token + "]")).replace('"', '\''));
            answer = answers.getOrDefault(request, Map.entry(404, "{\"message\":\"Not found\"}"));
        }
        byte[] bytes = answer.getValue().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.getKey(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
