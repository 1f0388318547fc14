package org.memphisee.gateway.metrics;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes Prometheus text 0.0.4 into a stream through one buffer, so that an answer of any size takes the same memory.
 * One thread.
 */
final class TextWriter implements AutoCloseable {

    private static final int BUFFER = 32 << 10;
    private static final int LONGEST_NUMBER = 20;
    /** Whole numbers up to here are the same as doubles. */
    private static final double EXACT = 1L << 53;

    private final OutputStream out;
    private final ScrapePace pace;
    private final byte[] buffer = new byte[BUFFER];
    private int size;

    TextWriter(OutputStream out) {
        this(out, ScrapePace.NONE);
    }

    /** @param pace told of each piece that was written, and may wait */
    TextWriter(OutputStream out, ScrapePace pace) {
        this.out = out;
        this.pace = pace;
    }

    /** Bytes as they are. */
    TextWriter raw(byte[] bytes) throws IOException {
        int from = 0;
        while (from < bytes.length) {
            room();
            int n = Math.min(bytes.length - from, BUFFER - size);
            System.arraycopy(bytes, from, buffer, size, n);
            size += n;
            from += n;
        }
        return this;
    }

    /** Text as it is. */
    TextWriter raw(String text) throws IOException {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                return raw(text.substring(i).getBytes(StandardCharsets.UTF_8));
            }
            put(c);
        }
        return this;
    }

    /** {@code name="value"} with what must be escaped escaped. */
    TextWriter label(String name, String value) throws IOException {
        raw(name);
        put('=');
        put('"');
        escaped(value, true);
        put('"');
        return this;
    }

    /** What a family of series is; comes before its first series. */
    TextWriter family(String name, String type, String help) throws IOException {
        if (!help.isEmpty()) {
            raw("# HELP ").raw(name);
            put(' ');
            escaped(help, false);
            put('\n');
        }
        raw("# TYPE ").raw(name);
        put(' ');
        raw(type);
        put('\n');
        return this;
    }

    /** The end of a line. */
    void value(long value) throws IOException {
        if (size > BUFFER - LONGEST_NUMBER - 2) {
            flush();
        }
        buffer[size++] = ' ';
        if (value < 0) {
            raw(Long.toString(value));
        } else {
            digits(value);
        }
        put('\n');
    }

    /** A number that is not negative; there is room for it. */
    private void digits(long number) {
        int end = size + 1;
        for (long rest = number; rest >= 10; rest /= 10) {
            end++;
        }
        size = end;
        long rest = number;
        do {
            buffer[--end] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest != 0);
    }

    /** The end of a line; whole numbers without fraction and exponent. */
    void value(double value) throws IOException {
        if (value == Math.rint(value) && Math.abs(value) < EXACT) {
            value((long) value);
            return;
        }
        put(' ');
        raw(Double.isInfinite(value) ? value > 0 ? "+Inf" : "-Inf" : Double.toString(value));
        put('\n');
    }

    private void escaped(String text, boolean quotes) throws IOException {
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' || c == '\n' || quotes && c == '"') {
                raw(text.substring(from, i));
                put('\\');
                put(c == '\n' ? 'n' : c);
                from = i + 1;
            }
        }
        raw(from == 0 ? text : text.substring(from));
    }

    private void put(int ascii) throws IOException {
        room();
        buffer[size++] = (byte) ascii;
    }

    private void room() throws IOException {
        if (size == BUFFER) {
            flush();
        }
    }

    /** Hands on what is in the buffer. */
    void flush() throws IOException {
        out.write(buffer, 0, size);
        pace.written(size);
        size = 0;
    }

    /** Writes what is left and closes the stream. */
    @Override
    public void close() throws IOException {
        flush();
        out.close();
    }
}
