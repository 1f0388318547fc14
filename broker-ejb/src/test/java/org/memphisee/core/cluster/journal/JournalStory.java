package org.memphisee.core.cluster.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;

import org.memphisee.core.cluster.journal.JournalException.Reason;
import org.memphisee.core.time.BrokerClock;
import org.memphisee.simulation.SimJournalFiles;

/** Some lives of one journal. What is found at each beginning must be what groups were told, or submitted after that. */
final class JournalStory {

    private static final int SEGMENT = 16 << 10;
    private static final JournalSettings SETTINGS =
        new JournalSettings(SEGMENT, 512, 2 << 10, 32 << 10, 1 << 10, 6 * SEGMENT, 0, 4);
    private static final int GROUPS = 3;
    private static final int LIVES = 6;
    private static final boolean PRINT = Boolean.getBoolean("memphisee.print");
    private static final int ACTIONS = 60;

    private final long seed;
    private final Random chance;
    private final SimJournalFiles disk;
    private final Map<Long, GroupModel> models = new HashMap<>();
    /** What groups were told before the last sync, in case that one gets lost by damage. */
    private Map<Long, GroupModel.State> beforeLast = new HashMap<>();
    private final Seen seen = new Seen();
    private RaftJournal journal;
    private boolean damaged;
    /** What did no harm is found again each time. */
    private boolean everDamaged;
    private long now;
    private int life;
    /** How often it was opened in this life: an earlier one may have told of damage to nobody. */
    private int openings;

    JournalStory(long seed) {
        this.seed = seed;
        chance = new Random(seed);
        disk = new SimJournalFiles(seed * 31);
        for (long id = 1; id <= GROUPS; id++) {
            models.put(id, new GroupModel());
        }
    }

    /** How much there was of what. */
    static final class Seen {
        private final Map<String, Integer> counts = new java.util.TreeMap<>();

        void count(String what) {
            counts.merge(what, 1, Integer::sum);
        }

        void add(Seen other) {
            other.counts.forEach((what, n) -> counts.merge(what, n, Integer::sum));
        }

        /** Whatever is looked for came about. */
        void assertMuch() {
            for (String what : List.of("kill", "power cut", "crash while opening", "torn", "rebuild", "failed sync", "failed write",
                "full", "dropped", "cut", "found more than told", "damage without harm")) {
                assertTrue(counts.getOrDefault(what, 0) > 0, "never " + what + ": " + counts);
            }
        }

        @Override
        public String toString() {
            return counts.toString();
        }
    }

    Seen seen() {
        return seen;
    }

    void run() throws JournalException {
        for (life = 0; life < LIVES; life++) {
            open();
            check();
            live();
            end();
        }
        open();
        check();
        journal.close();
    }

    private final BrokerClock clock = new BrokerClock() {
        @Override
        public long wallNanos() {
            return now;
        }

        @Override
        public long nowNanos() {
            return now;
        }
    };

    /** Opens it, if need be after crashes while doing so. */
    private void open() throws JournalException {
        for (int attempt = 0; ; attempt++) {
            openings = attempt + 1;
            if (attempt < 3 && chance.nextInt(4) == 0) {
                disk.crashIn(chance.nextInt(12));
            }
            try {
                journal = RaftJournal.open(disk, SETTINGS, clock, new SplittableRandom(seed * 1_000 + life * 10 + attempt));
                if (!disk.dead()) {
                    disk.crashIn(Long.MAX_VALUE >> 1);
                    return;
                }
            } catch (SimJournalFiles.Ended e) {
                seen.count("crash while opening");
            } catch (JournalException e) {
                assertTrue(disk.dead(), () -> "life " + life + ": " + e);
                seen.count("crash while opening");
            }
            stop();
        }
    }

    private void stop() {
        if (chance.nextInt(3) == 0) {
            disk.kill();
            seen.count("kill");
        } else {
            disk.powerCut();
            seen.count("power cut");
        }
    }

