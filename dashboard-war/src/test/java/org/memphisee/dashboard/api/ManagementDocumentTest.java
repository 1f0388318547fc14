package org.memphisee.dashboard.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;

import org.junit.jupiter.api.Test;

import org.memphisee.ejb.BrokerStatus;

/** The OpenAPI document and the operations say the same. ManagementDocumentIT holds it against the running server. */
class ManagementDocumentTest {

    private static final OpenAPI DOCUMENT = read();
    private static final List<Operation> OPERATIONS = operations();
    private static final Path SOURCES = Path.of("src/main/java/org/memphisee/dashboard/api");
    private static final Pattern HANDLED = Pattern.compile(
        "Operation\\.(get|post|put|delete)\\(\"([^\"]+)\",\\s*\\w+::(\\w+)");
    private static final Pattern FIELD = Pattern.compile(
        "\\.(required\\w+|text|texts|textsByName|words|number|numbers|flag|has|object|objects)\\(\"(\\w+)\"");

    private static OpenAPI read() {
        ParseOptions options = new ParseOptions();
        options.setResolve(true);
        options.setResolveFully(true);
        try {
            SwaggerParseResult result = new OpenAPIV3Parser().readContents(
                Files.readString(Path.of("src/main/openapi/management.yaml")), List.of(), options);
            assertEquals(List.of(), result.getMessages());
            return result.getOpenAPI();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The table of the API; nothing in it is called. */
    static List<Operation> operations() {
        BrokerStatus closed = (BrokerStatus) Proxy.newProxyInstance(BrokerStatus.class.getClassLoader(),
            new Class<?>[] {BrokerStatus.class}, (proxy, method, arguments) -> {
                throw new AssertionError(method);
            });
        return ApiServlet.all(closed, new Guard(closed), new Throughput());
    }

    private static String name(String method, String path) {
        return method.toUpperCase(java.util.Locale.ROOT) + " /" + path.replaceFirst("^/", "");
    }

    private static Map<String, io.swagger.v3.oas.models.Operation> documented() {
        Map<String, io.swagger.v3.oas.models.Operation> all = new TreeMap<>();
        DOCUMENT.getPaths().forEach((path, item) -> item.readOperationsMap().forEach((method, operation) ->
            all.put(name(method.name(), path), operation)));
        return all;
    }

    @Test
    void shouldDocumentEveryOperationAndNoOther() {
        assertEquals(OPERATIONS.stream().map(o -> name(o.method(), o.path())).collect(Collectors.toCollection(TreeSet::new)),
            documented().keySet());
    }

    @Test
    void shouldSayWhichOperationsNeedAToken() {
        assertEquals(Set.of("bearer"), DOCUMENT.getSecurity().get(0).keySet());
        OPERATIONS.forEach(operation -> {
            var security = documented().get(name(operation.method(), operation.path())).getSecurity();
            assertEquals(operation.open(), security != null, operation.path());
            if (security != null && !security.isEmpty()) { // by the cookie instead
                assertEquals(List.of("refresh"), security.stream().flatMap(s -> s.keySet().stream()).toList());
            }
        });
        assertEquals(Guard.COOKIE, DOCUMENT.getComponents().getSecuritySchemes().get("refresh").getName());
        assertEquals("bearer", DOCUMENT.getComponents().getSecuritySchemes().get("bearer").getScheme());
    }

    @Test
    void shouldDescribeEachAnswerOfEachOperation() {
        List<String> ids = documented().values().stream().map(o -> o.getOperationId()).toList();
        assertEquals(ids.size(), Set.copyOf(ids).size());
        OPERATIONS.forEach(operation -> {
            var description = documented().get(name(operation.method(), operation.path()));
            Set<String> statuses = description.getResponses().keySet();
            assertTrue(description.getSummary() != null, operation.path());
            assertEquals(!operation.open(), statuses.contains("401")
                && !List.of("login", "refreshToken", "signUp").contains(description.getOperationId()), operation.path());
            assertEquals(!operation.method().equals("GET"), statuses.contains("413"), operation.path());
            assertTrue(statuses.containsAll(Set.of("403", "503")), operation.path());
            description.getResponses().forEach((status, answer) -> {
                assertTrue(answer.getDescription() != null, operation.path() + " " + status);
                String type = status.equals("200") && operation.path().equals("monitoring/downloadSystemLogs") ? "text/plain"
                    : "application/json";
                assertEquals(Set.of(type + "; charset=utf-8"), answer.getContent().keySet(), operation.path());
            });
        });
    }

    /** Fields of bodies and queries: what the code of an operation reads is what the document says, and no more. */
    @Test
    void shouldDocumentTheFieldsThatAreRead() throws IOException {
        Map<String, Set<String>> read = new TreeMap<>();
        Map<String, Set<String>> required = new TreeMap<>();
        try (Stream<Path> files = Files.list(SOURCES)) {
            for (Path file : files.filter(f -> f.toString().endsWith("Operations.java")).toList()) {
                String source = Files.readString(file);
                Matcher handled = HANDLED.matcher(source);
                while (handled.find()) {
                    String operation = name(handled.group(1), handled.group(2));
                    Matcher body = Pattern.compile("JsonNode " + handled.group(3) + "\\(Call call\\) \\{(.*?)\n    }",
                        Pattern.DOTALL).matcher(source);
                    Matcher field = FIELD.matcher(body.find() ? body.group(1) : "");
                    while (field.find()) {
                        read.computeIfAbsent(operation, o -> new TreeSet<>()).add(field.group(2));
                        if (field.group(1).startsWith("required")) {
                            required.computeIfAbsent(operation, o -> new TreeSet<>()).add(field.group(2));
                        }
                    }
                }
            }
        }
        assertTrue(read.size() > 10, "the sources are read: " + read.keySet());
        Map<String, Set<String>> described = new TreeMap<>();
        Map<String, Set<String>> needed = new TreeMap<>();
        documented().forEach((operation, description) -> {
            Set<String> fields = new TreeSet<>();
            Set<String> must = new TreeSet<>();
            if (description.getRequestBody() != null) {
                Schema<?> schema = description.getRequestBody().getContent().values().iterator().next().getSchema();
                fields.addAll(names(schema));
                must.addAll(schema.getRequired() == null ? List.of() : schema.getRequired());
            }
            List<Parameter> parameters = description.getParameters() == null ? List.of() : description.getParameters();
            parameters.forEach(p -> {
                fields.add(p.getName());
                if (Boolean.TRUE.equals(p.getRequired())) {
                    must.add(p.getName());
                }
            });
            if (!fields.isEmpty()) {
                described.put(operation, fields);
                needed.put(operation, must);
            }
        });
        // refused by the operation itself, because 0 is as bad as none
        assertTrue(needed.get("GET /stations/getMessageDetails").remove("partition_number"));
        assertTrue(needed.get("GET /stations/getPoisonMessageJourney").remove("message_id"));
        needed.values().removeIf(Set::isEmpty);
        assertEquals(read, described);
        assertEquals(required, needed);
    }

    private static Set<String> names(Schema<?> schema) {
        Set<String> names = new TreeSet<>();
        if (schema.getProperties() != null) {
            schema.getProperties().forEach((name, property) -> {
                names.add(name);
                names.addAll(names(property));
            });
        }
        if (schema.getItems() != null) {
            names.addAll(names(schema.getItems()));
        }
        return names;
    }
}
