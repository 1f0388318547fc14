package org.memphisee.core.cluster.journal;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What may be there of a group: what was told to be durable, and each of what was submitted behind it, in order. */
final class GroupModel {

    /**
     * A state of the log.
     *
     * @param begun whether there is one
     */
    record State(boolean begun, long base, long baseTerm, TreeMap<Long, JournalEntry> entries, long term, String vote) {

        static final State ABSENT = new State(false, 0, 0, new TreeMap<>(), 0, "");

        long last() {
            return entries.isEmpty() ? base : entries.lastKey();
        }

        long termAt(long index) {
            return index == base ? baseTerm : entries.get(index).term();
        }

        State append(JournalEntry entry) {
            TreeMap<Long, JournalEntry> more = new TreeMap<>(entries);
            more.put(entry.index(), entry);
            return new State(true, base, baseTerm, more, term, vote);
        }

        State cut(long from) {
            return new State(true, base, baseTerm, new TreeMap<>(entries.headMap(from)), term, vote);
        }

        State vote(long newTerm, String newVote) {
            return new State(begun, base, baseTerm, entries, newTerm, newVote);
        }

        State begin(long index, long entryTerm, long newTerm, String newVote) {
            return new State(true, index, entryTerm, new TreeMap<>(), newTerm, newVote);
        }

        /** Null when the group is this, otherwise what is not. */
        String differs(JournalGroup group) throws JournalException {
            if (group.standing() != (begun ? Standing.COMPLETE : Standing.ABSENT)) {
                return "it is " + group.standing() + ", begun " + begun;
            }
            if (!begun) {
                return null;
            }
            if (group.lastIndex() != last() || group.term() != term || !group.vote().equals(vote)) {
                return "it is " + group + ", not to " + last() + ", term " + term + ", vote " + vote;
            }
            if (group.baseIndex() < base || group.baseIndex() > last()) {
                return "it is " + group + " of a log that begins after " + base;
            }
            if (group.termAt(group.baseIndex()) != termAt(group.baseIndex())) {
                return "term of " + group.baseIndex() + " is " + group.termAt(group.baseIndex());
            }
            for (Map.Entry<Long, JournalEntry> expected : entries.tailMap(group.baseIndex() + 1).entrySet()) {
                List<JournalEntry> read = group.entries(expected.getKey(), 1);
                JournalEntry entry = read.get(0);
                if (entry.index() != expected.getKey() || entry.term() != expected.getValue().term()
                    || group.termAt(entry.index()) != entry.term()
                    || !Arrays.equals(Arrays.copyOfRange(entry.bytes(), entry.offset(), entry.offset() + entry.length()),
                        expected.getValue().bytes())) {
                    return "entry " + expected.getKey() + " is another one";
                }
            }
            return null;
        }
    }

    /** Something that was submitted. */
    record Step(long ticket, State after) { }

    private State told = State.ABSENT;
    private final ArrayDeque<Step> open = new ArrayDeque<>();
    private long applied;

    State last() {
        return open.isEmpty() ? told : open.peekLast().after();
    }

    State told() {
        return told;
    }

    void submitted(long ticket, State after) {
        open.add(new Step(ticket, after));
    }

    void durable(long ticket) {
        while (!open.isEmpty() && open.peek().ticket() <= ticket) {
            told = open.poll().after();
        }
    }

    /** Nothing from a ticket on will be written. */
    void refused(long ticket) {
        open.removeIf(step -> step.ticket() >= ticket);
    }

    /** Up to here entries are durable and nothing that was submitted removes them. */
    long certain() {
        long least = told.last();
        for (Step step : open) {
            least = Math.min(least, step.after().last());
        }
        return least;
    }

    long applied() {
        return applied;
    }

    void applied(long index) {
        applied = index;
    }

    /** After a restart it is this. */
    void is(State state) {
        told = state;
        open.clear();
    }

    /** The state that a group which was found is in, null when it is in none that it may be in. */
    State found(JournalGroup group) throws JournalException {
        if (told.differs(group) == null) {
            return told;
        }
        for (Step step : open) {
            if (step.after().differs(group) == null) {
                return step.after();
            }
        }
        return null;
    }

    @Override
    public String toString() {
        return "told to " + told.last() + ", term " + told.term() + " " + told.vote() + ", then " + open.size() + " steps to "
            + last().last() + ", term " + last().term() + " " + last().vote();
    }
}
