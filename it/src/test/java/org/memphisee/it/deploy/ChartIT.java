package org.memphisee.it.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The chart for Kubernetes as shipped (deploy.md 3, HLM-01 to HLM-04), rendered by Helm's own code against an API of the test's. */
final class ChartIT {
    /** Types of Kubernetes keep aside what they do not know; here it is an error. */
    private static final ObjectMapper STRICT = new ObjectMapper().setAnnotationIntrospector(new JacksonAnnotationIntrospector() {
        private static final long serialVersionUID = 1;

        @Override
        public Boolean hasAnySetter(Annotated member) {
            return false;
        }
    });
    private static final Map<String, Class<? extends HasMetadata>> KINDS = Map.of("Secret", Secret.class, "Service", Service.class,
            "ConfigMap", ConfigMap.class, "Pod", Pod.class, "StatefulSet", StatefulSet.class, "Ingress", Ingress.class,
            "NetworkPolicy", NetworkPolicy.class);
    /** Kinds without a type here: those of operators, and one of which every member is asserted. */
    private static final Set<String> UNTYPED = Set.of("ServiceMonitor", "PrometheusRule", "Certificate", "PodDisruptionBudget");
    private static final String EVERYTHING = """
            assumeOperators: true
            imagePullSecrets: [{name: registry}]
            commonLabels: {team: shop}
            image: {registry: "registry.example.com/", tag: "1.2.3"}
            memphis:
              tls: {verify: true, gateway: true}
              limits: {maxConnections: 1000, maxPayload: 8MB, maxPending: 1048576}
              storageEngine: {fileStorage: {size: 20Gi, storageClassName: fast}, memStorage: {size: 256Mi}}
              configFile: {gcProducerConsumerRetentionInHours: 4}
              extraConfig: {trace.xml: "<server/>"}
              env: {MEMPHISEE_SHARDS: 2}
              extraEnvironmentVars: [{name: TZ, value: UTC}]
            tls: {certManager: {enabled: true, issuerRef: {name: ca, kind: ClusterIssuer}, dnsNames: [broker.example.com]}}
            websocket: {noTLS: false, allowedOrigins: ["https://app.example.com"]}
            metadata: {external: {enabled: true, dbHost: pg, dbTlsMutual: true, secret: {enabled: true, name: pg}}}
            service: {type: LoadBalancer, monitoring: true, annotations: {a: b}}
            ingress: {enabled: true, className: nginx, dashboardHost: ui.example.com, gatewayHost: rest.example.com, websocketHost: ws.example.com, tlsSecret: web}
            exporter: {enabled: true, serviceMonitor: {enabled: true}, prometheusRule: {enabled: true}, grafanaDashboard: {enabled: true}}
            """;
    /** What the Memphis chart documents, as far as it makes sense without a cluster. */
    private static final String REFERENCE = """
            rootPwd: rootpassword
            connectionToken: memphis
            user_pass_based_auth: "true"
            analytics: "false"
            ui_host: https://memphis.example.com
            dashboard: {port: 9000}
            cluster: {enabled: false, replicas: 1}
            global: {cluster: {enabled: false}}
            memphis:
              image: memphisee:1.0
              tls: {verify: true, secret: {name: memphis-client-tls-secret}, cert: memphis_client.pem, key: memphis-key_client.pem, ca: rootCA.pem}
            websocket: {tls: {secret: {name: memphis-ws-tls-secret}, cert: memphis_local.pem, key: memphis-key_local.pem}}
            metadata: {external: {enabled: true, dbTlsMutual: false, dbName: memphis, dbHost: metadata.example.url, dbPort: 5432, dbUser: postgres, dbPass: "12345678"}}
            allowPlainSecrets: true
            exporter: {enabled: true}
            """;
    private static final String CLUSTER = "global: {cluster: {enabled: true}}";
    private static Chart chart;

    @BeforeAll
    static void open() throws IOException {
        chart = new Chart();
    }

    @AfterAll
    static void close() throws IOException {
        chart.close();
    }

    @AfterEach
    void forget() {
        chart.api().secret("memphis-creds", Map.of());
        chart.api().secret("memphis-cluster", Map.of());
        chart.api().running(0);
        chart.api().operators(false);
    }

