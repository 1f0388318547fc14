package org.memphisee.core.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;

import org.junit.jupiter.api.Test;

class SchemaBenchTest {

    private final ArrayDeque<Runnable> work = new ArrayDeque<>();
    private final SchemaBench bench = new SchemaBench(new Failing(), work::add);

    private static final class Failing implements SchemaLanguages {
        @Override
        public SchemaText read(SchemaType type, String file, String content, String messageName) throws SchemaException {
            return switch (content) {
                case "bad" -> throw new SchemaException("it is bad");
                case "worse" -> throw new StackOverflowError();
                default -> new SchemaText(content, "", "");
            };
        }

        @Override
        public MessageCheck check(SchemaType type, SchemaText text) throws SchemaException {
            read(type, "", text.content(), "");
            return (bytes, offset, length) -> "";
        }

        @Override
        public List<String> breaks(SchemaType type, SchemaText reader, SchemaText writer) {
            return List.of();
        }
    }

    private CompletableFuture<SchemaText> read(String content) {
        return bench.read(SchemaType.JSON, "f", content, "");
    }

    private void run() {
        while (!work.isEmpty()) {
            work.poll().run();
        }
    }

    private static Throwable failure(CompletableFuture<?> result) throws InterruptedException {
        try {
            result.get();
            throw new AssertionError("did not fail");
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }

    @Test
    void shouldGoOnAfterWhatFails() throws Exception {
        CompletableFuture<SchemaText> bad = read("bad");
        CompletableFuture<SchemaText> worse = read("worse");
        CompletableFuture<SchemaText> good = read("good");
        run();
        assertEquals("it is bad", failure(bad).getMessage());
        assertInstanceOf(StackOverflowError.class, failure(worse));
        assertEquals("good", good.get().content());
        CompletableFuture<SchemaText> later = read("later");
        run();
        assertTrue(later.isDone());
    }

    @Test
    void shouldRefuseRequestsWhenTooManyWaitButNotWhatIsDefined() throws Exception {
        for (int i = 0; i < SchemaBench.MAX_WAITING; i++) {
            assertFalse(read("good").isDone());
        }
        assertInstanceOf(RejectedExecutionException.class, failure(read("good")));
        CompletableFuture<MessageCheck> defined = bench.check("s", 1, SchemaType.JSON, new SchemaText("good", "", ""));
        run();
        assertEquals("", defined.get().problem(new byte[0], 0, 0));
        assertFalse(read("good").isCompletedExceptionally());
        run();
    }

    @Test
    void shouldRefuseRequestsWhoseTextsAreTooMuchTogether() throws Exception {
        String large = "x".repeat(1 << 20);
        for (int i = 0; i < SchemaBench.MAX_SIZE >> 20; i++) {
            assertFalse(read(large).isDone());
        }
        assertInstanceOf(RejectedExecutionException.class, failure(read("x")));
        run();
        assertFalse(read(large).isCompletedExceptionally());
        run();
    }

    @Test
    void shouldLetNothingThroughWhenADefinedVersionCannotBeRead() throws Exception {
        CompletableFuture<MessageCheck> check = bench.check("s", 3, SchemaType.JSON, new SchemaText("bad", "", ""));
        run();
        assertEquals("version 3 of the schema s cannot be read: it is bad", check.get().problem(new byte[0], 0, 0));
    }
}
