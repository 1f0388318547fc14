package org.memphisee.core.stations;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

import org.memphisee.core.control.SystemEvent;

/**
 * Producers and consumers that SDKs registered, as leases of their connections: they become inactive when the last
 * connection with their id goes, active again when it returns, and are forgotten when it stays away. The registrations
 * are part of the definitions ({@link MemberLog}); who is there is known here only, and after a restart nobody is until
 * they come back. Control loop only.
 */
public final class Members {

    /** Registrations of one connection; the protocol allows repeats, so something must bound them. */
    private static final int MAX_PER_CONNECTION = 10_000;

    /**
     * One registration; the same producer may register several times.
     *
     * @param id its number in the definitions, 0 when they do not have it
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
    public record Member(long id, boolean producer, String name, long stationId, String group, String connectionId,
                         String type, String user, String appId, String sdk, int requestVersion) { }

    private static final class Lease {
        private int open;
        private long awaySince;
        /** Where its connection is from, or was the last time; empty when nobody knows. */
        private String address = "";
        /** From before the restart, and not seen since. */
        private boolean awaited;
        private final List<Member> members = new ArrayList<>();
    }

    private record GroupKey(long stationId, String group) { }

    private final Map<String, Lease> leases = new HashMap<>();
    private final Map<GroupKey, Integer> active = new HashMap<>();
    /** Nodes of the cluster that do not tell who is connected to them; empty for a broker alone. */
    private Set<String> unheard = Set.of();
    private long allHeardSince = Long.MIN_VALUE;
    private Consumer<String> assumed = connection -> { };

    /** A connection with this id is there (again). */
    public void connected(String connectionId) {
        connected(connectionId, "");
    }

    /** The same from an address, empty when nobody knows. */
    public void connected(String connectionId, String address) {
        Lease lease = leases.computeIfAbsent(connectionId, id -> new Lease());
        lease.awaited = false;
        lease.address = address.isEmpty() ? lease.address : address;
        if (lease.open++ == 0) {
            count(lease, 1);
        }
    }

    /**
     * A connection with this id went; a probe and the real connection share one id.
     *
     * @return who became inactive by that
     */
    public List<Member> disconnected(String connectionId, long nowNanos) {
        Lease lease = leases.get(connectionId);
        if (lease == null || lease.open == 0) {
            return List.of();
        }
        if (--lease.open == 0) {
            count(lease, -1);
            lease.awaySince = nowNanos;
            if (lease.members.isEmpty()) {
                leases.remove(connectionId);
            }
            return List.copyOf(lease.members);
        }
        return List.of();
    }

    /** A member from before the restart; it is away until its connection returns. */
    public void recovered(Member member, long nowNanos) {
        Lease lease = leases.computeIfAbsent(member.connectionId(), id -> {
            Lease made = new Lease();
            made.awaySince = nowNanos;
            made.awaited = true;
            return made;
        });
        lease.members.add(member);
        if (lease.open > 0) {
            count(member, 1);
        }
    }

    /**
     * Registers a member. One of an SDK's connection that has gone meanwhile is inactive from the start; of other
     * clients' connections nobody tells, so they count as there.
     */
    public void register(Member member, boolean announced, long nowNanos) {
        Lease lease = leases.computeIfAbsent(member.connectionId(), id -> {
            Lease made = new Lease();
            made.awaySince = nowNanos;
            return made;
        });
        if (lease.members.size() >= MAX_PER_CONNECTION) {
            throw new RequestRefusal("too many producers and consumers on one connection");
        }
        if (lease.open == 0 && !announced) {
            connected(member.connectionId());
            assumed.accept(member.connectionId());
        }
        lease.members.add(member);
        if (lease.open > 0) {
            count(member, 1);
        }
    }

    /** Who is told of connections that {@link #register} counts as there, though nobody announced them. */
    public void whenAssumed(Consumer<String> listener) {
        assumed = listener;
    }

    /** Takes the registration back. */
    public void unregister(Member member) {
        Lease lease = leases.get(member.connectionId());
        if (lease != null && lease.members.remove(member) && lease.open > 0) {
            count(member, -1);
        }
    }

    /** Removes one registration of that name; false when there is none. An empty connection id means any. */
    public boolean unregister(boolean producer, String name, long stationId, String connectionId, List<Member> removed) {
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
    public boolean active(long stationId, String group) {
        return active.containsKey(new GroupKey(stationId, group));
    }

    /**
     * Whether the group still has somebody: an active member, one from before the restart that may come back, or one that may be
     * connected to a node that is not heard of; its position must not go because another member was faster, nor because of what
     * this node does not know.
     */
    public boolean needed(long stationId, String group) {
        return active(stationId, group) || leases.values().stream().anyMatch(lease -> (lease.awaited || !unheard.isEmpty())
            && lease.members.stream().anyMatch(member -> of(member, stationId, group)));
    }

    /** Whether a member of the group that is away may be connected to a node that is not heard of. */
    boolean uncertain(long stationId, String group) {
        return !unheard.isEmpty() && !active(stationId, group) && needed(stationId, group);
    }

    /**
     * Which nodes of the cluster do not tell who is connected to them. As long as there are any, nobody is forgotten for being
     * away; after that it takes the whole time anew.
     */
    public void unheard(Set<String> nodes, long nowNanos) {
        if (!unheard.isEmpty() && nodes.isEmpty()) {
            allHeardSince = nowNanos;
        }
        unheard = Set.copyOf(nodes);
    }

    /** Those nodes, in no order. */
    Set<String> unheard() {
        return unheard;
    }

    private static boolean of(Member member, long stationId, String group) {
        return !member.producer() && member.stationId() == stationId && member.group().equals(group);
    }

    /** Forgets the group's inactive members, and gives them. */
    public List<Member> forgetGroup(long stationId, String group) {
        return removeIf(member -> of(member, stationId, group));
    }

    /** Forgets the producers or the consumers of a station that are not connected, and gives them. */
    public List<Member> forgetAway(long stationId, boolean producers) {
        List<Member> removed = new ArrayList<>();
        leases.values().stream().filter(lease -> lease.open == 0).forEach(lease -> lease.members.removeIf(member -> {
            boolean remove = member.producer() == producers && member.stationId() == stationId;
            if (remove) {
                removed.add(member);
            }
            return remove;
        }));
        leases.values().removeIf(lease -> lease.open == 0 && lease.members.isEmpty());
        return removed;
    }

    /** Forgets the members of stations that went. */
    public void event(SystemEvent event) {
        if (event instanceof SystemEvent.StationDeleted e) {
            removeIf(member -> member.stationId() == e.id());
        } else if (event instanceof SystemEvent.StreamDeleted e) {
            removeIf(member -> member.stationId() == e.partitionId());
        }
    }

    /** Follows what other nodes registered and forgot; what this node did itself is here already. */
    public void eventOfCluster(SystemEvent event, long nowNanos) {
        if (event instanceof SystemEvent.MemberRegistered e) {
            Lease lease = leases.get(e.connectionId());
            if (lease == null || lease.members.stream().noneMatch(member -> member.id() == e.id())) {
                recovered(MemberLog.member(e), nowNanos);
                Lease now = leases.get(e.connectionId());
                now.awaited = now.open == 0; // who registers is there, whether its node has said so yet or not
            }
        } else if (event instanceof SystemEvent.MembersRemoved e) {
            Set<Long> ids = Set.copyOf(e.ids());
            removeIf(member -> ids.contains(member.id()));
        }
    }

    /** The node of a connection is not heard of any more: it may be there. */
    public void awaited(String connectionId, long nowNanos) {
        Lease lease = leases.get(connectionId);
        if (lease != null) {
            disconnected(connectionId, nowNanos);
            lease.awaited = lease.open == 0;
        }
    }

    /** One that {@link #awaited} was told of is gone: it is away from now on, unless it is at another node. */
    public void gone(String connectionId, long nowNanos) {
        Lease lease = leases.get(connectionId);
        if (lease != null && lease.open == 0 && lease.awaited) {
            lease.awaited = false;
            lease.awaySince = nowNanos;
        }
    }

    /** Where a member's connection is from, or was the last time; empty when nobody knows. */
    String address(Member member) {
        Lease lease = leases.get(member.connectionId());
        return lease == null ? "" : lease.address;
    }

    /** Whether this registration is still there. */
    boolean has(Member member) {
        Lease lease = leases.get(member.connectionId());
        return lease != null && lease.members.contains(member);
    }

    /** All members, with whether they are active. */
    public Map<Member, Boolean> all() {
        Map<Member, Boolean> all = new IdentityHashMap<>();
        leases.values().forEach(lease -> lease.members.forEach(member -> all.put(member, lease.open > 0)));
        return all;
    }

    private List<Member> removeIf(Predicate<Member> gone) {
        List<Member> removed = new ArrayList<>();
        for (Lease lease : leases.values()) {
            lease.members.removeIf(member -> {
                boolean remove = gone.test(member);
                if (remove) {
                    removed.add(member);
                    if (lease.open > 0) {
                        count(member, -1);
                    }
                }
                return remove;
            });
        }
        leases.values().removeIf(lease -> lease.open == 0 && lease.members.isEmpty());
        return removed;
    }

    /** Forgets who has been away for too long, and gives them. */
    public List<Member> sweep(long nowNanos, long awayNanos) {
        List<Member> removed = new ArrayList<>();
        if (!unheard.isEmpty()) {
            return removed;
        }
        leases.values().removeIf(lease -> {
            boolean gone = lease.open == 0 && nowNanos - Math.max(lease.awaySince, allHeardSince) > awayNanos;
            if (gone) {
                removed.addAll(lease.members);
            }
            return gone;
        });
        return removed;
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
