package org.memphisee.core.control;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;

import org.memphisee.core.subject.Subjects;

/**
 * Which streams store which subjects, by the first token, so that a look-up among many stations touches few of them.
 * Control loop only.
 */
final class StreamsBySubject {

    private final Map<Long, List<String>> subjects = new HashMap<>();
    private final Map<String, Set<Long>> byFirstToken = new HashMap<>();
    private final Set<Long> anyFirstToken = new HashSet<>();

    /** Sets the subjects of a stream. */
    void put(long partition, List<String> patterns) {
        remove(partition);
        subjects.put(partition, patterns);
        for (String pattern : patterns) {
            String first = firstToken(pattern);
            if (wildcard(first)) {
                anyFirstToken.add(partition);
            } else {
                byFirstToken.computeIfAbsent(first, token -> new HashSet<>()).add(partition);
            }
        }
    }

    /** Forgets a stream. */
    void remove(long partition) {
        List<String> patterns = subjects.remove(partition);
        if (patterns == null) {
            return;
        }
        anyFirstToken.remove(partition);
        for (String pattern : patterns) {
            Set<Long> partitions = byFirstToken.get(firstToken(pattern));
            if (partitions != null && partitions.remove(partition) && partitions.isEmpty()) {
                byFirstToken.remove(firstToken(pattern));
            }
        }
    }

    /** Streams that have a subject which some literal subject shares with the pattern. */
    Set<Long> colliding(String pattern) {
        Set<Long> found = new HashSet<>();
        scan(pattern, partition -> {
            found.add(partition);
            return false;
        });
        return found;
    }

    /** Whether a stream other than the given one collides with one of the patterns. */
    boolean taken(List<String> patterns, long except) {
        boolean[] taken = {false};
        for (String pattern : patterns) {
            scan(pattern, partition -> {
                taken[0] |= partition != except;
                return taken[0];
            });
        }
        return taken[0];
    }

    private void scan(String pattern, LongPredicate enough) {
        String first = firstToken(pattern);
        if (wildcard(first)) {
            scan(subjects.keySet(), pattern, enough);
        } else {
            Set<Long> exact = byFirstToken.getOrDefault(first, Set.of());
            scan(exact, pattern, enough);
            scan(anyFirstToken, pattern, enough);
        }
    }

    private void scan(Set<Long> candidates, String pattern, LongPredicate enough) {
        for (long partition : candidates) {
            for (String subject : subjects.get(partition)) {
                if (Subjects.collide(subject, pattern)) {
                    if (enough.test(partition)) {
                        return;
                    }
                    break;
                }
            }
        }
    }

    private static String firstToken(String pattern) {
        int dot = pattern.indexOf('.');
        return dot < 0 ? pattern : pattern.substring(0, dot);
    }

    private static boolean wildcard(String token) {
        return token.equals("*") || token.equals(">");
    }
}
