package org.memphisee.dashboard.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.memphisee.core.observe.ServerLog;

class LogOperationsTest {

    private static ServerLog.Part part(long next, String... texts) {
        return new ServerLog.Part(List.of(texts).stream().map(text -> new ServerLog.Line(1, 1, ServerLog.Type.INFO, "memphis-0", text))
            .toList(), next);
    }

    @Test
    void shouldWritePartAfterPartWithALineForEach() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LogOperations.write(out, part(7, "one", "two\r\n\tat x"), next -> next == 7 ? part(9) : part(0, "trois é"));
        assertEquals("memphis-0: one\nmemphis-0: two\\n\tat x\nmemphis-0: trois é\n", out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void shouldSayWhenItEndsEarly() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LogOperations.write(out, part(7, "one"), next -> {
            throw ApiFailure.of(503, "closing");
        });
        assertEquals("memphis-0: one\nThe log goes on, and could not be read further. Download it again.\n",
            out.toString(StandardCharsets.UTF_8));
    }
}
