package org.memphisee.core.replication;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

import org.memphisee.core.append.Shard;
import org.memphisee.core.append.ShardTimer;
import org.memphisee.core.append.SoloGroup;
import org.memphisee.core.cluster.Entry;
import org.memphisee.core.cluster.EntryChange;
import org.memphisee.core.cluster.EntryCodec;
import org.memphisee.core.cluster.EntryKind;
import org.memphisee.core.cluster.Proposal;
import org.memphisee.core.cluster.ReplicationGroup;
import org.memphisee.core.cluster.WriteOutcome;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.SummaryCodec;
import org.memphisee.core.time.LatencyHistogram;

/**
 * Makes durable on several brokers what the partitions of a group decide while this one leads: what they propose in a turn is
 * one entry. A proposal ends as committed when its entry is committed and stored here; as refused when it is certain that
 * it never will be; as unknown when that was not told for so long that nobody should wait for it. Shard's thread only.
 */
public final class ReplicatedGroup implements ReplicationGroup {

    /** An entry is closed when it has so many bytes. */
    static final int ENTRY_BYTES = 1 << 20;
    /** Entries that are proposed and not stored, and their bytes; beyond that what is proposed gathers. */
    static final int OPEN = 4;
    private static final long OPEN_BYTES = 4L << 20;

    private final long group;
    private final Shard shard;
    private final SoloGroup own;
    private final LongSupplier definitions;
    private final long patienceNanos;
    private final int mostBytes;
    private final SummaryCodec summaries = new SummaryCodec();
    private final ArrayDeque<Proposal> gathered = new ArrayDeque<>();
    /** Entries that were not applied, in their order. */
    private final ArrayDeque<Sent> sent = new ArrayDeque<>();
    private final Runnable send = this::send;
    private final ShardTimer patience = new ShardTimer(this::despair);
    private Replicas replicas;
    private LatencyHistogram commits = new LatencyHistogram();
    private boolean sendRequested;
    /** The epoch in which this member decides, 0 when it does not. */
    private long epoch;
    private long ordinal;
    private int open;
    private long openBytes;

    /** An entry of this member's, and what became of it is not known yet. */
    record Sent(long epoch, long ordinal, List<Proposal> proposals, int bytes, long sentNanos) { }

    /**
     * A group that does not lead.
     *
     * @param group its number
     * @param own for what concerns this node alone
     * @param definitions tells how many system events are folded here
     * @param patienceNanos so long after its leadership nobody waits any more for what was proposed in it
     * @param mostBytes larger entries are refused: the journal would not take them
     */
    public ReplicatedGroup(long group, Shard shard, SoloGroup own, LongSupplier definitions, long patienceNanos,
                           int mostBytes) {
        this.group = group;
        this.shard = shard;
        this.own = own;
        this.definitions = definitions;
        this.patienceNanos = patienceNanos;
        this.mostBytes = mostBytes;
    }

    /** Where it is recorded how long entries take until they are decided and stored here; before anything is proposed. */
    public void timed(LatencyHistogram histogram) {
        commits = histogram;
    }

    /** Where entries go; before anything is proposed. */
    void bind(Replicas members) {
        replicas = members;
    }

    @Override
    public int smallBytes() {
        return 0;
    }

    @Override
    public void propose(Proposal proposal) {
        if (proposal.changes().stream().anyMatch(StoreChange.DropPartition.class::isInstance)) {
            own.propose(proposal); // each node removes a partition when it learns of that
        } else if (epoch == 0) {
            refuse(proposal, "another broker leads the replication group, or none does");
        } else if (proposal.fence().failure() != null) {
            proposal.ending().ended(proposal.fence().failure());
        } else {
            gathered.add(proposal);
            requestSend();
        }
    }

    private void requestSend() {
        if (!sendRequested) {
            sendRequested = true;
            shard.afterHandOver(send);
        }
    }

    private void send() {
        sendRequested = false;
        while (epoch > 0 && !gathered.isEmpty() && open < OPEN && openBytes < OPEN_BYTES) {
            List<Proposal> proposals = new ArrayList<>();
            int bytes = 0;
            while (!gathered.isEmpty() && (bytes == 0 || bytes + gathered.peek().bytes() <= ENTRY_BYTES)) {
                Proposal next = gathered.poll();
                if (next.fence().failure() != null) {
                    next.ending().ended(next.fence().failure());
                } else {
                    bytes += next.bytes();
                    proposals.add(next);
                }
            }
            if (!proposals.isEmpty()) {
                send(proposals);
            }
        }
    }