    static List<String> valueSets() {
        return List.of("{}", EVERYTHING, REFERENCE, CLUSTER, EVERYTHING.replace("metadata: {ext", "cluster: {replicas: 5, "
                + "tls: {issuerRef: {name: cluster-ca, kind: Issuer}}}\nmetadata: {mode: embedded}\n#"),
                "{cluster: {replicas: 3, tls: {secret: {name: mine}, ca: a.pem, cert: c.pem, key: k.pem}}, podAntiAffinity: {type: soft}}",
                "memphis: {creds: {generatedBy: broker}, storageEngine: {fileStorage: {existingClaim: mine}}}",
                "{restGateway: {enabled: false}, networkPolicy: {enabled: false}, websocket: {enabled: false}, podSecurity: {runAsUser: null, runAsGroup: null, fsGroup: null}}");
    }

    private static JsonNode find(List<JsonNode> objects, String kind, String name) {
        return objects.stream().filter(object -> object.path("kind").asText().equals(kind)
                && object.at("/metadata/name").asText().equals(name)).findFirst().orElseThrow(() -> new AssertionError(kind + ' ' + name));
    }

    private static JsonNode container(List<JsonNode> objects) {
        return find(objects, "StatefulSet", "memphis").at("/spec/template/spec/containers/0");
    }

    private static String variable(List<JsonNode> objects, String name) {
        for (JsonNode variable : container(objects).path("env")) {
            if (variable.path("name").asText().equals(name)) {
                return variable.path("value").asText();
            }
        }
        return null;
    }

    private static Map<String, String> secret(List<JsonNode> objects, String name) {
        Map<String, String> values = new TreeMap<>();
        find(objects, "Secret", name).path("data").properties().forEach(entry -> values.put(entry.getKey(),
                new String(Base64.getDecoder().decode(entry.getValue().asText()), StandardCharsets.UTF_8)));
        return values;
    }

    @Test
    void shouldPassHelmsStrictLint() {
        assertEquals(List.of(), chart.lint().stream().filter(line -> !line.startsWith("[INFO]")).toList());
    }

