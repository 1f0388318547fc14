package org.memphisee.gateway.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;

import org.junit.jupiter.api.Test;

/** The OpenAPI document and the routes say the same. RestDocumentIT holds it against the running gateway. */
class OpenApiDocumentTest {

    private static final OpenAPI DOCUMENT = read();

    private static OpenAPI read() {
        ParseOptions options = new ParseOptions();
        options.setResolve(true);
        try {
            SwaggerParseResult result = new OpenAPIV3Parser().readContents(
                Files.readString(Path.of("src/main/openapi/gateway.yaml")), List.of(), options);
            assertEquals(List.of(), result.getMessages());
            return result.getOpenAPI();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static RestRoute route(String path) {
        return RestRoute.of(path.replace("{station}", "orders"), true)
            .orElseThrow(() -> new AssertionError("no route is " + path));
    }

    @Test
    void shouldDocumentEveryRouteOnce() {
        List<RestRoute.Operation> documented = DOCUMENT.getPaths().keySet().stream().map(p -> route(p).operation()).toList();
        assertEquals(EnumSet.allOf(RestRoute.Operation.class), EnumSet.copyOf(documented));
        assertEquals(RestRoute.Operation.values().length, documented.size());
    }

    @Test
    void shouldDocumentTheMethodsOfEachRouteAndNoOthers() {
        DOCUMENT.getPaths().forEach((path, item) -> assertEquals(
            Set.of(route(path).operation().allowed().split(", ")),
            item.readOperationsMap().keySet().stream().map(Enum::name).collect(Collectors.toSet()), path));
    }

    @Test
    void shouldSayWhichRoutesNeedAToken() {
        assertEquals(2, DOCUMENT.getSecurity().size(), "header or query");
        DOCUMENT.getPaths().forEach((path, item) -> item.readOperations().forEach(operation -> assertEquals(
            route(path).operation().open() ? List.of() : null, operation.getSecurity(), path)));
    }

    /** A name of an operation and a description of each answer is what programs and people that read it go by. */
    @Test
    void shouldNameEveryOperationAndDescribeEveryAnswer() {
        List<String> names = operations().map(io.swagger.v3.oas.models.Operation::getOperationId).toList();
        assertEquals(names.size(), Set.copyOf(names).size());
        operations().forEach(operation -> {
            assertTrue(operation.getSummary() != null && !operation.getResponses().isEmpty(), operation.getOperationId());
            operation.getResponses().forEach((status, response) -> assertTrue(
                response.get$ref() != null || response.getDescription() != null, operation.getOperationId() + status));
        });
    }

    private static Stream<io.swagger.v3.oas.models.Operation> operations() {
        return DOCUMENT.getPaths().values().stream().map(PathItem::readOperations).flatMap(List::stream);
    }

    /** Every content type that is documented for a message is accepted, and the answers are those of the code. */
    @Test
    void shouldDocumentOnlyContentTypesThatAreAccepted() {
        Set<String> types = DOCUMENT.getPaths().get("/stations/{station}/produce/single").getPost().getRequestBody()
            .getContent().keySet();
        assertTrue(types.containsAll(ProduceOperations.RAW.stream().filter(t -> !t.isEmpty()).toList()), types.toString());
        types.forEach(type -> assertTrue(ProduceOperations.accepted(type), type));
    }

    @Test
    void shouldDocumentTheSecurityAsItIs() {
        Map<String, io.swagger.v3.oas.models.security.SecurityScheme> schemes = DOCUMENT.getComponents().getSecuritySchemes();
        assertEquals("bearer", schemes.get("bearer").getScheme());
        assertEquals("authorization", schemes.get("query").getName());
    }
}
