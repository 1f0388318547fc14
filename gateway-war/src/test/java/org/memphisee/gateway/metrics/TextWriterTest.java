package org.memphisee.gateway.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;

class TextWriterTest {

    private interface Text {
        void write(TextWriter out) throws IOException;
    }

    private static String written(Text text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TextWriter out = new TextWriter(bytes)) {
            text.write(out);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldEscapeWhatLabelsMayNotHold() throws IOException {
        assertEquals("a=\"q\\\"b\\\\n\\né€\"", written(out -> out.label("a", "q\"b\\n\né€")));
        assertEquals("# HELP n say \"b\\\\\\n\"\n# TYPE n gauge\n", written(out -> out.family("n", "gauge", "say \"b\\\n\"")));
    }

    @Test
    void shouldWriteNumbersAsScrapersReadThem() throws IOException {
        assertEquals(" 4200000000\n", written(out -> out.value(4.2e9)));
        assertEquals(" 0.25\n", written(out -> out.value(0.25)));
        assertEquals(" -1\n", written(out -> out.value(-1L)));
        assertEquals(" 0\n", written(out -> out.value(0L)));
        assertEquals(" 9\n", written(out -> out.value(9L)));
        assertEquals(" 10\n", written(out -> out.value(10L)));
        assertEquals(" 1000000\n", written(out -> out.value(1_000_000L)));
        assertEquals(" -9223372036854775808\n", written(out -> out.value(Long.MIN_VALUE)));
        assertEquals(" 9223372036854775807\n", written(out -> out.value(Long.MAX_VALUE)));
        assertEquals(" 1.0E300\n", written(out -> out.value(1e300)));
        assertEquals(" NaN\n", written(out -> out.value(Double.NaN)));
        assertEquals(" +Inf\n", written(out -> out.value(Double.POSITIVE_INFINITY)));
        assertEquals(" -Inf\n", written(out -> out.value(Double.NEGATIVE_INFINITY)));
    }

    @Test
    void shouldLoseNothingAtTheEndOfItsBuffer() throws IOException {
        byte[] part = "0123456789é".getBytes(StandardCharsets.UTF_8);
        StringBuilder expected = new StringBuilder();
        String text = written(out -> {
            for (int i = 0; i < 9_000; i++) {
                out.raw(part).raw("0123456789é").value(i);
                expected.append("0123456789é0123456789é ").append(i).append('\n');
            }
        });
        assertEquals(expected.toString(), text);
    }
}
