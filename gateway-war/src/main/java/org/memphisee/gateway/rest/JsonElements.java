package org.memphisee.gateway.rest;

import java.io.IOException;
import java.util.Arrays;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;

/**
 * The elements of a JSON array, each as it was written but for white space outside of strings. Nothing is
 * converted: numbers keep all their digits. One thread.
 */
final class JsonElements {

    private static final JsonFactory FACTORY = JsonFactory.builder().streamReadConstraints(StreamReadConstraints.builder()
        .maxNestingDepth(500).maxNumberLength(10_000).maxStringLength(Integer.MAX_VALUE).build()).build();

    private final byte[] json;
    private final int offset;
    private final JsonParser parser;
    private boolean ended;

    /**
     * Elements of an array.
     *
     * @throws IOException when it is none
     */
    JsonElements(byte[] json) throws IOException {
        this.json = json;
        int first = 0;
        while (first < json.length && blank(json[first])) {
            first++;
        }
        // other encodings than UTF-8 would begin otherwise, and the parser would guess them
        if (first == json.length || json[first] != '[' || json.length > first + 1 && json[first + 1] == 0) {
            throw new IOException("not an array");
        }
        offset = first;
        parser = FACTORY.createParser(json, first, json.length - first);
        parser.nextToken();
    }

    /** Whether all of it is JSON. */
    static boolean valid(byte[] json) {
        try {
            JsonElements all = new JsonElements(json);
            while (all.skip()) { // the parser checks
            }
            return true;
        } catch (IOException | StackOverflowError e) {
            return false;
        }
    }

    private boolean skip() throws IOException {
        if (parser.nextToken() == JsonToken.END_ARRAY) {
            if (parser.nextToken() != null) {
                throw new IOException("something behind the array");
            }
            return false;
        }
        parser.skipChildren();
        parser.finishToken();
        return true;
    }

    /** The next element, null at the end of the array and ever after. */
    byte[] next() throws IOException {
        if (ended || parser.nextToken() == JsonToken.END_ARRAY) {
            ended = true;
            return null;
        }
        int from = offset + (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        parser.finishToken();
        return compact(from, offset + (int) parser.currentLocation().getByteOffset());
    }

    private byte[] compact(int from, int to) {
        byte[] out = new byte[to - from];
        int n = 0;
        boolean text = false;
        for (int i = from; i < to; i++) {
            byte c = json[i];
            if (text && c == '\\') {
                out[n++] = c;
                out[n++] = json[++i];
            } else if (text || !blank(c)) {
                text ^= c == '"';
                out[n++] = c;
            }
        }
        return n == out.length ? out : Arrays.copyOf(out, n);
    }

    private static boolean blank(byte c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }
}
