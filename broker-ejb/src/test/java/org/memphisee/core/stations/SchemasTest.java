package org.memphisee.core.stations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.api.Author;
import org.memphisee.core.control.PlaneFixture;
import org.memphisee.core.control.SchemaDefinition;
import org.memphisee.core.control.SchemaEvent;
import org.memphisee.core.schema.Compatibility;

class SchemasTest {

    private static final long ROOM = 200;
    private static final Author BY = Author.named("root");

    private final PlaneFixture plane = new PlaneFixture();
    private final Schemas schemas = new Schemas(plane.plane.engine(), plane.plane.engine().schemaBench(), ROOM);

    @AfterEach
    void stop() {
        plane.close();
    }

    private <T> T ask(Supplier<CompletableFuture<T>> question) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        plane.plane.engine().submit(() -> {
            try {
                question.get().whenComplete((value, failure) -> {
                    if (failure == null) {
                        result.complete(value);
                    } else {
                        result.completeExceptionally(failure);
                    }
                });
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        return result.get(20, TimeUnit.SECONDS);
    }

    private Throwable refusal(Supplier<CompletableFuture<?>> question) throws Exception {
        try {
            ask(() -> question.get().thenApply(value -> ""));
            throw new AssertionError("not refused");
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }

    private static SchemaOrder order(String name, String content, String compatibility) {
        return new SchemaOrder(name, "json", content, "", compatibility, List.of());
    }

    private SchemaDefinition create(String name, String content, String compatibility) throws Exception {
        return ask(() -> schemas.create(order(name, content, compatibility), BY));
    }

    @Test
    void shouldRefuseWhatWouldTakeMoreRoomThanThereIs() throws Exception {
        String large = "{\"title\":\"" + "x".repeat((int) ROOM / 2) + "\"}";
        create("a", large, "");
        assertTrue(refusal(() -> schemas.create(order("b", large, ""), BY)).getMessage().contains("larger than 200 characters"));
        assertTrue(refusal(() -> schemas.addVersion(order("a", large + " ", ""), BY)).getMessage().contains("larger than 200"));
        ask(() -> schemas.remove("a", true, BY));
        create("b", large, "");
    }

    @Test
    void shouldHoldNewVersionsToWhatTheSchemaPromises() throws Exception {
        create("a", "{\"type\":\"integer\"}", "full");
        Throwable refused = refusal(() -> schemas.addVersion(order("a", "{\"type\":\"number\"}", ""), BY));
        assertInstanceOf(SchemaRefusal.class, refused);
        assertEquals("the new version is not compatible (full): forward: $ may not be of type number", refused.getMessage());
        ask(() -> schemas.edit("a", Compatibility.BACKWARD, null, BY));
        assertEquals(2, ask(() -> schemas.addVersion(order("a", "{\"type\":\"number\"}", ""), BY)).versions().size());
        assertEquals("backward: $ may not be of type number", refusal(() -> schemas.addVersion(
            order("a", "{\"type\":\"integer\",\"title\":\"x\"}", ""), BY)).getMessage().replaceAll("^[^:]*: ", ""));
        assertEquals(List.of("$ may not be of type number"), ask(() -> schemas.breaks("a", 1, 2)));
    }

    @Test
    void shouldRemoveUnusedOnesOnlyWhenAskedTo() throws Exception {
        create("a", "{}", "");
        plane.ask("$memphis_station_creations", "{'name':'s','partitions_number':1,'schema_name':'a'}");
        assertEquals("Schema a is used by stations: s", refusal(() -> schemas.remove("A", true, BY)).getMessage());
        ask(() -> schemas.remove("a", false, BY));
        assertEquals(1, plane.api.textsOf("$memphis_schema_updates_s").size());
        assertTrue(plane.checks.isEmpty());
        assertTrue(plane.definitions().events().stream().noneMatch(e -> e instanceof SchemaEvent.SchemaAttached));
        assertEquals("Schema a does not exist", refusal(() -> schemas.remove("a", false, BY)).getMessage());
    }

    @Test
    void shouldLetTwoOfOneNameComeOneAfterTheOther() throws Exception {
        CompletableFuture<CompletableFuture<SchemaDefinition>> second = new CompletableFuture<>();
        SchemaDefinition first = ask(() -> {
            CompletableFuture<SchemaDefinition> one = schemas.create(order("a", "{}", ""), BY);
            second.complete(schemas.create(order("a", "true", ""), BY));
            return one;
        });
        assertEquals("a", first.name());
        assertEquals("Schema with the name a already exists", refusal(() -> second.join()).getMessage());
    }
}