    private void check() throws JournalException {
        RecoveryReport report = journal.report();
        if (PRINT) {
            System.out.println("life " + life + " damaged " + damaged + " " + report + " " + models);
        }
        if (!everDamaged) {
            assertEquals(List.of(), report.damages(), () -> "life " + life);
        }
        if (!damaged) {
            assertEquals(Map.of(), report.rebuild(), () -> "life " + life);
        }
        if (report.cut().isPresent()) {
            seen.count("torn");
        }
        applyAll(); // so that a rebuild has room
        for (Map.Entry<Long, GroupModel> each : models.entrySet()) {
            JournalGroup group = journal.group(each.getKey());
            GroupModel model = each.getValue();
            GroupModel.State found = model.found(group);
            if (found != null) {
                seen.count(found == model.told() ? "found as told" : "found more than told");
                seen.count(damaged ? "damage without harm" : "well");
                model.is(found);
            } else if (damaged && (group.standing() == Standing.REBUILD || group.standing() == Standing.ABSENT
                && (openings > 1 || !report.damages().isEmpty()))) {
                seen.count("rebuild");
                rebuild(group, model);
            } else if (damaged && looksTorn(group)) {
                seen.count("tail lost by damage");
                model.is(beforeLast.get(each.getKey()));
            } else {
                throw new AssertionError("life " + life + " damaged " + damaged + ": " + group + " but " + model + ": "
                    + model.told().differs(group) + " " + report);
            }
            listen(group, model);
        }
        journal.turn();
        damaged = false;
        if (!disk.dead()) {
            remember();
        }
    }

    private void applyAll() throws JournalException {
        for (Map.Entry<Long, GroupModel> each : models.entrySet()) {
            journal.group(each.getKey()).applied(each.getValue().applied());
        }
    }

    /** Damage of what was written last, before anybody knew that it was durable, cannot be told from a torn write. */
    private boolean looksTorn(JournalGroup group) throws JournalException {
        GroupModel.State before = beforeLast.get(group.id());
        return before != null && before.differs(group) == null;
    }

    private void rebuild(JournalGroup group, GroupModel model) throws JournalException {
        long index = Math.max(model.last().last(), 1) + chance.nextInt(5);
        long term = Math.max(model.last().term(), group.term()) + 1;
        GroupModel.State after = model.last().begin(index, term, term, "");
        model.is(GroupModel.State.ABSENT);
        long ticket = group.begin(index, term, term, "");
        // until it is durable, it is the one that has to be rebuilt: write it at once
        journal.turn();
        if (group.durableIndex() != index) { // the journal is full of what others have not applied
            group.takeBack();
            for (GroupModel other : models.values()) {
                other.applied(Math.max(other.applied(), other.told().last()));
            }
            applyAll();
            ticket = group.begin(index, term, term, "");
            journal.turn();
        }
        assertEquals(index, group.durableIndex());
        model.submitted(ticket, after);
        model.durable(ticket);
        model.applied(index);
    }

    private void listen(JournalGroup group, GroupModel model) {
        group.attach(new JournalListener() {
            @Override
            public void durable(long ticket) {
                model.durable(ticket);
            }

            @Override
            public void refused(long ticket, JournalException why) {
                assertEquals(Reason.FULL, why.reason());
                model.refused(ticket);
                seen.count("full");
                group.takeBack();
            }

            @Override
            public void failed(JournalException why) {
                // what was not told may be there or not
            }
        });
    }

    private void remember() {
        Map<Long, GroupModel.State> states = new HashMap<>();
        models.forEach((id, model) -> states.put(id, model.told()));
        beforeLast = states;
    }

    private void live() throws JournalException {
        disk.capacity(chance.nextInt(8) == 0 ? (3 + chance.nextInt(4)) * SEGMENT : Long.MAX_VALUE);
        if (chance.nextInt(3) > 0) {
            disk.crashIn(1 + chance.nextInt(ACTIONS));
        }
        int fault = chance.nextInt(10);
        if (fault == 0) {
            disk.failForceIn(1 + chance.nextInt(20));
        } else if (fault == 1) {
            disk.failWriteIn(1 + chance.nextInt(20));
        }
        int actions = chance.nextInt(ACTIONS);
        for (int i = 0; i < actions && !disk.dead(); i++) {
            now += chance.nextInt(40) * 1_000_000L;
            try {
                act(1 + chance.nextInt(GROUPS));
            } catch (JournalException e) {
                assertTrue(List.of(Reason.FAILED, Reason.BUSY, Reason.INCOMPLETE).contains(e.reason()), e::toString);
            }
        }
        if (journal.fault().isPresent() && !disk.dead()) {
            seen.count(fault == 0 ? "failed sync" : "failed write");
        }
    }

