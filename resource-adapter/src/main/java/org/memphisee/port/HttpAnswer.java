package org.memphisee.port;

import java.util.List;
import java.util.Objects;

/**
 * An answer of an {@link HttpService}. Length, date and what concerns the connection are the adapter's to say.
 *
 * @param status status code, 200 to 599
 * @param fields names and values of its headers in turn; nothing in them comes unchecked from a client
 * @param body body; not copied, so not to be changed
 */
public record HttpAnswer(int status, List<String> fields, byte[] body) {

    public HttpAnswer {
        Objects.requireNonNull(body, "body is required");
        fields = List.copyOf(fields);
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("status must be 200 to 599, is " + status);
        }
        if (fields.size() % 2 != 0) {
            throw new IllegalArgumentException("each field needs a name and a value: " + fields);
        }
    }
}
