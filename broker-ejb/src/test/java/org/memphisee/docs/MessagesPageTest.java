package org.memphisee.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;

import org.junit.jupiter.api.Test;
import org.memphisee.message.OperatorMessage;

class MessagesPageTest {

    private static final Map<Level, String> LEVELS = Map.of(Level.INFO, "info", Level.WARNING, "warning", Level.SEVERE,
        "error");

    @Test
    void shouldExplainEachMessageAsTheCodeHasIt() throws IOException {
        List<String> lines = new ArrayList<>(List.of("| Number | Level | Text | Cause | Remedy |", "|---|---|---|---|---|"));
        for (OperatorMessage message : OperatorMessage.values()) {
            lines.add(String.format(Locale.ROOT, "| %s | %s | %s | %s | %s |", message.id(), LEVELS.get(message.level()),
                message.text().replace("''", "'"), message.cause(), message.remedy()));
        }
        GeneratedPart.of("messages.md", "messages").shouldRead(lines);
    }

    @Test
    void shouldNotUseANumberTwice() {
        Set<String> ids = new HashSet<>();
        for (OperatorMessage message : OperatorMessage.values()) {
            ids.add(message.id());
        }
        assertEquals(OperatorMessage.values().length, ids.size());
    }
}
