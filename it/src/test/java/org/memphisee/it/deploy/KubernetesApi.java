package org.memphisee.it.deploy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** So much of Kubernetes' API as Helm asks for when it only tries: which kinds there are, and secrets that exist. */
final class KubernetesApi implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SECRETS = "/api/v1/namespaces/.*/secrets/";

    private final HttpServer server;
    private final Map<String, List<String>> kinds = new TreeMap<>(Map.of(
            "v1", List.of("Secret", "Service", "ConfigMap", "Pod"), "apps/v1", List.of("StatefulSet"),
            "networking.k8s.io/v1", List.of("NetworkPolicy", "Ingress"), "policy/v1", List.of("PodDisruptionBudget")));
    private final Map<String, Map<String, String>> secrets = new ConcurrentHashMap<>();
    private volatile int brokers;

    KubernetesApi() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    /** Whether the operators of Prometheus and of certificates are installed. */
    void operators(boolean installed) {
        if (installed) {
            kinds.put("monitoring.coreos.com/v1", List.of("ServiceMonitor", "PrometheusRule"));
            kinds.put("cert-manager.io/v1", List.of("Certificate"));
        } else {
            kinds.keySet().removeIf(group -> group.startsWith("monitoring.") || group.startsWith("cert-manager."));
        }
    }

    /** A secret that exists; nothing removes it. */
    void secret(String name, Map<String, String> data) {
        if (data.isEmpty()) {
            secrets.remove(name);
        } else {
            secrets.put(name, data);
        }
    }

    /** How many brokers of a release run already; 0 for no release. */
    void running(int replicas) {
        brokers = replicas;
    }

    /** For Helm to find it. */
    String configuration() {
        return """
                apiVersion: v1
                kind: Config
                clusters: [{name: test, cluster: {server: "http://127.0.0.1:%d"}}]
                users: [{name: test, user: {}}]
                contexts: [{name: test, context: {cluster: test, user: test}}]
                current-context: test
                """.formatted(server.getAddress().getPort());
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        ObjectNode body = JSON.createObjectNode();
        int status = 200;
        if (path.equals("/version")) {
            body.put("major", "1").put("minor", "30").put("gitVersion", "v1.30.0");
        } else if (path.equals("/api")) {
            body.put("kind", "APIVersions").putArray("versions").add("v1");
        } else if (path.equals("/apis")) {
            ArrayNode groups = body.put("kind", "APIGroupList").put("apiVersion", "v1").putArray("groups");
            kinds.keySet().stream().filter(group -> group.contains("/")).forEach(group -> {
                ObjectNode node = groups.addObject().put("name", group.substring(0, group.indexOf('/')));
                node.putArray("versions").addObject().put("groupVersion", group).put("version", "v1");
                node.putObject("preferredVersion").put("groupVersion", group).put("version", "v1");
            });
        } else if (kinds.containsKey(path.replaceFirst("^/apis?/", ""))) {
            String group = path.replaceFirst("^/apis?/", "");
            ArrayNode resources = body.put("kind", "APIResourceList").put("groupVersion", group).putArray("resources");
            kinds.get(group).forEach(kind -> resources.addObject().put("name", kind.toLowerCase(java.util.Locale.ROOT) + "s")
                    .put("singularName", "").put("namespaced", true).put("kind", kind).putArray("verbs").add("get"));
        } else if (path.matches(SECRETS + ".+") && secrets.containsKey(path.replaceFirst(SECRETS, ""))) {
            String name = path.replaceFirst(SECRETS, "");
            body.put("kind", "Secret").put("apiVersion", "v1").putObject("metadata").put("name", name);
            ObjectNode data = body.putObject("data");
            secrets.get(name).forEach((key, value) -> data.put(key,
                    Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))));
        } else if (path.matches("/apis/apps/v1/namespaces/.*/statefulsets/.+") && brokers > 0) {
            body.put("kind", "StatefulSet").put("apiVersion", "apps/v1").putObject("metadata").put("name", "memphis");
            body.putObject("spec").put("replicas", brokers);
        } else {
            status = 404;
            body.put("kind", "Status").put("apiVersion", "v1").put("status", "Failure").put("reason", "NotFound").put("code", status);
        }
        byte[] bytes = JSON.writeValueAsBytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
