package org.memphisee.core.partition.log;

import java.util.List;

import org.memphisee.core.consumer.SubjectFilter;
import org.memphisee.core.subject.Subjects;

/**
 * The subjects of a stream, to know a filter that lets all of it pass: then nothing has to be matched or counted subject by
 * subject. Shard's thread only.
 */
public final class StreamSubjects {

    private List<String> patterns;
    private SubjectFilter all;
    private boolean foreign;
    private SubjectFilter lastFilter = SubjectFilter.EVERYTHING;
    private boolean lastCovers = true;

    StreamSubjects(List<String> patterns) {
        set(patterns);
    }

    private void set(List<String> next) {
        patterns = List.copyOf(next);
        all = SubjectFilter.of(patterns);
        lastFilter = SubjectFilter.EVERYTHING;
        lastCovers = true;
    }

    List<String> patterns() {
        return patterns;
    }

    /** The stream has other subjects from now on; what is stored keeps those it has. */
    public void changed(List<String> next) {
        if (!next.equals(patterns)) {
            set(next);
            foreign = true;
        }
    }

    /** A message with this subject is stored. */
    public void stored(byte[] b, int offset, int length) {
        if (!foreign && !all.matches(b, offset, length)) {
            foreign = true;
            lastFilter = SubjectFilter.EVERYTHING;
            lastCovers = true;
        }
    }

    /** A filter with the same meaning for what is stored; everything, if it lets all of it pass. */
    SubjectFilter effective(SubjectFilter filter) {
        if (filter != lastFilter) {
            lastFilter = filter;
            lastCovers = covers(filter);
        }
        return lastCovers ? SubjectFilter.EVERYTHING : filter;
    }

    private boolean covers(SubjectFilter filter) {
        return filter.everything() || !foreign && !patterns.isEmpty()
            && patterns.stream().allMatch(p -> filter.patterns().stream().anyMatch(f -> Subjects.covers(f, p)));
    }
}