    @Test
    void shouldHaveTheVersionOfTheServer() throws IOException {
        JsonNode about = Shipped.yaml(Chart.DIRECTORY.resolve("Chart.yaml"));
        String version = Files.readString(Shipped.SERVER.resolve("VERSION")).strip();
        assertEquals(version, about.path("version").asText());
        assertEquals(version, about.path("appVersion").asText());
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void shouldRenderOnlyWhatKubernetesKnows(String values) throws IOException {
        for (JsonNode object : chart.render("memphis", values)) {
            String kind = object.path("kind").asText();
            if (!UNTYPED.contains(kind)) {
                assertEquals(kind, STRICT.treeToValue(object, KINDS.get(kind)).getKind());
            }
        }
    }

    @Test
    void shouldNoticeWhatKubernetesDoesNotKnow() throws IOException {
        JsonNode set = find(chart.render("memphis", "{}"), "StatefulSet", "memphis");
        ((ObjectNode) set.at("/spec/template/spec/containers/0")).put("imagePullPolcy", "Always");
        assertThrows(UnrecognizedPropertyException.class, () -> STRICT.treeToValue(set, StatefulSet.class));
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void shouldKeepItsPromisesOfSecurityAndWiring(String values) throws IOException {
        List<JsonNode> objects = chart.render("memphis", values);
        JsonNode pod = find(objects, "StatefulSet", "memphis").at("/spec/template");
        JsonNode container = container(objects);
        assertFalse(container.path("image").asText().endsWith(":latest"));
        assertTrue(pod.at("/spec/securityContext/runAsNonRoot").asBoolean());
        assertFalse(pod.at("/spec/automountServiceAccountToken").asBoolean(true));
        assertTrue(container.at("/securityContext/readOnlyRootFilesystem").asBoolean());
        assertFalse(container.at("/securityContext/allowPrivilegeEscalation").asBoolean(true));
        assertEquals("[\"ALL\"]", container.at("/securityContext/capabilities/drop").toString());
        assertTrue(container.at("/resources/limits/memory").isTextual());
        assertFalse(container.at("/resources/limits").has("cpu"), "a limit of processors hurts the tails");

        Set<String> mounts = new HashSet<>();
        Set<String> mounted = new TreeSet<>();
        container.path("volumeMounts").forEach(mount -> {
            mounts.add(mount.path("mountPath").asText());
            mounted.add(mount.path("name").asText());
        });
        Set<String> volumes = new TreeSet<>();
        pod.at("/spec/volumes").forEach(volume -> volumes.add(volume.path("name").asText()));
        find(objects, "StatefulSet", "memphis").at("/spec/volumeClaimTemplates").forEach(claim -> volumes.add(claim.at("/metadata/name").asText()));
        assertEquals(volumes, mounted);
        container.path("env").forEach(variable -> {
            String file = variable.path("value").asText();
            if (file.startsWith("/run/secrets/")) {
                assertTrue(mounts.contains(file.substring(0, file.lastIndexOf('/'))), file);
            }
        });

        Set<String> ports = new HashSet<>();
        container.path("ports").forEach(port -> ports.add(port.path("name").asText()));
        JsonNode labels = pod.at("/metadata/labels");
        for (JsonNode object : objects) {
            if (object.path("kind").asText().equals("Service")) {
                object.at("/spec/ports").forEach(port -> assertTrue(ports.contains(port.path("targetPort").asText()), port::toString));
                object.at("/spec/selector").properties().forEach(label -> assertEquals(label.getValue(), labels.path(label.getKey())));
            }
        }
        find(objects, "StatefulSet", "memphis").at("/spec/selector/matchLabels").properties()
                .forEach(label -> assertEquals(label.getValue(), labels.path(label.getKey())));
    }

    @Test
    void shouldSetOnlyVariablesThatTheServerKnows() throws IOException {
        String page = Files.readString(Shipped.SERVER.resolve("doc/configuration.md"));
        for (String values : valueSets()) {
            container(chart.render("memphis", values)).path("env").forEach(variable -> {
                String name = variable.path("name").asText().replaceFirst("_FILE$", "");
                assertTrue(name.equals("TZ") || page.contains('`' + name + '`'), name);
            });
        }
    }

    @Test
    void shouldShareNoNameBetweenTwoReleases() throws IOException {
        Set<String> first = new HashSet<>();
        chart.render("one", EVERYTHING).forEach(object -> first.add(object.path("kind") + "/" + object.at("/metadata/name")));
        assertTrue(first.size() > 8, first::toString);
        chart.render("two", EVERYTHING).forEach(object -> assertFalse(first.contains(object.path("kind") + "/" + object.at("/metadata/name")),
                () -> object.at("/metadata/name").asText()));
    }

    @Test
    void shouldMapValuesToSettings() throws IOException {
        List<JsonNode> objects = chart.render("memphis", EVERYTHING);
        assertEquals("registry.example.com/memphisee:1.2.3", container(objects).path("image").asText());
        assertEquals("1000", variable(objects, "MEMPHISEE_MAX_CONNECTIONS"));
        assertEquals("8MiB", variable(objects, "MEMPHISEE_MAX_PAYLOAD"));
        assertEquals("256MiB", variable(objects, "MEMPHISEE_MEMORY_STATIONS"));
        assertEquals("4", variable(objects, "MEMPHISEE_MEMBER_RETENTION_HOURS"));
        assertEquals("mutual", variable(objects, "MEMPHISEE_TLS_CLIENT"));
        assertEquals("true", variable(objects, "MEMPHISEE_TLS_WEBSOCKET"));
        assertEquals("external", variable(objects, "MEMPHISEE_METADATA_MODE"));
        assertEquals("2", variable(objects, "MEMPHISEE_SHARDS"));
        assertEquals("20Gi", find(objects, "StatefulSet", "memphis").at("/spec/volumeClaimTemplates/0/spec/resources/requests/storage").asText());
        JsonNode ingress = find(objects, "Ingress", "memphis");
        assertEquals(3, ingress.at("/spec/rules").size());
        assertEquals("memphis-rest-gateway", ingress.at("/spec/rules/1/http/paths/0/backend/service/name").asText());
        assertTrue(find(objects, "Certificate", "memphis-tls").at("/spec/dnsNames").toString().contains("\"broker.example.com\""));
        assertTrue(find(objects, "PrometheusRule", "memphis").at("/spec/groups/0/rules").size() > 10);
        assertTrue(find(objects, "ConfigMap", "memphis-dashboard").at("/data/memphis-ee.json").asText().startsWith("{"));
    }

    @Test
    void shouldServeHttpsAndTryItAsHttps() throws IOException {
        String https = "memphis: {tls: {http: true, secret: {name: web}, cert: c.pem, key: k.pem, ca: ca.pem}}";
        List<JsonNode> objects = chart.render("memphis", https);
        assertEquals("true", variable(objects, "MEMPHISEE_TLS_HTTP"));
        assertEquals("/run/secrets/tls/c.pem", variable(objects, "MEMPHISEE_TLS_CERTIFICATE"));
        String host = "memphis-0.memphis-headless." + Chart.NAMESPACE + ".svc";
        JsonNode test = find(chart.renderWithTest("memphis", https), "Pod", "memphis-test");
        String variables = test.at("/spec/containers/0/env").toString();
        for (String part : List.of("https://" + host + ":9000", host + ":6666", "http://" + host + ":7777", "/run/secrets/tls/ca.pem")) {
            assertTrue(variables.contains("\"" + part + "\""), part + " in " + variables);
        }
        assertEquals("web", test.at("/spec/volumes/2/secret/secretName").asText());
        assertFalse(test.toString().contains("k.pem"), "a test needs no key");
        String notes = chart.notes("memphis", https);
        assertTrue(notes.contains("Dashboard  https://localhost:9000"), notes);
        assertTrue(chart.notes("memphis", https + "\ningress: {enabled: true, dashboardHost: a.example.com}").contains("must speak HTTPS"));

        List<JsonNode> plain = chart.renderWithTest("memphis", "{}");
        assertFalse(plain.toString().contains("MEMPHISEE_TLS_HTTP"));
        assertTrue(find(plain, "Pod", "memphis-test").toString().contains("\"http://memphis-headless:9000\""));
    }

    @Test
    void shouldMakeSecretsOnceAndKeepThem() throws IOException {
        Map<String, String> made = secret(chart.render("memphis", "{}"), "memphis-creds");
        assertEquals(Set.of("ROOT_PASSWORD", "CONNECTION_TOKEN", "JWT_SECRET", "REFRESH_JWT_SECRET", "JWT_SECRET_REST_GW",
                "REFRESH_JWT_SECRET_REST_GW", "ENCRYPTION_SECRET_KEY"), made.keySet());
        assertEquals(24, made.get("ROOT_PASSWORD").length());
        assertEquals(64, made.get("JWT_SECRET").length());
        assertNotEquals(made, secret(chart.render("memphis", "{}"), "memphis-creds"), "nothing is known between two installations");

        chart.api().secret("memphis-creds", made);
        assertEquals(made, secret(chart.render("memphis", "{}"), "memphis-creds"));
        Map<String, String> given = secret(chart.render("memphis", "memphis: {creds: {rootPwd: mine}}"), "memphis-creds");
        assertEquals("mine", given.get("ROOT_PASSWORD"));
        assertEquals(made.get("JWT_SECRET"), given.get("JWT_SECRET"));

        Map<String, String> older = new TreeMap<>(made);
        older.remove("JWT_SECRET_REST_GW");
        chart.api().secret("memphis-creds", older);
        Map<String, String> completed = secret(chart.render("memphis", "{}"), "memphis-creds");
        assertEquals(64, completed.get("JWT_SECRET_REST_GW").length());
        completed.keySet().retainAll(older.keySet());
        assertEquals(older, completed);
    }

    @Test
    void shouldMakeNoSecretWhereOneIsGivenOrTheBrokerMakesThem() throws IOException {
        List<JsonNode> existing = chart.render("memphis", "memphis: {creds: {secretConfig: {existingSecret: true, name: mine, rootPwd_key: pw}}}");
        assertTrue(existing.stream().noneMatch(object -> object.path("kind").asText().equals("Secret")));
        assertEquals("/run/secrets/memphisee/pw", variable(existing, "ROOT_PASSWORD_FILE"));
        String broker = "memphis: {creds: {generatedBy: broker}}";
        assertEquals(chart.render("memphis", broker), chart.render("memphis", broker), "the same at each rendering");
        assertEquals(Map.of(), secret(chart.render("memphis", broker), "memphis-creds"));
        assertNull(variable(chart.render("memphis", broker), "ROOT_PASSWORD_FILE"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            replicsa: 3 | additional properties 'replicsa' not allowed
            memphis: {limits: {maxPaylod: 1MB}} | additional properties 'maxPaylod' not allowed
            cluster: {replicas: 2} | value must be one of 1, 3, 5
            memphis: {client: {port: 66666}} | maximum
            {cluster: {replicas: 3}, metadata: {external: {enabled: true, dbHost: a, secret: {name: b}}}} | projects what is defined
            {cluster: {replicas: 3}, memphis: {creds: {generatedBy: broker}}} | CLUSTER_SECRET of at least 32
            {cluster: {replicas: 3}, memphis: {storageEngine: {fileStorage: {existingClaim: a}}}} | each broker of a cluster has its own
            {cluster: {replicas: 3}, memphis: {terminationGracePeriodSeconds: 60}} | which is 115
            {cluster: {replicas: 3}, memphis: {limits: {lameDuckDuration: 120s}}} | which is 205
            {cluster: {replicas: 3}, memphis: {limits: {lameDuckDuration: 2m}}} | pattern
            {cluster: {replicas: 3, tls: {issuerRef: {name: a}}}} | no cert-manager
            podAntiAffinity: {type: both} | value must be one of
            cluster: {extraRoutes: [a]} | extraRoutes
            memphis: {storageEngine: {encryption: {key: a}}} | encrypted volume
            metadata: {postgresql: {username: a}} | metadata.external.enabled=true
            metadata: {external: {enabled: true}} | dbHost is missing
            metadata: {external: {enabled: true, dbHost: a, dbPass: b}} | allowPlainSecrets
            metadata: {external: {enabled: true, dbHost: a}} | dbPass_key
            memphis: {terminationGracePeriodSeconds: 20} | 20 more
            memphis: {tls: {secret: {name: a}}} | memphis.tls.cert
            memphis: {tls: {verify: true}} | memphis.tls.ca
            memphis: {tls: {http: true}} | memphis.tls.http needs a certificate
            tls: {certManager: {enabled: true, issuerRef: {name: a}}} | no cert-manager
            websocket: {tls: {secret: {name: a}}} | share one certificate
            ingress: {enabled: true} | needs a host
            exporter: {serviceMonitor: {enabled: true}} | Prometheus operator
            """)
    void shouldRefuseWhatCannotBeDoneAndSayWhatToDo(String values, String words) {
        String said = assertThrows(RuntimeException.class, () -> chart.render("memphis", values)).getMessage();
        assertTrue(said.contains(words), said);
    }

    @Test
    void shouldMakeThreeBrokersThatFindEachOther() throws IOException {
        List<JsonNode> objects = chart.render("memphis", CLUSTER);
        JsonNode set = find(objects, "StatefulSet", "memphis").path("spec");
        assertEquals(3, set.path("replicas").asInt());
        assertEquals("Parallel", set.path("podManagementPolicy").asText(), "none is ready before the others are there");
        assertEquals("memphis-headless", set.path("serviceName").asText());
        JsonNode headless = find(objects, "Service", "memphis-headless").path("spec");
        assertTrue(headless.path("publishNotReadyAddresses").asBoolean());
        assertTrue(headless.path("ports").toString().contains("6222"));
        assertEquals("dns", variable(objects, "MEMPHISEE_CLUSTER_MODE"));
        assertEquals("memphis-headless." + Chart.NAMESPACE + ".svc.cluster.local", variable(objects, "MEMPHISEE_CLUSTER_DNS_QUERY"));
        assertEquals("3", variable(objects, "MEMPHISEE_CLUSTER_DNS_SIZE"));
        assertEquals("/run/secrets/memphisee/CLUSTER_SECRET", variable(objects, "MEMPHISEE_CLUSTER_SECRET_FILE"));
        assertEquals("/run/secrets/cluster/tls.key", variable(objects, "MEMPHISEE_CLUSTER_TLS_KEY"));
        JsonNode pod = set.at("/template/spec");
        assertEquals("kubernetes.io/hostname", pod.at("/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/0/topologyKey")
                .asText());
        assertEquals("topology.kubernetes.io/zone", pod.at("/topologySpreadConstraints/0/topologyKey").asText());
        assertEquals("/health/live", container(objects).at("/startupProbe/httpGet/path").asText(), "the first start waits for all");
        assertEquals("/health/ready", container(objects).at("/readinessProbe/httpGet/path").asText());
        assertEquals("6Gi", container(objects).at("/resources/limits/memory").asText());
        JsonNode budget = find(objects, "PodDisruptionBudget", "memphis").path("spec");
        assertEquals(Set.of("maxUnavailable", "selector"), names(budget), "as an old Kubernetes knows it");
        assertEquals(Set.of("matchLabels"), names(budget.path("selector")));
        assertEquals("policy/v1", find(objects, "PodDisruptionBudget", "memphis").path("apiVersion").asText());
        assertEquals(1, budget.path("maxUnavailable").asInt());
        assertEquals(set.at("/selector/matchLabels"), budget.at("/selector/matchLabels"));
        assertEquals("AlwaysAllow", find(chart.renderFor("1.30.0", "memphis", CLUSTER), "PodDisruptionBudget", "memphis")
                .at("/spec/unhealthyPodEvictionPolicy").asText());
        JsonNode policy = find(objects, "NetworkPolicy", "memphis").path("spec");
        assertEquals("cluster", policy.at("/ingress/3/ports/0/port").asText());
        assertEquals(set.at("/selector/matchLabels"), policy.at("/ingress/3/from/0/podSelector/matchLabels"), "6222 is for brokers only");
        assertEquals(6222, policy.at("/egress/1/ports/0/port").asInt());
        String notes = chart.notes("memphis", CLUSTER);
        assertTrue(notes.contains("3 brokers, memphis-0 to memphis-2, that are one cluster"), notes);
        assertTrue(notes.contains("waits until all brokers are there"), notes);
        assertFalse(notes.contains("do nothing here"), notes);

        List<JsonNode> alone = chart.render("memphis", "{}");
        assertEquals(1, find(alone, "StatefulSet", "memphis").at("/spec/replicas").asInt());
        assertTrue(alone.stream().noneMatch(object -> object.path("kind").asText().equals("PodDisruptionBudget")));
        assertNull(variable(alone, "MEMPHISEE_CLUSTER_MODE"));
        assertEquals("/health/started", container(alone).at("/startupProbe/httpGet/path").asText());
        assertFalse(find(alone, "StatefulSet", "memphis").toString().contains("ffinity"));
    }

    /** What it says of three brokers is enough to run them, which is done with the image ({@code .ci/image}) from what is written here. */
    @Test
    void shouldSayAllThatAKubeletNeeds() throws IOException {
        List<JsonNode> objects = chart.render("memphis", CLUSTER + "\nmemphis: {drainDelaySeconds: 1, limits: {lameDuckDuration: 4s, "
                + "lameDuckGracePeriod: 1s}, resources: {limits: {memory: 2Gi}}}");
        Kubelet kubelet = new Kubelet(find(objects, "StatefulSet", "memphis"));
        List<String> options = kubelet.options();
        assertTrue(options.containsAll(List.of("--user=10001:0", "--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges",
                "--memory=2g", "--env=MEMPHISEE_SERVER_NAME=@NAME@", "--volume=@DATA@:/data",
                "--volume=@SECRETS@/memphis-cluster:/run/secrets/cluster:ro",
                "--tmpfs=/tmp:rw,mode=1777,notmpcopyup,size=256m")), options::toString);
        Path to = Path.of("target/chart");
        kubelet.write(to, objects, Chart.NAMESPACE, "cluster.local");
        for (String option : options) {
            if (option.contains("_FILE=") || option.matches("--env=MEMPHISEE_CLUSTER_TLS_.*=/.*")) {
                String file = option.substring(option.indexOf('=', "--env=".length()) + 1);
                String mount = options.stream().filter(other -> other.contains(':' + file.substring(0, file.lastIndexOf('/')) + ":ro")).findFirst()
                        .orElseThrow(() -> new AssertionError(option));
                String secret = mount.replaceAll(".*@SECRETS@/([^:]*):.*", "$1");
                assertTrue(Files.isRegularFile(to.resolve("secrets").resolve(secret).resolve(file.substring(file.lastIndexOf('/') + 1))), option);
            }
        }
        assertTrue(Files.readAllLines(to.resolve("rules")).containsAll(List.of("REPLICAS=3", "MIN_READY=10", "READY_PORT=7777",
                "DOMAIN=memphis-headless.messaging.svc.cluster.local")));
    }

    @Test
    void shouldMakeACertificateOfAllBrokersOnceAndKeepIt() throws Exception {
        Map<String, String> made = secret(chart.render("memphis", CLUSTER), "memphis-cluster");
        assertEquals(Set.of("ca.crt", "tls.crt", "tls.key"), made.keySet());
        X509Certificate authority = certificate(made.get("ca.crt"));
        X509Certificate node = certificate(made.get("tls.crt"));
        node.verify(authority.getPublicKey());
        assertTrue(authority.getBasicConstraints() >= 0 && node.getBasicConstraints() < 0);
        Set<String> names = new TreeSet<>();
        node.getSubjectAlternativeNames().forEach(name -> names.add(name.get(1).toString()));
        assertTrue(names.containsAll(Set.of("memphis-0", "memphis-2", "memphis-4")), names::toString);
        assertTrue(node.getExtendedKeyUsage().containsAll(List.of("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2")), "both sides show it");
        assertNotEquals(made, secret(chart.render("memphis", CLUSTER), "memphis-cluster"));

        chart.api().secret("memphis-cluster", made);
        assertEquals(made, secret(chart.render("memphis", CLUSTER), "memphis-cluster"));
        Map<String, String> credentials = secret(chart.render("memphis", CLUSTER), "memphis-creds");
        assertEquals(64, credentials.get("CLUSTER_SECRET").length());

        List<JsonNode> given = chart.render("memphis", "cluster: {replicas: 3, tls: {secret: {name: mine}, ca: a.pem, cert: c.pem, key: k.pem}}");
        assertTrue(given.stream().noneMatch(object -> object.at("/metadata/name").asText().equals("memphis-cluster")));
        assertEquals("/run/secrets/cluster/k.pem", variable(given, "MEMPHISEE_CLUSTER_TLS_KEY"));
        List<JsonNode> issued = chart.render("memphis", "{assumeOperators: true, cluster: {replicas: 5, tls: {issuerRef: {name: a}}}}");
        assertEquals("[\"memphis-0\",\"memphis-1\",\"memphis-2\",\"memphis-3\",\"memphis-4\"]",
                find(issued, "Certificate", "memphis-cluster").at("/spec/dnsNames").toString());
        assertEquals("/run/secrets/cluster/tls.key", variable(issued, "MEMPHISEE_CLUSTER_TLS_KEY"));
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static X509Certificate certificate(String pem) throws CertificateException {
        return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(
                new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void shouldRefuseToChangeTheSizeOfWhatRuns() throws IOException {
        chart.api().running(1);
        String grown = assertThrows(RuntimeException.class, () -> chart.render("memphis", CLUSTER)).getMessage();
        assertTrue(grown.contains("delete statefulset memphis --cascade=orphan"), grown);
        assertFalse(chart.render("memphis", "{}").isEmpty());
        chart.api().running(3);
        String shrunk = assertThrows(RuntimeException.class, () -> chart.render("memphis", "{}")).getMessage();
        assertTrue(shrunk.contains("runs 3 brokers and is to have 1"), shrunk);
        assertThrows(RuntimeException.class, () -> chart.render("memphis", "cluster: {replicas: 5}"));
        assertFalse(chart.render("memphis", CLUSTER).isEmpty());
    }

    @Test
    void shouldGiveAClusterTheTimesOfTheMemphisChart() throws IOException {
        String times = "memphis: {limits: {lameDuckDuration: 20s, lameDuckGracePeriod: 5s}}";
        List<JsonNode> objects = chart.render("memphis", CLUSTER + "\n" + times);
        assertEquals("20s", variable(objects, "MEMPHISEE_CLUSTER_LAME_DUCK"));
        assertEquals("5s", variable(objects, "MEMPHISEE_CLUSTER_LAME_DUCK_GRACE"));
        assertTrue(chart.notes("memphis", times).contains("- memphis.limits.lameDuckDuration"), "nothing without a cluster");
    }

    @Test
    void shouldTakeOperatorsThatAreThere() throws IOException {
        String wanted = "exporter: {serviceMonitor: {enabled: true}}";
        chart.api().operators(true);
        assertTrue(chart.notes("memphis", wanted).contains("Memphis EE"));
        chart.api().operators(false);
        assertThrows(RuntimeException.class, () -> chart.notes("memphis", wanted));
    }

    @Test
    void shouldSayHowToReachItAndWhatWasIgnored() throws IOException {
        String notes = chart.notes("memphis", "{}");
        assertTrue(notes.contains("kubectl -n " + Chart.NAMESPACE + " port-forward service/memphis 6666:6666 9000:9000 7770:7770"), notes);
        assertTrue(notes.contains("get secret memphis-creds -o jsonpath='{.data.ROOT_PASSWORD}'"), notes);
        assertFalse(notes.contains("do nothing here"), notes);
        String reference = chart.notes("memphis", REFERENCE);
        for (String ignored : List.of("- analytics", "- ui_host", "- dashboard")) {
            assertTrue(reference.contains(ignored), reference);
        }
        assertFalse(reference.contains("Clients are not encrypted"), reference);
    }
}
