package org.memphisee.core.cluster.journal;

import java.nio.charset.StandardCharsets;
import java.util.TreeSet;

/** What reading the journal has found of a group so far. */
final class FoundGroup {

    private final LogShape shape = new LogShape();
    private final EntryIndex index = new EntryIndex();
    private long position = Position.NONE;
    /** Damaged entries that still count. */
    private final TreeSet<Long> damaged = new TreeSet<>();
    private String broken;

    LogShape shape() {
        return shape;
    }

    EntryIndex index() {
        return index;
    }

    /** Of its last record that could be read. */
    long position() {
        return position;
    }

    /** What is wrong with it, null when it is complete, or known to be lost since before. */
    String fault() {
        if (shape.standing() == Standing.REBUILD) {
            return null;
        }
        if (broken != null) {
            return broken;
        }
        if (!damaged.isEmpty()) {
            return "entry " + damaged.first() + " is damaged";
        }
        return shape.grounded() ? null : "nothing says what its log begins after";
    }

    /** Something of it is missing. */
    void fail(String why) {
        if (broken == null) {
            broken = why;
        }
    }

    /**
     * Takes its next record.
     *
     * @param oldest where the journal begins: what lay before was dropped because nobody needed it
     * @param body of a record that is not an entry
     */
    void take(RecordHeader header, long at, long oldest, byte[] body) {
        boolean follows = position == Position.NONE ? header.previous() < oldest : header.previous() == position;
        if (!follows) {
            fail("records before " + Position.text(at) + " are missing");
        }
        position = at;
        switch (header.known()) {
            case ENTRY -> {
                if (shape.append(header.index(), header.term())) {
                    index.add(header.index(), at);
                } else {
                    fail("entry " + header.index() + " at " + Position.text(at) + " does not continue the log");
                }
            }
            case CUT -> {
                if (shape.cut(header.index())) {
                    cut(header.index());
                } else {
                    fail("the cut at " + Position.text(at) + " reaches below the log");
                }
            }
            case TERM_VOTE -> shape.vote(header.term(), new String(body, StandardCharsets.UTF_8));
            case BASE -> base(header, BaseBody.decode(body), at);
            case MARK -> fail("the mark at " + Position.text(at) + " names a group");
        }
    }

    private void base(RecordHeader header, BaseBody body, long at) {
        if (body == null) {
            fail("the base at " + Position.text(at) + " is not readable");
            return;
        }
        switch (body.meaning()) {
            case BEGIN -> {
                index.clear();
                damaged.clear();
                broken = null;
                shape.begin(header.index(), header.term(), body.currentTerm(), body.vote());
            }
            case REBUILD -> {
                index.clear();
                damaged.clear();
                broken = null;
                shape.lose();
                shape.vote(body.currentTerm(), body.vote());
            }
            case PREFIX -> {
                if (!shape.drop(header.index(), header.term(), body.last())) {
                    fail("the base at " + Position.text(at) + " is not of the log before it");
                }
                damaged.headSet(header.index(), true).clear();
                shape.vote(body.currentTerm(), body.vote());
            }
        }
    }

    /** Takes a record whose body is damaged. */
    void takeDamaged(RecordHeader header, long at, long oldest) {
        if (header.is(RecordKind.ENTRY)) {
            take(header, at, oldest, null);
            damaged.add(header.index());
        } else {
            position = at;
            fail(RecordKind.of(header.kind()) + " at " + Position.text(at) + " is damaged");
        }
    }

    private void cut(long from) {
        index.cut(from);
        damaged.tailSet(from, true).clear();
    }
}
