package org.memphisee.gateway.rest;

/** The token of a request (rest-gateway.md 2.2). */
final class BearerToken {

    private BearerToken() { }

    /** The token from the header, or without such a header from the query; empty when there is none. */
    static String of(RestExchange exchange) {
        String header = exchange.call.header("Authorization");
        if (header == null) {
            String query = RestQuery.parameter(exchange, "authorization");
            return query == null ? "" : query;
        }
        int space = header.indexOf(' ');
        return space <= 0 || header.indexOf(' ', space + 1) >= 0 ? "" : header.substring(space + 1);
    }
}
