package org.memphisee.gateway.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;

class ParametersTest {

    private static Parameters of(String name, String value) {
        return new Parameters(Map.of(name, value)::get);
    }

    @Test
    void shouldReadFlagsAsTheReferenceDoes() throws Exception {
        for (String yes : new String[] {"1", "t", "T", "true", "TRUE"}) {
            assertTrue(of("subs", yes).flag("subs"));
        }
        for (String no : new String[] {"0", "f", "F", "false", "FALSE"}) {
            assertFalse(of("subs", no).flag("subs"));
        }
        assertEquals("Error decoding boolean for 'subs': \"x\"", assertThrows(BadParameterException.class,
            () -> of("subs", "x").flag("subs")).getMessage());
    }

    @Test
    void shouldKeepPagesWithinReason() throws Exception {
        assertEquals(1024, of("a", "b").limit());
        assertEquals(1024, of("limit", "-3").limit());
        assertEquals(0, of("offset", "-3").offset());
        assertEquals(Integer.MAX_VALUE, of("limit", "99999999999").limit());
        assertThrows(BadParameterException.class, () -> of("limit", "many").limit());
    }

    @Test
    void shouldNotRepeatWhatCouldHarmATerminal() {
        String message = assertThrows(BadParameterException.class, () -> of("limit", "\u001b[2J").limit()).getMessage();
        assertEquals("Error decoding integer for 'limit': \"?[2J\"", message);
    }

    @Test
    void shouldWriteDurations() {
        assertEquals("1d2h3m4s", GoText.uptime(Duration.ofSeconds(93_784)));
        assertEquals("4s", GoText.uptime(Duration.ofMillis(4_100)));
        assertEquals("1.25ms", GoText.shortTime(1_250_000));
        assertEquals("2s", GoText.shortTime(2_000_000_000));
        assertEquals("12µs", GoText.shortTime(12_000));
    }
}
