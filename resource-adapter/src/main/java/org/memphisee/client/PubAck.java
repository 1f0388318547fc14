package org.memphisee.client;

import java.io.IOException;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

/**
 * The broker's answer to a publish (wire-protocol.md 4.4).
 *
 * @param stream name of the stream that has it: of another partition, when that one had the message id first
 * @param sequence where it is stored, 0 if it was refused
 * @param duplicate whether it was there already
 * @param code the reason's number, 0 if it was stored
 * @param error the reason, empty if it was stored
 */
record PubAck(String stream, long sequence, boolean duplicate, int code, String error) {

    private static final JsonFactory JSON = new JsonFactory();

    static PubAck parse(byte[] bytes, int offset, int length) {
        try (JsonParser p = JSON.createParser(bytes, offset, length)) {
            return read(p);
        } catch (IOException e) {
            return new PubAck("", 0, false, 0, "the broker answered with something else than an acknowledgement");
        }
    }

    private static PubAck read(JsonParser p) throws IOException {
        String stream = "";
        long sequence = 0;
        boolean duplicate = false;
        int code = 0;
        String error = "";
        boolean inError = false;
        p.nextToken();
        for (JsonToken t = p.nextToken(); t != null; t = p.nextToken()) {
            if (t == JsonToken.END_OBJECT) {
                inError = false;
            } else if (t == JsonToken.FIELD_NAME) {
                String name = p.currentName();
                JsonToken value = p.nextToken();
                if (value == JsonToken.START_OBJECT && name.equals("error")) {
                    inError = true;
                    error = "refused without a reason";
                } else if (inError && name.equals("description")) {
                    error = p.getText();
                } else if (inError && name.equals("err_code")) {
                    code = p.getIntValue();
                } else if (name.equals("stream")) {
                    stream = p.getText();
                } else if (name.equals("seq")) {
                    sequence = p.getLongValue();
                } else if (name.equals("duplicate")) {
                    duplicate = value == JsonToken.VALUE_TRUE;
                }
            }
        }
        return sequence == 0 && error.isEmpty() ? new PubAck(stream, 0, false, code, "an acknowledgement without sequence")
            : new PubAck(stream, error.isEmpty() ? sequence : 0, duplicate, code, error);
    }
}
