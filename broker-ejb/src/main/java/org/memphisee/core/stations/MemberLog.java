package org.memphisee.core.stations;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.memphisee.core.api.Author;
import org.memphisee.core.control.ChangeResult;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.SystemEvent.MemberRegistered;
import org.memphisee.core.control.SystemEvent.MembersRemoved;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.stations.Members.Member;

/**
 * Brings registrations of producers and consumers into the definitions, so that they survive a restart. It never
 * refuses: where the definitions cannot or should not take one, it lives in memory only, because clients must be able to
 * consume while the disk is full (P6). Control loop only.
 */
public final class MemberLog {

    /** Registrations that the definitions hold at most, some 30 MB of a snapshot. */
    private static final int MOST = 100_000;
    /** Characters of a text that a client chooses freely. */
    private static final int MAX_TEXT = 256;
    /** Numbers in one event. */
    private static final int REMOVED_AT_ONCE = 1_000;

    private final ControlEngine engine;
    private final int most;
    /** Registrations that a cluster had nobody to decide about. */
    private final List<Owed> owed = new ArrayList<>();

    private record Owed(Author by, Member member) { }

    public MemberLog(ControlEngine engine) {
        this(engine, MOST);
    }

    public MemberLog(ControlEngine engine, int most) {
        this.engine = engine;
        this.most = most;
    }

    /** The number of a new member, 0 for one that is not to be logged. */
    public long numberFor(String... texts) {
        boolean fits = engine.definitions().members().count() < most
            && Stream.of(texts).allMatch(text -> text.length() <= MAX_TEXT);
        return fits ? engine.allocateId() : 0;
    }

    /** Goes on when the registration is durable, or cannot be. */
    public void remember(Author by, Member m, Runnable next) {
        if (m.id() == 0) {
            next.run();
            return;
        }
        engine.change(by, registered(m), new ChangeResult() {
            @Override
            public void effective() {
                next.run();
            }

            @Override
            public void failed(StoreException cause) {
                if (engine.clustered() && owed.size() < most) {
                    owed.add(new Owed(by, m)); // else other nodes would not know that its group has somebody
                }
                next.run();
            }
        });
    }

    private MemberRegistered registered(Member m) {
        return new MemberRegistered(m.id(), m.producer(), m.name(), m.stationId(), m.group(), m.connectionId(), m.type(), m.user(),
            m.appId(), m.sdk(), m.requestVersion(), engine.clock().wallNanos());
    }

    /** Brings what a cluster had nobody to decide about, unless it was decided after all. */
    public void again(Members members) {
        List<Owed> all = List.copyOf(owed);
        owed.clear();
        Set<Long> known = all.isEmpty() ? Set.of()
            : engine.definitions().members().all().map(MemberRegistered::id).collect(Collectors.toSet());
        all.stream().filter(each -> members.has(each.member()) && !known.contains(each.member().id()))
            .forEach(each -> remember(each.by(), each.member(), () -> { }));
    }

    /** Goes on when the definitions have forgotten them, or cannot; then they are swept again after the next start. */
    public void forget(Author by, List<Member> members, Runnable next) {
        List<Long> ids = members.stream().map(Member::id).filter(id -> id != 0).toList();
        if (ids.isEmpty()) {
            next.run();
            return;
        }
        int from = 0;
        for (; ids.size() - from > REMOVED_AT_ONCE; from += REMOVED_AT_ONCE) {
            engine.change(by, new MembersRemoved(ids.subList(from, from + REMOVED_AT_ONCE)), whatever(() -> { }));
        }
        engine.change(by, new MembersRemoved(ids.subList(from, ids.size())), whatever(next));
    }

    /** A registration from the definitions. */
    public static Member member(MemberRegistered e) {
        return new Member(e.id(), e.producer(), e.name(), e.stationId(), e.group(), e.connectionId(), e.type(), e.user(),
            e.appId(), e.sdk(), e.requestVersion());
    }

    private static ChangeResult whatever(Runnable next) {
        return new ChangeResult() {
            @Override
            public void effective() {
                next.run();
            }

            @Override
            public void failed(StoreException cause) {
                next.run();
            }
        };
    }
}