    private void send(List<Proposal> proposals) {
        List<EntryChange> changes = new ArrayList<>();
        for (Proposal proposal : proposals) {
            proposal.changes().forEach(change -> changes.add(EntryChange.of(change, summaries)));
        }
        byte[] bytes = EntryCodec.encode(new Entry(EntryKind.CHANGES, group, epoch, ordinal + 1, definitions.getAsLong(),
            shard.clock().wallNanos(), List.of(), changes));
        if (bytes.length > mostBytes) {
            proposals.forEach(proposal -> refuse(proposal, "an entry of " + bytes.length + " bytes, and the journal takes "
                + mostBytes));
            return;
        }
        ordinal++;
        sent.add(new Sent(epoch, ordinal, proposals, bytes.length, shard.clock().nowNanos()));
        open++;
        openBytes += bytes.length;
        replicas.propose(epoch, ordinal, bytes);
    }

    // ---- who decides

    /** This member decides: it has applied the entry that opens the epoch. */
    void lead(long newEpoch) {
        epoch = newEpoch;
        ordinal = 1;
        open = 0;
        openBytes = 0;
    }

    /** It decides no longer. What gathered is refused; of what is on its way it is told later. */
    void cease() {
        epoch = 0;
        List<Proposal> never = List.copyOf(gathered);
        gathered.clear();
        never.forEach(proposal -> refuse(proposal, "the leader of the replication group changed"));
        if (!sent.isEmpty()) {
            shard.set(patience, shard.clock().nowNanos() + patienceNanos);
        }
    }

    /** Whether nothing of what was proposed is undecided. */
    boolean idle() {
        return gathered.isEmpty() && sent.isEmpty();
    }

    // ---- what became of entries

    /** An entry is applied, and was this member's; null when it was not, or nobody waits for it any more. */
    Sent applied(Entry entry) {
        Sent first = sent.peek();
        return first != null && first.epoch() == entry.epoch() && first.ordinal() == entry.ordinal() ? sent.poll() : null;
    }

    /** It is committed, and the store has it or never will. */
    void ended(Sent mine) {
        commits.record(shard.clock().nowNanos() - mine.sentNanos());
        if (mine.epoch() == epoch) {
            open--;
            openBytes -= mine.bytes();
            if (!gathered.isEmpty()) {
                requestSend();
            }
        }
        mine.proposals().forEach(proposal -> proposal.ending().ended(WriteOutcome.COMMITTED));
    }

    /** An epoch is opened: what was decided in those before and is not applied never will be. */
    void opened(long newEpoch) {
        end(s -> s.epoch() < newEpoch, proposal -> refuse(proposal, "the leader of the replication group changed"));
    }

    /** Nobody was asked for an entry, nor for those behind it. */
    void notTaken(long sentEpoch, long sentOrdinal) {
        end(s -> s.epoch() == sentEpoch && s.ordinal() >= sentOrdinal,
            proposal -> refuse(proposal, "the leader of the replication group changed"));
    }

    private void despair() {
        end(s -> s.epoch() != epoch, proposal -> {
            WriteOutcome.Unknown unknown = new WriteOutcome.Unknown(new StoreException("the leader of the replication "
                + "group changed, and whether this was written is not known here; send it again with the same message id", null,
                false));
            proposal.fence().close(unknown);
            proposal.ending().ended(unknown);
        });
    }

    private void end(Predicate<Sent> which, Consumer<Proposal> how) {
        List<Proposal> ended = new ArrayList<>();
        for (Iterator<Sent> each = sent.iterator(); each.hasNext();) {
            Sent next = each.next();
            if (which.test(next)) {
                each.remove();
                ended.addAll(next.proposals());
            }
        }
        ended.forEach(how);
    }

    private static void refuse(Proposal proposal, String why) {
        WriteOutcome.Refused refused = new WriteOutcome.Refused(new StoreException(why, null, false));
        proposal.fence().close(refused);
        proposal.ending().ended(refused);
    }
}
