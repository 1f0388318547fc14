package org.memphisee.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;

import org.junit.jupiter.api.Test;

final class OperatorMessageTest {

    @Test
    void shouldNumberEveryMessageOnce() {
        Set<String> ids = new HashSet<>();

        for (OperatorMessage message : OperatorMessage.values()) {
            assertTrue(message.id().matches("MEE\\d{4}"), message.id());
            assertTrue(ids.add(message.id()), message.id());
        }
    }

    @Test
    void shouldNameCauseAndRemedyOfEveryMessage() {
        for (OperatorMessage message : OperatorMessage.values()) {
            assertFalse(message.cause().isBlank() || message.remedy().isBlank(), message.id());
        }
    }

    @Test
    void shouldWriteNumbersWithoutGroupingAndFillTheRemedy() {
        assertEquals("MEE0004: Port 16666 (clients) is in use by another program. Stop the other program, or choose another "
            + "port with MEMPHISEE_CLIENT_PORT.",
            OperatorMessage.PORT_IN_USE.lineWithRemedy(16666, "clients", "MEMPHISEE_CLIENT_PORT"));
    }

    @Test
    void shouldFillPlaceholdersOfEveryMessage() {
        for (OperatorMessage message : OperatorMessage.values()) {
            String line = message.lineWithRemedy("one", "two", "three");

            assertFalse(line.matches(".*\\{\\d}.*") || line.contains("''"), line);
        }
    }
}
