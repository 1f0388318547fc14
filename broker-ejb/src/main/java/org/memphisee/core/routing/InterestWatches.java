package org.memphisee.core.routing;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import org.memphisee.core.append.Shard;
import org.memphisee.core.subject.Subjects;

/** Who wants to know when subscribers of a subject come or go: push consumers. Any thread. */
final class InterestWatches {

    private final Map<String, List<Watch>> bySubject = new ConcurrentHashMap<>();

    AutoCloseable add(String subject, Shard shard, Runnable changed) {
        Watch watch = new Watch(shard, changed);
        bySubject.compute(subject, (s, list) -> {
            List<Watch> watches = list == null ? new CopyOnWriteArrayList<>() : list;
            watches.add(watch);
            return watches;
        });
        return () -> bySubject.computeIfPresent(subject, (s, list) -> {
            list.remove(watch);
            return list.isEmpty() ? null : list;
        });
    }

    void changed(byte[] pattern) {
        if (bySubject.isEmpty()) {
            return;
        }
        if (!Subjects.hasWildcard(pattern, 0, pattern.length)) {
            tell(bySubject.get(new String(pattern, StandardCharsets.UTF_8)));
            return;
        }
        bySubject.forEach((subject, watches) -> {
            byte[] s = subject.getBytes(StandardCharsets.UTF_8);
            if (Subjects.matches(pattern, s, 0, s.length)) {
                tell(watches);
            }
        });
    }

    private static void tell(List<Watch> watches) {
        if (watches != null) {
            watches.forEach(w -> w.shard.execute(w.changed::run));
        }
    }

    private record Watch(Shard shard, Runnable changed) { }
}
