package org.memphisee.gateway.rest;

import java.util.Locale;
import java.util.Optional;

/**
 * What a path means. Paths are compared in lower case and with or without a slash at the end.
 *
 * @param operation what to do
 * @param station station named in the path, empty for none
 */
record RestRoute(Operation operation, String station) {

    private static final String STATIONS = "/stations/";

    /** The operations, with the only method of each. */
    enum Operation {
        AUTHENTICATE("POST", true), REFRESH("POST", true), PRODUCE("POST", false), PRODUCE_BATCH("POST", false),
        CONSUME("POST", false), ACKNOWLEDGE("POST", false), REFUSE("POST", false), STATUS("GET", true),
        RESOURCES("GET", true);

        private final String kind = name().toLowerCase(Locale.ROOT);
        private final String method;
        private final boolean open;

        Operation(String method, boolean open) {
            this.method = method;
            this.open = open;
        }

        /** Its name in metrics. */
        String kind() {
            return kind;
        }

        boolean allows(String given) {
            return method.equals(given) || method.equals("GET") && given.equals("HEAD");
        }

        String allowed() {
            return method.equals("GET") ? "GET, HEAD" : method;
        }

        /** Whether no token is needed. */
        boolean open() {
            return open;
        }
    }

    /** The path without a slash at the end; {@code /} stays. */
    static String normal(String path) {
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    /**
     * Finds what a path means; empty for unknown ones.
     *
     * @param path path as sent, normal
     * @param resources whether the figures of the process are shown
     * @throws Rejection when it is badly encoded
     */
    static Optional<RestRoute> of(String path, boolean resources) {
        if (path.regionMatches(true, 0, STATIONS, 0, STATIONS.length())) {
            int end = path.indexOf('/', STATIONS.length());
            Operation operation = end <= STATIONS.length() ? null : stationOperation(RequestTarget.decoded(path.substring(end)));
            return operation == null ? Optional.empty()
                : Optional.of(new RestRoute(operation, RequestTarget.decoded(path.substring(STATIONS.length(), end))));
        }
        Operation operation = switch (RequestTarget.decoded(path).toLowerCase(Locale.ROOT)) {
            case "/auth/authenticate" -> Operation.AUTHENTICATE;
            case "/auth/refreshtoken" -> Operation.REFRESH;
            case "/monitoring/status" -> Operation.STATUS;
            case "/monitoring/getresourcesutilization" -> resources ? Operation.RESOURCES : null;
            default -> null;
        };
        return Optional.ofNullable(operation).map(known -> new RestRoute(known, ""));
    }

    private static Operation stationOperation(String rest) {
        if (rest.equals("/produce/single")) { // by far the most frequent
            return Operation.PRODUCE;
        }
        return switch (rest.toLowerCase(Locale.ROOT)) {
            case "/produce/single" -> Operation.PRODUCE;
            case "/produce/batch" -> Operation.PRODUCE_BATCH;
            case "/consume/batch" -> Operation.CONSUME;
            case "/consume/ack" -> Operation.ACKNOWLEDGE;
            case "/consume/nack" -> Operation.REFUSE;
            default -> null;
        };
    }
}
