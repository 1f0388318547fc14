package org.memphisee.gateway.rest;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.memphisee.core.client.LocalHeaders;
import org.memphisee.port.HttpCall;

/** Headers of a request as headers of its messages (rest-gateway.md 4). Thread-safe. */
final class MessageHeaders {

    private static final String OWN = "$memphis";
    private static final String PRODUCER = "$memphis_producedBy";
    private static final String CONNECTION = "$memphis_connectionId";
    /** Secrets, and what concerns only this connection. */
    private static final Set<String> KEPT_BACK = Set.of("authorization", "cookie", "proxy-authorization", "connection",
        "transfer-encoding", "upgrade", "te", "keep-alive", "proxy-connection", "trailer");
    private static final Set<String> OF_COMPRESSED = Set.of("content-encoding", "content-length");
    private static final String CONTROL = "nats-";
    private static final String DROPPED = "";
    private static final int MAX_KNOWN = 256;

    /** Canonical names of those seen; empty for those that are dropped. */
    private final Map<String, String> known = new ConcurrentHashMap<>();

    /**
     * The header block for the messages of a request.
     *
     * @param producer shown as their producer
     * @param connection shown as their connection
     * @throws Rejection when a name is one of ours
     */
    byte[] block(HttpCall call, String producer, String connection) {
        boolean compressed = call.header("Content-Encoding") != null;
        LocalHeaders.Writer block = new LocalHeaders.Writer();
        Set<String> written = new HashSet<>();
        for (String name : call.headerNames()) {
            String canonical = canonical(name);
            if (canonical != DROPPED && !(compressed && OF_COMPRESSED.contains(name.toLowerCase(Locale.ROOT)))
                && written.add(canonical)) { // one name may be sent in several spellings
                block.add(canonical, bytesAsUtf8(call.header(name)));
            }
        }
        return block.add(PRODUCER, producer).add(CONNECTION, connection).block();
    }

    private String canonical(String name) {
        String canonical = known.get(name);
        if (canonical == null) {
            canonical = decide(name);
            if (known.size() < MAX_KNOWN) {
                known.put(name, canonical);
            }
        }
        return canonical;
    }

    private static String decide(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.startsWith(OWN)) {
            throw new Rejection(Answer.failure(400, "Keys in headers should not start with $memphis"));
        }
        if (KEPT_BACK.contains(lower) || lower.startsWith(CONTROL)) {
            return DROPPED;
        }
        return lower.equals("msg-id") ? lower : canonicalForm(lower);
    }

    /** Each part between dashes begins with a capital. */
    private static String canonicalForm(String lower) {
        StringBuilder out = new StringBuilder(lower);
        boolean first = true;
        for (int i = 0; i < out.length(); i++) {
            char c = out.charAt(i);
            if (first && c >= 'a' && c <= 'z') {
                out.setCharAt(i, (char) (c - 'a' + 'A'));
            }
            first = c == '-';
        }
        return out.toString();
    }

    /** The transport reads header bytes one by one as characters; clients mostly mean UTF-8. */
    private static String bytesAsUtf8(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) >= 0x80) {
                return new String(value.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
            }
        }
        return value;
    }
}
