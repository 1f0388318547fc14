package org.memphisee.gateway.rest;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * Query parameters. The container's own look-up would read the body of form posts as well, which here is the message.
 */
final class RestQuery {

    private RestQuery() { }

    /** The first value of a parameter of the query, null when there is none. */
    static String parameter(RestExchange exchange, String name) {
        String query = exchange.query;
        return query == null ? null : find(query, name);
    }

    /** The first value in url-encoded pairs, null when there is none or it is badly encoded. */
    static String find(String pairs, String name) {
        int from = 0;
        while (from <= pairs.length()) {
            int end = pairs.indexOf('&', from);
            end = end < 0 ? pairs.length() : end;
            int equals = pairs.indexOf('=', from);
            if (equals > 0 && equals < end) {
                try {
                    if (decoded(pairs.substring(from, equals)).equalsIgnoreCase(name)) {
                        return decoded(pairs.substring(equals + 1, end));
                    }
                } catch (IllegalArgumentException badlyEncoded) {
                    return null;
                }
            }
            from = end + 1;
        }
        return null;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
