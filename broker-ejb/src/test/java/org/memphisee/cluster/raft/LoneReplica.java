package org.memphisee.cluster.raft;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import org.memphisee.core.cluster.election.ElectionMessage.PreVoteAnswer;
import org.memphisee.core.cluster.election.ElectionMessage.VoteAnswer;
import org.memphisee.core.cluster.journal.JournalGroup;
import org.memphisee.core.cluster.journal.JournalSettings;
import org.memphisee.core.cluster.journal.RaftJournal;
import org.memphisee.core.time.BrokerClock;
import org.memphisee.simulation.SimJournalFiles;

/** A replica whose peers are the test, with time and disk that move when told. */
final class LoneReplica implements GroupMachine {

    static final long MILLIS = 1_000_000;
    private static final JournalSettings JOURNAL =
        new JournalSettings(4 << 20, 4096, 4 << 20, 64L << 20, 64L << 20, 64L << 20, 0, 1);

    /** To whom, and what. */
    record Sent(String to, GroupMessage message) { }

    final SimJournalFiles disk = new SimJournalFiles(1);
    final RaftJournal journal;
    final JournalGroup group;
    final GroupReplica replica;
    final List<Sent> sent = new ArrayList<>();
    final List<String> applied = new ArrayList<>();
    String broken = "";
    boolean behind;
    long now;

    LoneReplica(String name, List<String> names, boolean begun) throws Exception {
        BrokerClock clock = new BrokerClock() {
            @Override
            public long wallNanos() {
                return 0;
            }

            @Override
            public long nowNanos() {
                return now;
            }
        };
        journal = RaftJournal.open(disk, JOURNAL, clock, new SplittableRandom(1));
        group = journal.group(1);
        if (begun) {
            group.begin(0, 0, 0, "");
            journal.turn();
        }
        replica = new GroupReplica(name, names, group, 0, this, (to, message) -> sent.add(new Sent(to, message)),
            ReplicaSettings.DEFAULT, new SplittableRandom(1), now);
    }

    /** The disk does what waits, and the replica hears of it. */
    void sync() {
        journal.turn();
        replica.turn(now);
    }

    void pass(long millis) {
        now += millis * MILLIS;
        replica.turn(now);
    }

    void receive(String from, GroupMessage message) {
        replica.received(from, message, now);
    }

    /** Becomes leader with the vote of a peer. */
    void lead(String voter) {
        pass(2_000);
        long term = group.term() + 1;
        receive(voter, new GroupMessage.Elect(new PreVoteAnswer(term, true)));
        sync();
        receive(voter, new GroupMessage.Elect(new VoteAnswer(term, true)));
    }

    List<GroupMessage> takeSent(String to) {
        List<GroupMessage> taken = sent.stream().filter(each -> each.to().equals(to)).map(Sent::message)
            .filter(each -> !(each instanceof GroupMessage.Elect)).toList();
        sent.removeIf(each -> each.to().equals(to));
        return taken;
    }

    static GroupMessage.Item item(long term, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new GroupMessage.Item(term, bytes, 0, bytes.length);
    }

    @Override
    public byte[] opening(long term) {
        return ("opening " + term).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void apply(long index, long term, byte[] bytes, int offset, int length) {
        String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
        if (text.equals(broken)) {
            throw new IllegalStateException("cannot apply " + text);
        }
        applied.add(text);
    }

    @Override
    public void leads(long term) {
        // asked of the replica
    }

    @Override
    public void follows() {
        // asked of the replica
    }

    @Override
    public void behind() {
        behind = true;
    }
}
