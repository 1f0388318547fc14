package org.memphisee.core.jetstream;

import java.util.List;
import java.util.Map;
import java.util.Set;

import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.subject.Subjects;

/**
 * How an archive becomes a stream of another name: whole tokens at the beginning of subjects are replaced, in the configuration, in
 * messages and in what consumers want. Immutable.
 *
 * @param prefixes from what to what; of several that fit, the longest counts
 * @param withoutConsumers whether the archive's consumers are left out
 * @param given whether there was anything about it in the request
 */
record Renaming(Map<String, String> prefixes, boolean withoutConsumers, boolean given) {

    static final String MEMBER = "memphisee_as";

    private static final int MOST = 100;
    private static final String NAME = "name";
    private static final String SUBJECTS = "subjects";
    private static final String REPUBLISH = "republish";
    private static final String OBJECTS = "OBJ_";

    /** What the request says in {@value #MEMBER}. */
    static Renaming read(ApiFields request) {
        ApiFields f = request.object(MEMBER).onlyKnown(Set.of(SUBJECTS, "no_consumers"));
        Map<String, String> prefixes = f.map(SUBJECTS);
        if (prefixes.size() > MOST) {
            throw ApiError.RESTORE_FAILED.refusal("more than " + MOST + " beginnings of subjects are to be replaced");
        }
        prefixes.forEach((from, to) -> {
            if (!Subjects.validLiteral(from) || !Subjects.validLiteral(to)) {
                throw ApiError.RESTORE_FAILED.refusal("\"" + from + "\" cannot be replaced by \"" + to
                    + "\": both have to be whole tokens of subjects, without * and >");
            }
        });
        return new Renaming(prefixes, f.flag("no_consumers"), request.has(MEMBER));
    }

    /** The archive's configuration as it is to be under the name; without {@value #MEMBER} it must have that name already. */
    ApiFields of(ApiFields archived, String name) {
        if (!given) {
            return archived.completed(NAME, name);
        }
        if (archived.text(NAME).startsWith(OBJECTS) && !archived.text(NAME).equals(name)) {
            throw ApiError.RESTORE_FAILED.refusal("each entry of an object store has its name: restore it as " + archived.text(NAME)
                + ", and copy its objects");
        }
        List<String> subjects = archived.texts(SUBJECTS);
        ApiFields renamed = archived.with(NAME, name).with(SUBJECTS, (subjects.isEmpty() ? List.of(archived.text(NAME)) : subjects).stream()
            .map(this::of).toList());
        if (!archived.says(REPUBLISH)) {
            return renamed;
        }
        ApiFields republish = archived.object(REPUBLISH);
        return renamed.with(REPUBLISH, republish.with("src", of(republish.text("src"))).with("dest", of(republish.text("dest"))));
    }

    /** A consumer's configuration. */
    ConsumerConfig of(ConsumerConfig archived) {
        List<String> filters = archived.filterSubjects().stream().map(this::of).toList();
        return filters.equals(archived.filterSubjects()) ? archived : archived.beginningAt(archived.optStartSeq(), filters);
    }

    /** A subject, of a message or with wildcards. */
    String of(String subject) {
        String from = "";
        for (String prefix : prefixes.keySet()) {
            if (prefix.length() > from.length() && subject.startsWith(prefix)
                && (subject.length() == prefix.length() || subject.charAt(prefix.length()) == '.')) {
                from = prefix;
            }
        }
        return from.isEmpty() ? subject : prefixes.get(from) + subject.substring(from.length());
    }
}
