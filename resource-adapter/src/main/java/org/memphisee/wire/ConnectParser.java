package org.memphisee.wire;

import java.io.IOException;
import java.util.Optional;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.memphisee.port.ConnectOptions;

/** Reads the JSON of CONNECT (wire-protocol.md 1.4): names in their exact case, unknown ones ignored. */
final class ConnectParser {

    /** What holds for a client that has not sent CONNECT. */
    static final ConnectOptions BEFORE_CONNECT =
            new ConnectOptions(true, true, true, false, false, 0, "", "", "", "", "", "", false);

    private static final ObjectReader READER =
            JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build().reader();

    private ConnectParser() { }

    /** The options; empty if this is not a JSON object or a field has the wrong type. */
    static Optional<ConnectOptions> parse(byte[] bytes, int offset, int length) {
        try {
            JsonNode json = READER.readTree(bytes, offset, length);
            return json.isObject() ? Optional.of(options(json)) : Optional.empty();
        } catch (IOException | WrongType e) {
            return Optional.empty();
        }
    }

    private static ConnectOptions options(JsonNode json) throws WrongType {
        return new ConnectOptions(flag(json, "verbose", true), flag(json, "pedantic", true), flag(json, "echo", true),
                flag(json, "headers", false), flag(json, "no_responders", false), number(json, "protocol"),
                text(json, "user"), text(json, "pass"), text(json, "auth_token"), text(json, "name"),
                text(json, "lang"), text(json, "version"), present(json, "account") || present(json, "new_account"));
    }

    private static boolean present(JsonNode json, String field) {
        JsonNode value = json.path(field);
        return !value.isMissingNode() && !value.isNull() && !(value.isTextual() && value.textValue().isEmpty())
                && !(value.isBoolean() && !value.booleanValue());
    }

    private static boolean flag(JsonNode json, String field, boolean absent) throws WrongType {
        JsonNode value = json.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return absent;
        }
        if (!value.isBoolean()) {
            throw new WrongType();
        }
        return value.booleanValue();
    }

    private static String text(JsonNode json, String field) throws WrongType {
        JsonNode value = json.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return "";
        }
        if (!value.isTextual()) {
            throw new WrongType();
        }
        return value.textValue();
    }

    private static int number(JsonNode json, String field) throws WrongType {
        JsonNode value = json.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return 0;
        }
        if (!value.isIntegralNumber()) {
            throw new WrongType();
        }
        return value.canConvertToInt() ? value.intValue() : -1;
    }

    private static final class WrongType extends Exception {

        private static final long serialVersionUID = 1;

        WrongType() {
            super("wrong type", null, false, false);
        }
    }
}
