package org.memphisee.cli.migrate;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The station of Memphis that a stream belongs to (wire-protocol.md 4.2).
 *
 * @param station its name, with dots
 * @param number number of the partition, from 1
 * @param partitions how many there are
 */
record StationPlace(String station, int number, int partitions) {

    private static final Pattern PARTITION = Pattern.compile("(.+)\\$([1-9]\\d{0,4})");

    /**
     * Of one stream among all of its server; empty if it is a stream of its own.
     *
     * @param names names of all streams of the server
     */
    static Optional<StationPlace> of(JsonNode config, Collection<String> names) {
        String name = config.path("name").asText();
        Matcher matcher = PARTITION.matcher(name);
        JsonNode subjects = config.path("subjects");
        if (!matcher.matches() || subjects.size() != 1 || !subjects.path(0).asText().equals(name + ".>")) {
            return Optional.empty();
        }
        String internal = matcher.group(1);
        int partitions = (int) names.stream().filter(other -> other.startsWith(internal + "$"))
            .filter(other -> PARTITION.matcher(other).matches() && other.lastIndexOf('$') == internal.length()).count();
        List<String> all = IntStream.rangeClosed(1, partitions).mapToObj(n -> internal + "$" + n).toList();
        return names.containsAll(all) ? Optional.of(new StationPlace(internal.replace('#', '.'),
            Integer.parseInt(matcher.group(2)), partitions))
            : Optional.empty();
    }
}
