package org.memphisee.gateway.rest;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntConsumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/** Undoes the compression of request bodies (rest-gateway.md 1). Pure functions. */
final class Compression {

    private static final int ZLIB = 8;
    private static final int FIRST_BYTES = 4096;

    private Compression() { }

    /**
     * The plain bytes.
     *
     * @param encoding value of {@code Content-Encoding}
     * @param limit bytes that may come out
     * @param tooLarge answer when more do
     * @param room told how many more bytes are about to be used; throws when they must not be
     */
    static byte[] undo(byte[] body, String encoding, int limit, Answer tooLarge, IntConsumer room) {
        String name = encoding.strip().toLowerCase(Locale.ROOT);
        if (name.equals("identity") || body.length == 0) {
            return body;
        }
        try (InputStream in = stream(body, name)) {
            byte[] plain = new byte[0];
            int length = 0;
            while (true) {
                if (length > limit) {
                    throw new Rejection(tooLarge);
                }
                if (length == plain.length) {
                    int next = (int) Math.min(limit + 1L, Math.max(FIRST_BYTES, plain.length * 2L));
                    room.accept(next - plain.length);
                    plain = Arrays.copyOf(plain, next);
                }
                int n = in.read(plain, length, plain.length - length);
                if (n < 0) {
                    return Arrays.copyOf(plain, length);
                }
                length += n;
            }
        } catch (IOException damaged) {
            throw new Rejection(Answer.failure(400, "the body is not valid " + name));
        }
    }

    private static InputStream stream(byte[] body, String name) throws IOException {
        InputStream in = new ByteArrayInputStream(body);
        return switch (name) {
            case "gzip", "x-gzip" -> new GZIPInputStream(in);
            case "deflate" -> new InflaterInputStream(in, new Inflater(!zlib(body))); // some send it without its header
            default -> throw new Rejection(Answer.failure(415, "unsupported content encoding"));
        };
    }

    private static boolean zlib(byte[] body) {
        return body.length > 1 && (body[0] & 0x0f) == ZLIB && ((body[0] & 0xff) << 8 | body[1] & 0xff) % 31 == 0;
    }
}
