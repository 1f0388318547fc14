package org.memphisee.core.jetstream;

import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.memphisee.core.stream.StreamConfig.Republish;
import org.memphisee.core.subject.Subjects;

/**
 * Reads and checks the rule by which a stream publishes what it stored once more (jetstream-api.md 5.6). A destination
 * names wildcards of the source by number, each as a whole token, and ends in {@code >} exactly when the source does.
 */
final class Republishing {

    private static final Pattern WILDCARD =
        Pattern.compile("\\{\\{\\s*[wW]ildcard\\s*\\(\\s*(\\d{1,4})\\s*\\)\\s*}}|\\$(\\d{1,4})");
    private static final Pattern FUNCTION = Pattern.compile("\\{\\{.*}}");
    private static final String CYCLE = "stream configuration for republish destination forms a cycle";

    private Republishing() { }

    static Republish read(ApiFields f, List<String> subjects) {
        if (!f.says("republish")) {
            return Republish.NONE;
        }
        ApiFields r = f.object("republish").onlyKnown(Set.of("src", "dest", "headers_only"));
        String source = r.text("src").isEmpty() ? ">" : r.text("src");
        String destination = r.text("dest");
        String pattern = pattern(source, destination);
        if (StorableSubjects.reserved(pattern)) {
            throw StreamConfigReader.invalid("republish destination: " + StorableSubjects.RESERVED);
        }
        if (subjects.stream().anyMatch(subject -> Subjects.collide(subject, pattern))) {
            throw StreamConfigReader.invalid(CYCLE);
        }
        return new Republish(source, destination, r.flag("headers_only"));
    }

    /** The pattern of all subjects that the destination can become; refused when the two do not fit. */
    private static String pattern(String source, String destination) {
        if (!Subjects.validPattern(source)) {
            throw unfit(source, destination, "the source is no valid subject");
        }
        long wildcards = tokens(source).stream().filter("*"::equals).count();
        StringBuilder pattern = new StringBuilder();
        for (String token : tokens(destination)) {
            pattern.append(pattern.length() == 0 ? "" : ".").append(mapped(source, destination, token, wildcards));
        }
        if (!Subjects.validPattern(pattern.toString())) {
            throw unfit(source, destination, "the destination is no valid subject");
        }
        if (source.endsWith(">") != destination.endsWith(">")) {
            throw unfit(source, destination, "both must end in > or none");
        }
        return pattern.toString();
    }

    private static String mapped(String source, String destination, String token, long wildcards) {
        if (token.equals("*")) {
            throw unfit(source, destination, "a wildcard of the destination must say which one of the source it is");
        }
        Matcher m = WILDCARD.matcher(token);
        if (m.matches()) {
            int number = Integer.parseInt(m.group(1) == null ? m.group(2) : m.group(1));
            if (number < 1 || number > wildcards) {
                throw unfit(source, destination, "the source has no wildcard " + number);
            }
            return "*";
        }
        if (FUNCTION.matcher(token).matches()) {
            throw unfit(source, destination, token + " is not supported by this server");
        }
        return token;
    }

    private static List<String> tokens(String subject) {
        return List.of(subject.split("\\.", -1));
    }

    private static ApiRefusal unfit(String source, String destination, String why) {
        return StreamConfigReader.invalid("stream configuration for republish with transform from '" + source + "' to '"
            + destination + "': " + why);
    }
}
