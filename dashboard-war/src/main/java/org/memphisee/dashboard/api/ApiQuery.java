package org.memphisee.dashboard.api;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The parameters of a GET: unknown ones do not matter, a value that does not parse counts as 0, false or empty
 * (management-api.md 1.1). Reads the query only, never a body. Immutable.
 */
final class ApiQuery {

    private static final int MAX_PARAMETERS = 100;

    private final Map<String, String> values = new HashMap<>();
    private final List<ApiFailure.Invalid> invalid = new ArrayList<>();

    ApiQuery(String query) {
        String[] pairs = query == null ? new String[0] : query.split("&", MAX_PARAMETERS + 1);
        for (int i = 0; i < Math.min(pairs.length, MAX_PARAMETERS); i++) {
            int equals = pairs[i].indexOf('=');
            if (equals > 0) {
                values.putIfAbsent(decoded(pairs[i].substring(0, equals)), decoded(pairs[i].substring(equals + 1)));
            }
        }
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    String text(String name) {
        return values.getOrDefault(name, "");
    }

    String requiredText(String name) {
        String text = text(name);
        if (text.isEmpty()) {
            invalid.add(new ApiFailure.Invalid(name, "required"));
        }
        return text;
    }

    long number(String name) {
        String text = text(name);
        return text.matches("-?\\d{1,18}") ? Long.parseLong(text) : 0;
    }

    /** Words between commas, in lower case. */
    Set<String> words(String name) {
        return Stream.of(text(name).toLowerCase(Locale.ROOT).split(",")).map(String::strip).filter(word -> !word.isEmpty())
            .collect(Collectors.toUnmodifiableSet());
    }

    boolean flag(String name) {
        String text = text(name);
        return text.equals("true") || text.equals("1");
    }

    void check() {
        if (!invalid.isEmpty()) {
            throw ApiFailure.invalid(invalid);
        }
    }
}
