package org.memphisee.cli.backup;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.cli.run.CliFailure;

/**
 * How a backup is to come back.
 *
 * @param name of the station or stream; empty for the one that it has
 * @param subjects what subjects begin with, and what they are to begin with; for streams of plain clients only
 * @param groups whether its groups, or consumers, come along
 * @param replicas how many it is to have; 0 for as many as it had
 */
public record NewName(Optional<String> name, Map<String, String> subjects, boolean groups, int replicas) {

    private static final String BUCKET = "KV_";

    /** As it was. */
    public static final NewName SAME = new NewName(Optional.empty(), Map.of(), true, 0);

    /** The station's name then. */
    String station(StationManifest manifest) {
        return name.orElse(manifest.station());
    }

    /** A stream's name then. */
    String stream(SavedStream stream) {
        return stream.number() == 0 ? name.orElse(stream.stream())
            : name.map(station -> station.replace('.', '#') + "$" + stream.number()).orElse(stream.stream());
    }

    /** The configuration of a saved stream, with as many replicas as it is to have. */
    JsonNode config(JsonNode saved) {
        return replicas > 0 && saved instanceof ObjectNode config ? config.deepCopy().put("num_replicas", replicas) : saved;
    }

    /** Says so in a request of STREAM.RESTORE, if there is anything to say. */
    void tell(ObjectNode request, SavedStream stream) {
        if (name.isEmpty() && subjects.isEmpty() && groups) {
            return;
        }
        ObjectNode as = request.putObject("memphisee_as");
        ObjectNode prefixes = as.putObject("subjects");
        prefixes(stream).forEach(prefixes::put);
        if (!groups) {
            as.put("no_consumers", true);
        }
    }

    private Map<String, String> prefixes(SavedStream stream) {
        String to = stream(stream);
        if (stream.number() > 0) {
            if (!subjects.isEmpty()) {
                throw CliFailure.usage("--subject is for streams of plain clients: subjects of a station follow its name");
            }
            return name.isPresent() ? Map.of(stream.stream(), to) : Map.of();
        }
        Map<String, String> all = new TreeMap<>(subjects);
        if (name.isPresent() && stream.stream().startsWith(BUCKET) && to.startsWith(BUCKET)) {
            all.putIfAbsent("$KV." + stream.stream().substring(BUCKET.length()), "$KV." + to.substring(BUCKET.length()));
        }
        return all;
    }
}
