package org.memphisee.core.audit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.memphisee.core.access.Permissions;
import org.memphisee.core.access.StationAccess;
import org.memphisee.core.access.Users;
import org.memphisee.core.append.SideLogs;
import org.memphisee.core.api.ChangeSubject;
import org.memphisee.core.api.ChangeSubject.Effect;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.control.format.SystemEventCodec;
import org.memphisee.core.log.SideLog;
import org.memphisee.core.log.SideRecord;

/**
 * Answers who changed what, and what a definition was earlier. Any thread; answers come on a reader's thread, or fail with a
 * {@link org.memphisee.core.log.StoreException}.
 */
public final class AuditTrail {

    /** Entries of one page, at most. */
    public static final int MAX_PAGE = 1_000;
    /** Records that one question looks at; what it did not see is on the next page. */
    static final int MAX_SEEN = 20_000;
    private static final int SLICE = 200;

    private final SideLogs logs;
    private final ControlEngine engine;
    private final Users users;
    private final StationAccess access;

    /** A trail over these logs. */
    public AuditTrail(SideLogs logs, ControlEngine engine, Users users) {
        this.logs = logs;
        this.engine = engine;
        this.users = users;
        this.access = new StationAccess(users);
    }

    /**
     * The latest entries that are wanted. Who has limits sees what is about stations that they may use.
     *
     * @param asker the user who asks
     * @param from the highest number to look at, 0 for the latest
     * @param limit entries, 1 to {@value #MAX_PAGE}
     */
    public CompletableFuture<AuditPage> find(String asker, AuditQuery query, long from, int limit) {
        List<AuditEntry> found = new ArrayList<>();
        Permissions permissions = users.permissions(asker);
        int most = Math.max(1, Math.min(limit, MAX_PAGE));
        Walk walk = new Walk(query.activity(), MAX_SEEN, entry -> {
            if (query.wants(entry) && visible(permissions, entry.subject())) {
                found.add(entry);
            }
            return found.size() < most && (query.fromNanos() == 0 || entry.atNanos() >= query.fromNanos());
        });
        return walk.from(from == 0 ? Long.MAX_VALUE : from).thenApply(next -> new AuditPage(found, next));
    }

    private static boolean visible(Permissions permissions, ChangeSubject subject) {
        return !permissions.restricted() || !subject.station().isEmpty() && permissions.mayUse(subject.station());
    }

    /**
     * What a definition was at a time.
     *
     * @param asker the user who asks
     * @param kind {@code station}, {@code group}, {@code user} or {@code setting}
     * @param object its name; of a group the station's, a slash and its own
     * @param atNanos the time, nanoseconds since the epoch
     * @throws org.memphisee.core.access.AccessRefusal the user may not see it
     */
    public CompletableFuture<PastDefinition> definitionAt(String asker, String kind, String object, long atNanos) {
        String station = new ChangeSubject(kind, object, Effect.DONE).station();
        if (station.isEmpty()) {
            access.requireEverything(asker, "ask about " + kind + " " + object);
        } else {
            access.requireUse(asker, station);
        }
        return logs.read(SideLog.AUDIT, 0, true, 1).thenCompose(first -> {
            long oldest = first.isEmpty() ? 0 : first.get(0).atNanos();
            // of pictures the log has who changed them and not what they were
            if (first.isEmpty() || atNanos < oldest || object.equals(SystemEvent.SettingChanged.LOGO)) {
                return CompletableFuture.completedFuture(new PastDefinition(false, "", oldest));
            }
            AuditQuery query = AuditQuery.of(kind, object);
            AuditEntry[] around = new AuditEntry[2]; // the last one until then, and the first one after it
            return new Walk(false, Integer.MAX_VALUE, entry -> {
                if (query.wants(entry) && entry.subject().effect() != Effect.DONE) {
                    around[entry.atNanos() <= atNanos ? 0 : 1] = entry;
                }
                return around[0] == null;
            }).from(Long.MAX_VALUE).thenCompose(end -> {
                if (around[0] != null || around[1] != null) {
                    return CompletableFuture.completedFuture(new PastDefinition(true,
                        around[0] != null ? around[0].after() : around[1].before(), oldest));
                }
                return engine.present(kind, object).thenApply(now -> // not changed since
                    new PastDefinition(true, now.map(event -> SystemEventCodec.members(event).toString()).orElse(""), oldest));
            });
        });
    }

    private interface Visit {
        /** Looks at an entry; false when it was the last one wanted. */
        boolean more(AuditEntry entry);
    }

    /** Goes down the logs in slices, both as if they were one. One question's; handed from thread to thread. */
    private final class Walk {
        private final boolean activity;
        private final int mostSeen;
        private final Visit visit;
        private int seen;

        private Walk(boolean activity, int mostSeen, Visit visit) {
            this.activity = activity;
            this.mostSeen = mostSeen;
            this.visit = visit;
        }

        /** Completes with the number to go on from, 0 for the end. */
        CompletableFuture<Long> from(long number) {
            CompletableFuture<List<SideRecord>> changes = logs.read(SideLog.AUDIT, number, false, SLICE);
            CompletableFuture<List<SideRecord>> doings = activity ? logs.read(SideLog.ACTIVITY, number, false, SLICE)
                : CompletableFuture.completedFuture(List.of());
            return changes.thenCombine(doings, this::slice).thenCompose(next ->
                next <= 0 ? CompletableFuture.completedFuture(-next) : from(next));
        }

        /** The number of the next slice, or the negative result. */
        private long slice(List<SideRecord> changes, List<SideRecord> doings) {
            long horizon = Math.max(lowest(changes), lowest(doings));
            List<SideRecord> both = new ArrayList<>(changes);
            both.addAll(doings);
            both.removeIf(record -> record.number() < horizon); // the other log may have some in between
            both.sort(Comparator.comparingLong(SideRecord::number).reversed());
            for (SideRecord record : both) {
                seen++;
                if (!visit.more(Entries.of(record))) {
                    return -(record.number() - 1);
                }
            }
            long next = horizon - 1;
            return next <= 0 ? 0 : seen >= mostSeen ? -next : next;
        }

        private static long lowest(List<SideRecord> slice) {
            return slice.size() < SLICE ? 0 : slice.get(slice.size() - 1).number();
        }
    }
}
