package org.memphisee.ejb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.logging.Level;

import org.junit.jupiter.api.Test;

import org.memphisee.core.observe.ServerLog.Type;

class LogCaptureTest {

    @Test
    void shouldTellLinesForOperatorsFromThoseOfTheInsides() {
        assertEquals(Type.INFO, LogCapture.type(Level.INFO, "MEE0008: Ready after 3 s"));
        assertEquals(Type.WARN, LogCapture.type(Level.WARNING, "MEE0402: A configured signing secret"));
        assertEquals(Type.ERR, LogCapture.type(Level.SEVERE, "MEE0007: The broker did not start"));
        assertEquals(Type.SYS, LogCapture.type(Level.SEVERE, "request to $JS.API.INFO failed"));
    }
}