    private void act(long id) throws JournalException {
        JournalGroup group = journal.group(id);
        GroupModel model = models.get(id);
        GroupModel.State state = model.last();
        if (!state.begun()) {
            model.submitted(group.begin(0, 0, 1, ""), state.begin(0, 0, 1, ""));
            return;
        }
        switch (chance.nextInt(12)) {
            case 0 -> {
                long term = state.term() + 1 + chance.nextInt(2);
                String vote = chance.nextBoolean() ? "memphis-" + chance.nextInt(3) : "";
                model.submitted(group.vote(term, vote), state.vote(term, vote));
            }
            case 1 -> {
                long least = Math.max(Math.max(state.base(), group.baseIndex()), model.applied()) + 1;
                if (least <= state.last()) {
                    long from = Math.max(least, state.last() - chance.nextInt(6));
                    model.submitted(group.cut(from), state.cut(from));
                    seen.count("cut");
                }
            }
            case 2 -> {
                long durable = model.certain();
                if (durable > model.applied()) {
                    model.applied(durable - chance.nextInt((int) Math.min(3, durable - model.applied())));
                    group.applied(model.applied());
                }
                long base = group.baseIndex();
                journal.reclaim();
                turn();
                if (group.baseIndex() > base) {
                    seen.count("dropped");
                }
            }
            case 3, 4, 5 -> turn();
            default -> append(group, model, state);
        }
    }

    private void append(JournalGroup group, GroupModel model, GroupModel.State before) throws JournalException {
        GroupModel.State state = before;
        List<JournalEntry> entries = new ArrayList<>();
        List<GroupModel.State> states = new ArrayList<>();
        int count = 1 + chance.nextInt(3);
        for (int i = 0; i < count; i++) {
            byte[] body = new byte[chance.nextInt(20) == 0 ? 4_000 : chance.nextInt(400)];
            chance.nextBytes(body);
            long term = chance.nextInt(4) == 0 ? state.term() : state.termAt(state.last());
            JournalEntry entry = new JournalEntry(state.last() + 1, term, body);
            entries.add(entry);
            state = state.append(entry);
            states.add(state);
        }
        long ticket = group.append(entries);
        for (int i = 0; i < count; i++) {
            model.submitted(ticket - count + 1 + i, states.get(i));
        }
    }

    private void turn() {
        Map<Long, GroupModel.State> before = beforeLast;
        remember();
        journal.turn();
        if (models.entrySet().stream().allMatch(each -> each.getValue().told() == beforeLast.get(each.getKey()))) {
            beforeLast = before;
        }
    }

    private void end() throws JournalException {
        boolean closed = false;
        if (!disk.dead() && chance.nextInt(4) == 0) {
            turn();
            turn();
            closed = closed();
        }
        stop();
        disk.capacity(Long.MAX_VALUE);
        if (chance.nextInt(5) == 0) {
            damage();
        }
        seen.count(closed ? "closed" : "crashed");
    }

    private boolean closed() {
        try {
            journal.close();
            return true;
        } catch (SimJournalFiles.Ended | JournalException e) {
            return false;
        }
    }

    private void damage() {
        List<String> segments = disk.list().stream().filter(name -> name.endsWith(".raft")).toList();
        if (segments.isEmpty()) {
            return;
        }
        damaged = true;
        everDamaged = true;
        String name = segments.get(chance.nextInt(segments.size()));
        if (chance.nextInt(8) == 0) {
            disk.lose(name);
            return;
        }
        int flips = chance.nextInt(4) == 0 ? 40 : 1;
        int from = chance.nextInt(SEGMENT);
        for (int i = 0; i < flips; i++) {
            disk.flip(name, Math.min(SEGMENT - 1, from + chance.nextInt(200)), chance.nextInt(8));
        }
    }
}
