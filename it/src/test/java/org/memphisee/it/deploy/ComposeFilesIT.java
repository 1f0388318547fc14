package org.memphisee.it.deploy;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The compose files as shipped (deploy.md 2, CMP-01); that they run is tried with the image. */
final class ComposeFilesIT {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z_]+)(?::-([^}]*)|:\\?[^}]*)?}");
    /** What the whole of the reference's file leaves to choose. */
    private static final String REFERENCE_PASSWORD = "ROOT_PASSWORD";

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(Shipped.COMPOSE)) {
            return files.filter(file -> file.getFileName().toString().matches("compose.*\\.yaml")).sorted().toList();
        }
    }

    private static Schema schema() throws IOException {
        try (InputStream in = ComposeFilesIT.class.getResourceAsStream("/compose/compose-spec.json")) {
            ObjectNode schema = (ObjectNode) new ObjectMapper().readTree(in);
            // as they are they name neither a place nor a dialect that validators know
            schema.put("$id", "https://example.org/compose-spec.json").put("$schema", "http://json-schema.org/draft-07/schema#");
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7).getSchema(schema);
        }
    }

    private static List<String> complaints(JsonNode file) throws IOException {
        return schema().validate(file).stream().map(Error::toString).toList();
    }

    private static Stream<Map.Entry<String, JsonNode>> services(JsonNode file) {
        return file.path("services").properties().stream();
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).toList();
    }

    /** What a value is when nobody sets a variable. */
    private static String byDefault(String value) {
        return VARIABLE.matcher(value).replaceAll(found -> Matcher.quoteReplacement(found.group(2) == null ? "" : found.group(2)));
    }

    @Test
    void shouldShipTheFiveFiles() throws IOException {
        assertEquals(List.of("compose.cluster.yaml", "compose.external.yaml", "compose.monitoring.yaml", "compose.reference.yaml", "compose.yaml"),
                files().stream().map(file -> file.getFileName().toString()).toList());
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldFollowTheSpecification(Path file) throws IOException {
        assertEquals(List.of(), complaints(Shipped.yaml(file)));
    }

    @Test
    void shouldNoticeAMistypedKey() throws IOException {
        JsonNode file = Shipped.yaml(Shipped.COMPOSE.resolve("compose.yaml"));
        ((ObjectNode) file.at("/services/memphis")).put("memlimit", "4g");
        assertFalse(complaints(file).isEmpty());
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldUseOnlyWhatOlderToolsUnderstandToo(Path file) throws IOException {
        JsonNode compose = Shipped.yaml(file);
        assertFalse(compose.has("version") || compose.has("name") || compose.has("configs"), file::toString);
        compose.path("secrets").forEach(secret -> assertTrue(secret.has("file"), secret::toString));
        services(compose).filter(service -> !service.getValue().has("extends")).forEach(service -> {
            String image = byDefault(service.getValue().path("image").asText());
            assertTrue(image.matches("[^:]+:v?\\d+\\.\\d+[\\w.-]*"), () -> "a full version: " + image);
            assertTrue(service.getValue().has("mem_limit"), service.getKey());
            assertFalse(service.getValue().toString().contains("docker.sock"), service.getKey());
        });
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldListenOnThisMachineOnlyUntilAskedOtherwise(Path file) throws IOException {
        services(Shipped.yaml(file)).forEach(service -> texts(service.getValue().path("ports")).forEach(port ->
                assertTrue(byDefault(port).startsWith("127.0.0.1:"), () -> service.getKey() + ' ' + port)));
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldMountOnlyWhatIsShippedAndDeclareEachSecretAndVolume(Path file) throws IOException {
        JsonNode compose = Shipped.yaml(file);
        services(compose).forEach(service -> {
            service.getValue().path("secrets").forEach(secret -> assertTrue(compose.path("secrets").has(
                    secret.path("source").asText(secret.asText())), secret::toString));
            texts(service.getValue().path("volumes")).forEach(volume -> {
                String source = volume.split(":")[0];
                assertTrue(source.startsWith("./") ? Files.exists(Shipped.COMPOSE.resolve(source)) : compose.path("volumes").has(source),
                        volume);
            });
            service.getValue().path("environment").properties().stream().map(value -> value.getValue().asText())
                    .filter(value -> value.startsWith("/run/secrets/")).forEach(value -> assertTrue(
                            compose.path("secrets").has(value.substring("/run/secrets/".length())), value));
        });
    }

    @Test
    void shouldNameEachVariableWithItsDefaultInTheExample() throws IOException {
        Map<String, String> used = new HashMap<>();
        for (Path file : files()) {
            VARIABLE.matcher(Files.readString(file)).results().forEach(found -> used.put(found.group(1),
                    found.group(2) == null ? "" : found.group(2)));
        }
        used.remove(REFERENCE_PASSWORD);
        Map<String, String> named = Files.readAllLines(Shipped.COMPOSE.resolve(".env.example")).stream()
                .filter(line -> line.matches("#[A-Z_]+=.*")).map(line -> line.substring(1).split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        assertEquals("registry.example.com/", named.put("MEMPHISEE_REGISTRY", "")); // an example says more than nothing
        assertEquals(used, named);
        assertEquals(Files.readString(Shipped.SERVER.resolve("VERSION")).strip(), used.get("MEMPHISEE_VERSION"));
    }

    @Test
    void shouldMakeThreeBrokersOneClusterOfWhichEachHasAKeyOfItsOwn() throws IOException {
        JsonNode compose = Shipped.yaml(Shipped.COMPOSE.resolve("compose.cluster.yaml"));
        List<String> names = services(compose).map(Map.Entry::getKey).toList();
        JsonNode node = Shipped.yaml(Shipped.COMPOSE.resolve("cluster-node.yaml")).at("/services/node");
        assertEquals(names.stream().map(name -> name + '@' + name + ":6222").collect(Collectors.joining(",")),
                node.at("/environment/MEMPHISEE_CLUSTER_MEMBERS").asText());
        assertFalse(compose.toString().contains(":6222"), "not for anybody else");
        Set<String> published = new HashSet<>();
        services(compose).forEach(service -> {
            String name = service.getKey();
            JsonNode given = service.getValue();
            assertEquals(name, given.at("/environment/MEMPHISEE_SERVER_NAME").asText());
            assertTrue(given.path("volumes").toString().contains(name + ":/data"), name);
            assertEquals(Set.of(name + ".pem", name + ".key"), StreamSupport.stream(given.path("secrets").spliterator(), false)
                    .filter(JsonNode::isObject).map(secret -> secret.path("source").asText()).collect(Collectors.toSet()));
            texts(given.path("ports")).forEach(port -> assertTrue(published.add(byDefault(port).split(":")[1]), port));
        });
        assertTrue(published.containsAll(Set.of("6666", "6667", "6668", "9000")), published::toString);
        String page = Files.readString(Shipped.SERVER.resolve("doc/configuration.md"));
        node.path("environment").fieldNames().forEachRemaining(name -> assertTrue(page.contains(name.replaceAll("_FILE$", ""))
                || name.matches("MEMPHISEE_(WORK|LOG)_DIR"), name));
    }

    @Test
    void shouldMakeSecretsOfAClusterOnceAndSignFurtherNodes(@TempDir Path work) throws IOException, InterruptedException {
        assumeTrue(Shipped.present("openssl"), "openssl is absent");
        Path secrets = work.resolve("secrets");
        assertEquals(0, Shipped.run(work, Map.of(), List.of("sh", Shipped.COMPOSE.resolve("cluster-secrets.sh").toString())).status());
        Map<String, String> made = contents(secrets);
        assertEquals(Set.of("root_password", "cluster_secret", "cluster_ca.pem", "cluster_ca.key", "memphis-0.pem", "memphis-0.key",
                "memphis-1.pem", "memphis-1.key", "memphis-2.pem", "memphis-2.key"), made.keySet());
        assertTrue(made.get("cluster_secret").length() >= 32);
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets)));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets.resolve("cluster_ca.key"))));
        JsonNode compose = Shipped.yaml(Shipped.COMPOSE.resolve("compose.cluster.yaml"));
        compose.path("secrets").fieldNames().forEachRemaining(name -> assertTrue(made.containsKey(name), name));

        Shipped.Ended again = Shipped.run(work, Map.of(), List.of("sh", Shipped.COMPOSE.resolve("cluster-secrets.sh").toString(),
                "secrets", "memphis-0", "memphis-3"));
        assertEquals(0, again.status(), again::text);
        Map<String, String> later = contents(secrets);
        assertTrue(later.containsKey("memphis-3.pem") && later.entrySet().containsAll(made.entrySet()), later.keySet()::toString);
        Shipped.Ended verified = Shipped.run(secrets, Map.of(), List.of("openssl", "verify", "-CAfile", "cluster_ca.pem", "memphis-0.pem",
                "memphis-3.pem"));
        assertEquals(0, verified.status(), verified::text);
    }

    private static Map<String, String> contents(Path directory) throws IOException {
        Map<String, String> contents = new HashMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                contents.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return contents;
    }

    @Test
    void shouldKeepTheNamesOfTheReferencesServicesAndOnlyItsVariables() throws IOException {
        JsonNode compose = Shipped.yaml(Shipped.COMPOSE.resolve("compose.reference.yaml"));
        List<String> names = new ArrayList<>(services(compose).map(Map.Entry::getKey).toList());
        names.addAll(texts(compose.at("/services/memphis/networks/default/aliases")));
        assertEquals(List.of("memphis-metadata", "memphis", "memphis-rest-gateway"), names);
        compose.at("/services/memphis/environment").fieldNames().forEachRemaining(name -> assertFalse(name.startsWith("MEMPHISEE_"), name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"compose.yaml", "compose.cluster.yaml", "compose.external.yaml", "compose.reference.yaml", "compose.yaml -f compose.monitoring.yaml",
        "compose.external.yaml -f compose.monitoring.yaml"})
    void shouldBeUnderstoodByAnOldDockerCompose(String files, @TempDir Path secrets) throws IOException, InterruptedException {
        assumeTrue(Shipped.present("docker-compose"), "docker-compose is absent");
        List<String> command = new ArrayList<>(List.of("docker-compose", "-f"));
        command.addAll(List.of(files.split(" ")));
        command.addAll(List.of("config", "-q"));
        Shipped.Ended ended = Shipped.run(Shipped.COMPOSE, Map.of("MEMPHISEE_SECRETS", secrets.toString(), REFERENCE_PASSWORD, "chosen"), command);
        assertAll(() -> assertEquals(0, ended.status()), () -> assertEquals("", ended.text()));
    }
}
