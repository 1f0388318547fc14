package org.memphisee.wire;

import java.nio.charset.StandardCharsets;

/** Error texts of the protocol itself (wire-protocol.md 1.12) and the line that carries them. */
final class WireError {

    static final String AUTHORIZATION_VIOLATION = "Authorization Violation";
    static final String AUTHENTICATION_TIMEOUT = "Authentication Timeout";
    static final String UNKNOWN_OPERATION = "Unknown Protocol Operation";
    static final String CONTROL_LINE_EXCEEDED = "maximum control line exceeded";
    static final String PAYLOAD_VIOLATION = "Maximum Payload Violation";
    static final String STALE_CONNECTION = "Stale Connection";
    static final String NO_RESPONDERS_WITHOUT_HEADERS = "no responders requires headers support";
    static final String INVALID_PROTOCOL = "invalid client protocol";

    static final String TLS_REQUIRED = "Secure Connection - TLS Required";

    /** Closes without {@code -ERR}. */
    static final String SILENT = "";

    private WireError() { }

    /** Why a connection ends that ends with this text; texts of the broker are refusals. */
    static CloseReason reason(String text) {
        return switch (text) {
            case UNKNOWN_OPERATION, INVALID_PROTOCOL, NO_RESPONDERS_WITHOUT_HEADERS -> CloseReason.PROTOCOL_ERROR;
            case PAYLOAD_VIOLATION -> CloseReason.TOO_LARGE;
            case STALE_CONNECTION -> CloseReason.STALE;
            case SILENT -> CloseReason.OTHER;
            default -> CloseReason.NOT_ALLOWED;
        };
    }

    /** The whole line; text that came from a client cannot break out of it. */
    static byte[] line(String text) {
        String safe = text.replace('\r', ' ').replace('\n', ' ');
        return ("-ERR '" + safe + "'\r\n").getBytes(StandardCharsets.UTF_8);
    }
}
