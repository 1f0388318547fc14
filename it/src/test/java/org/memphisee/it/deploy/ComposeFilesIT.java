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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    void shouldShipTheFourFiles() throws IOException {
        assertEquals(List.of("compose.external.yaml", "compose.monitoring.yaml", "compose.reference.yaml", "compose.yaml"),
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
            texts(service.getValue().path("secrets")).forEach(secret -> assertTrue(compose.path("secrets").has(secret), secret));
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
    void shouldKeepTheNamesOfTheReferencesServicesAndOnlyItsVariables() throws IOException {
        JsonNode compose = Shipped.yaml(Shipped.COMPOSE.resolve("compose.reference.yaml"));
        List<String> names = new ArrayList<>(services(compose).map(Map.Entry::getKey).toList());
        names.addAll(texts(compose.at("/services/memphis/networks/default/aliases")));
        assertEquals(List.of("memphis-metadata", "memphis", "memphis-rest-gateway"), names);
        compose.at("/services/memphis/environment").fieldNames().forEachRemaining(name -> assertFalse(name.startsWith("MEMPHISEE_"), name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"compose.yaml", "compose.external.yaml", "compose.reference.yaml", "compose.yaml -f compose.monitoring.yaml",
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
