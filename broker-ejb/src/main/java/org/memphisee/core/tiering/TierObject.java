package org.memphisee.core.tiering;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import org.memphisee.core.tier.TieredMessage;

/**
 * Names and content of objects. The name says which messages are inside, the last one first, so that asking for the names behind
 * that of a message finds its object: no index is needed that could say something else than what is there. The content is the
 * reference's array of {@code payload} and {@code headers} (features.md 7.4), with what it leaves out: {@code sequence}, {@code
 * time}, {@code subject}, and {@code header_block} with names and order as they were.
 */
final class TierObject {

    private static final JsonFactory JSON = new JsonFactory();
    private static final Pattern NAME = Pattern.compile("(\\d{19})-(\\d{19})-(\\d{19})\\(\\d+\\)\\.json");
    private static final long SECOND = 1_000_000_000L;

    private TierObject() { }

    /** What the names of all objects of a stream begin with. A stream that was deleted and made again is another one. */
    static String prefix(String stream, long createdNanos) {
        return "memphis/global/" + stream + '/' + number(createdNanos) + '-';
    }

    /** Name of the object with these messages. */
    static String key(String stream, long createdNanos, List<TieredMessage> messages) {
        return prefix(stream, createdNanos) + number(messages.get(messages.size() - 1).sequence()) + '-'
            + number(messages.get(0).sequence()) + '(' + messages.size() + ").json";
    }

    /** A name before that of each object that may have the message, and behind those of objects that end before it. */
    static String before(String stream, long createdNanos, long sequence) {
        return prefix(stream, createdNanos) + number(sequence);
    }

    /** Whether an object may have the message, by its name. */
    static boolean spans(String key, long sequence) {
        Matcher m = NAME.matcher(key.substring(key.lastIndexOf('/') + 1));
        return m.matches() && Long.parseLong(m.group(3)) <= sequence && sequence <= Long.parseLong(m.group(2));
    }

    private static String number(long n) {
        return String.format(Locale.ROOT, "%019d", n);
    }

    static byte[] encode(List<TieredMessage> messages) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartArray();
            for (TieredMessage m : messages) {
                json.writeStartObject();
                json.writeNumberField("sequence", m.sequence());
                json.writeStringField("time", Instant.ofEpochSecond(m.timestampNanos() / SECOND,
                    m.timestampNanos() % SECOND).toString());
                json.writeStringField("subject", m.subject());
                json.writeFieldName("payload");
                json.writeString(new Hex(m.payload()), -1);
                json.writeObjectFieldStart("headers");
                for (Map.Entry<String, String> header : headers(m.header()).entrySet()) {
                    json.writeStringField(header.getKey(), header.getValue());
                }
                json.writeEndObject();
                json.writeFieldName("header_block");
                json.writeString(new Hex(m.header()), -1);
                json.writeEndObject();
            }
            json.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException("memory takes everything", e);
        }
        return bytes.toByteArray();
    }

    /** Headers with names in lower case; of several of one name the first. */
    private static Map<String, String> headers(byte[] block) {
        Map<String, String> headers = new TreeMap<>();
        String[] lines = new String(block, StandardCharsets.UTF_8).split("\r\n");
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0) {
                headers.putIfAbsent(lines[i].substring(0, colon).trim().toLowerCase(Locale.ROOT),
                    lines[i].substring(colon + 1).trim());
            }
        }
        return headers;
    }

    /**
     * Finds one message in an object.
     *
     * @throws IOException when it is not such an object
     */
    static Optional<TieredMessage> find(byte[] content, long sequence) throws IOException {
        try (JsonParser json = JSON.createParser(content)) {
            require(json.nextToken() == JsonToken.START_ARRAY);
            while (json.nextToken() == JsonToken.START_OBJECT) {
                Optional<TieredMessage> found = message(json, sequence);
                if (found.isPresent()) {
                    return found;
                }
            }
            require(json.currentToken() == JsonToken.END_ARRAY);
            return Optional.empty();
        } catch (IllegalArgumentException | java.time.DateTimeException e) {
            throw new IOException("it is damaged", e);
        }
    }

    private static Optional<TieredMessage> message(JsonParser json, long wanted) throws IOException {
        long sequence = 0;
        Instant time = Instant.EPOCH;
        String subject = "";
        byte[] payload = {};
        byte[] header = {};
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            if (name.equals("sequence")) {
                sequence = json.getLongValue();
            } else if (sequence != wanted) {
                json.skipChildren();
            } else {
                switch (name) {
                    case "time" -> time = Instant.parse(json.getText());
                    case "subject" -> subject = json.getText();
                    case "payload" -> payload = HexFormat.of().parseHex(json.getText());
                    case "header_block" -> header = HexFormat.of().parseHex(json.getText());
                    default -> json.skipChildren();
                }
            }
        }
        require(json.currentToken() == JsonToken.END_OBJECT);
        return sequence != wanted ? Optional.empty()
            : Optional.of(new TieredMessage(subject, sequence, time.getEpochSecond() * SECOND + time.getNano(), header, payload));
    }

    private static void require(boolean asWritten) throws IOException {
        if (!asWritten) {
            throw new IOException("it is not one of ours");
        }
    }

    /** Bytes as hexadecimal digits, without holding them all. */
    private static final class Hex extends Reader {
        private final byte[] bytes;
        private int at;

        Hex(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public int read(char[] to, int offset, int length) {
            if (at == 2 * bytes.length) {
                return -1;
            }
            int n = Math.min(length, 2 * bytes.length - at);
            for (int i = 0; i < n; i++, at++) {
                int b = bytes[at / 2];
                to[offset + i] = Character.forDigit((at % 2 == 0 ? b >> 4 : b) & 0xF, 16);
            }
            return n;
        }

        @Override
        public void close() { }
    }
}
