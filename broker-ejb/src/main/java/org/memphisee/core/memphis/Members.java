package org.memphisee.core.memphis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import org.memphisee.core.control.SystemEvent;

/**
 * Producers and consumers that SDKs registered, as leases of their connections: they become inactive when the last
 * connection with their id goes, active again when it returns, and are forgotten when it stays away. Nothing of this
 * survives a restart. Control loop only.
 */
public final class Members {

    /** How long a member may be away. */
    private static final long AWAY_NANOS = 3 * 3_600_000_000_000L;
    private static final long SWEEP_NANOS = 60_000_000_000L;
    /** Registrations of one connection; the protocol allows repeats, so something must bound them. */
    private static final int MAX_PER_CONNECTION = 10_000;

    /**
     * One registration; the same producer may register several times.
     *
     * @param producer producer or consumer
     * @param name external name
     * @param stationId the station
     * @param group group's external name, empty for producers
     * @param connectionId the SDK's connection
     * @param type {@code application} or {@code connector}
     * @param user who
     * @param appId the application's process
     * @param sdk language of the SDK
     * @param requestVersion version of the request
     */
    public record Member(boolean producer, String name, long stationId, String group, String connectionId, String type,
                         String user, String appId, String sdk, int requestVersion) { }

    private static final class Lease {
        private int open;
        private long awaySince;
        private final List<Member> members = new ArrayList<>();
    }

    private record GroupKey(long stationId, String group) { }

    private final Map<String, Lease> leases = new HashMap<>();
    private final Map<GroupKey, Integer> active = new HashMap<>();
    private long lastSweep;

    /** A connection with this id is there (again). */
    public void connected(String connectionId) {
        Lease lease = leases.computeIfAbsent(connectionId, id -> new Lease());
        if (lease.open++ == 0) {
            count(lease, 1);
        }
    }

    /** A connection with this id went; a probe and the real connection share one id. */
    public void disconnected(String connectionId, long nowNanos) {
        Lease lease = leases.get(connectionId);
        if (lease == null || lease.open == 0) {
            return;
        }
        if (--lease.open == 0) {
            count(lease, -1);
            lease.awaySince = nowNanos;
            if (lease.members.isEmpty()) {
                leases.remove(connectionId);
            }
        }
        sweep(nowNanos);
    }

    /**
     * Registers a member. One of an SDK's connection that has gone meanwhile is inactive from the start; of other
     * clients' connections nobody tells, so they count as there.
     */
    void register(Member member, boolean announced, long nowNanos) {
        Lease lease = leases.computeIfAbsent(member.connectionId(), id -> {
            Lease made = new Lease();
            made.awaySince = nowNanos;
            return made;
        });
        if (lease.members.size() >= MAX_PER_CONNECTION) {
            throw new Refusal("too many producers and consumers on one connection");
        }
        if (lease.open == 0 && !announced) {
            connected(member.connectionId());
        }
        lease.members.add(member);
        if (lease.open > 0) {
            count(member, 1);
        }
    }

    /** Takes the registration back. */
    void unregister(Member member) {
        Lease lease = leases.get(member.connectionId());
        if (lease != null && lease.members.remove(member) && lease.open > 0) {
            count(member, -1);
        }
    }

    /** Removes one registration of that name; false when there is none. An empty connection id means any. */
    boolean unregister(boolean producer, String name, long stationId, String connectionId, List<Member> removed) {
        for (Map.Entry<String, Lease> entry : leases.entrySet()) {
            if (!connectionId.isEmpty() && !connectionId.equals(entry.getKey())) {
                continue;
            }
            Lease lease = entry.getValue();
            for (Iterator<Member> i = lease.members.iterator(); i.hasNext();) {
                Member member = i.next();
                if (member.producer() == producer && member.name().equals(name) && member.stationId() == stationId) {
                    i.remove();
                    if (lease.open > 0) {
                        count(member, -1);
                    }
                    removed.add(member);
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether the group has an active member. */
    boolean active(long stationId, String group) {
        return active.containsKey(new GroupKey(stationId, group));
    }

    /** Forgets the group's inactive members. */
    void forgetGroup(long stationId, String group) {
        removeIf(member -> !member.producer() && member.stationId() == stationId && member.group().equals(group));
    }

    /** Forgets the members of stations that went. */
    void event(SystemEvent event) {
        if (event instanceof SystemEvent.StationDeleted e) {
            removeIf(member -> member.stationId() == e.id());
        } else if (event instanceof SystemEvent.StreamDeleted e) {
            removeIf(member -> member.stationId() == e.partitionId());
        }
    }

    /** All members, with whether they are active. */
    public Map<Member, Boolean> all() {
        Map<Member, Boolean> all = new IdentityHashMap<>();
        leases.values().forEach(lease -> lease.members.forEach(member -> all.put(member, lease.open > 0)));
        return all;
    }

    private void removeIf(Predicate<Member> gone) {
        for (Lease lease : leases.values()) {
            lease.members.removeIf(member -> {
                boolean remove = gone.test(member);
                if (remove && lease.open > 0) {
                    count(member, -1);
                }
                return remove;
            });
        }
    }

    private void sweep(long nowNanos) {
        if (nowNanos - lastSweep > SWEEP_NANOS) {
            lastSweep = nowNanos;
            leases.values().removeIf(lease -> lease.open == 0 && nowNanos - lease.awaySince > AWAY_NANOS);
        }
    }

    private void count(Lease lease, int by) {
        lease.members.forEach(member -> count(member, by));
    }

    private void count(Member member, int by) {
        if (!member.producer()) {
            active.merge(new GroupKey(member.stationId(), member.group()), by,
                (old, add) -> old + add == 0 ? null : old + add);
        }
    }
}
