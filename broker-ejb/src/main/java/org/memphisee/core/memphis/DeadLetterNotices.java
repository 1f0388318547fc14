package org.memphisee.core.memphis;

import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.memphisee.core.access.AccessRefusal;
import org.memphisee.core.api.ApiRequest;
import org.memphisee.core.control.ControlLoop;
import org.memphisee.core.deadletters.DeadLetters;
import org.memphisee.core.stations.RequestRefusal;

/** What SDKs tell of dead letters (wire-protocol.md 3.10); nobody waits for an answer. Any thread. */
final class DeadLetterNotices {

    private static final System.Logger LOG = System.getLogger(DeadLetterNotices.class.getName());

    private final DeadLetters letters;

    DeadLetterNotices(DeadLetters letters) {
        this.letters = letters;
    }

    /** {@code $memphis_nacked_dls}: a member dead-letters a message. */
    void gaveUp(ApiRequest request) {
        told(request, f -> letters.gaveUp(request.client().user(), f.text("station_name").toLowerCase(Locale.ROOT),
            number(f, "partition"), f.text("cg_name").toLowerCase(Locale.ROOT), f.number("seq", 0), f.text("error")));
    }

    /** {@code $memphis_pm_acks}: a message that was sent again is acknowledged. */
    void acknowledged(ApiRequest request) {
        told(request, f -> letters.acknowledged(request.client().user(), "", f.number("id", 0),
            f.text("cg_name").toLowerCase(Locale.ROOT)));
    }

    /** {@code $memphis_schemaverse_dls}: a producer's message violates the schema. */
    void violation(ApiRequest request) {
        told(request, f -> {
            SdkFields message = f.object("message");
            return letters.schemaViolation(request.client().user(), f.text("station_name").toLowerCase(Locale.ROOT),
                number(f, "partition_number"), f.object("producer").text("name"), block(message.texts("headers")),
                bytes(message.text("data")), f.text("validation_error"));
        });
    }

    private static int number(SdkFields f, String name) {
        return (int) Math.max(0, Math.min(Integer.MAX_VALUE, f.number(name, 0)));
    }

    private interface Telling {
        CompletableFuture<Boolean> tell(SdkFields fields);
    }

    private static void told(ApiRequest request, Telling telling) {
        try {
            telling.tell(SdkFields.parse(request.payload())).whenComplete((known, failure) -> {
                if (failure != null) {
                    LOG.log(Level.DEBUG, () -> request.subject() + " of " + request.client().user() + ": " + failure.getMessage());
                }
            });
        } catch (RequestRefusal | AccessRefusal | ControlLoop.LoopFullException refusal) {
            LOG.log(Level.DEBUG, () -> request.subject() + " of " + request.client().user() + ": " + refusal.getMessage());
        }
    }

    /** SDKs write a byte below 16 as one digit or two; what cannot be told apart is kept as it is. */
    static byte[] bytes(String hex) {
        if (hex.length() % 2 != 0 || !hex.matches("[0-9a-fA-F]*")) {
            return hex.getBytes(StandardCharsets.UTF_8);
        }
        byte[] bytes = new byte[hex.length() / 2];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(hex.substring(2 * i, 2 * i + 2), 16);
        }
        return bytes;
    }

    /** Headers that would break the block are left out. */
    private static byte[] block(Map<String, String> headers) {
        Map<String, String> good = new LinkedHashMap<>();
        headers.forEach((name, value) -> {
            if (!name.isEmpty() && !name.matches("(?s).*[:\\r\\n].*")) {
                good.put(name, value.replaceAll("[\\r\\n]", " "));
            }
        });
        if (good.isEmpty()) {
            return new byte[0];
        }
        StringBuilder text = new StringBuilder("NATS/1.0\r\n");
        good.forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        return text.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }
}
