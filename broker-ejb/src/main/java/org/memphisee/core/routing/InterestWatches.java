package org.memphisee.core.routing;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import org.memphisee.core.append.Shard;
import org.memphisee.core.subject.Subjects;

/**
 * Who wants to know when subscribers of a subject come or go: push consumers, and pull requests whose client is away. Found
 * by all tokens of the subject but the last, because inboxes are mostly subscribed to as {@code parent.*}. Any thread.
 */
final class InterestWatches {

    private final Map<String, Map<String, List<Watch>>> byParent = new ConcurrentHashMap<>();

    AutoCloseable add(String subject, Shard shard, Runnable changed) {
        Watch watch = new Watch(shard, changed);
        String parent = parent(subject);
        byParent.compute(parent, (p, known) -> {
            Map<String, List<Watch>> bySubject = known == null ? new ConcurrentHashMap<>(2) : known;
            bySubject.computeIfAbsent(subject, s -> new CopyOnWriteArrayList<>()).add(watch);
            return bySubject;
        });
        return () -> byParent.computeIfPresent(parent, (p, bySubject) -> {
            bySubject.computeIfPresent(subject, (s, list) -> {
                list.remove(watch);
                return list.isEmpty() ? null : list;
            });
            return bySubject.isEmpty() ? null : bySubject;
        });
    }

    void changed(byte[] pattern) {
        if (byParent.isEmpty()) {
            return;
        }
        String text = new String(pattern, StandardCharsets.UTF_8);
        String parent = parent(text);
        if (!Subjects.hasWildcard(pattern, 0, pattern.length)) {
            tell(byParent.getOrDefault(parent, Map.of()).get(text));
        } else if (text.length() == parent.length() + 2 && text.endsWith(".*")
            && !Subjects.hasWildcard(pattern, 0, pattern.length - 2)) {
            byParent.getOrDefault(parent, Map.of()).values().forEach(InterestWatches::tell);
        } else {
            byParent.values().forEach(bySubject -> bySubject.forEach((subject, watches) -> {
                byte[] s = subject.getBytes(StandardCharsets.UTF_8);
                if (Subjects.matches(pattern, s, 0, s.length)) {
                    tell(watches);
                }
            }));
        }
    }

    /** Something has changed for all subjects that differ in no token but the last two. */
    void changedBelow(String prefix) {
        byParent.forEach((parent, bySubject) -> {
            if (parent.startsWith(prefix)) {
                bySubject.values().forEach(InterestWatches::tell);
            }
        });
    }

    private static String parent(String subject) {
        return subject.substring(0, Math.max(0, subject.lastIndexOf('.')));
    }

    private static void tell(List<Watch> watches) {
        if (watches != null) {
            watches.forEach(w -> w.shard.execute(w.changed::run));
        }
    }

    private record Watch(Shard shard, Runnable changed) { }
}
