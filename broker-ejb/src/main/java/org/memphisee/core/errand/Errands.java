package org.memphisee.core.errand;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongPredicate;

import org.memphisee.core.consumer.PartitionView.Answer;
import org.memphisee.core.partition.KnownPartition;
import org.memphisee.core.partition.PartitionDefiner;
import org.memphisee.core.partition.PartitionHandle;
import org.memphisee.core.partition.PartitionOperations;
import org.memphisee.core.partition.PartitionRegistry;
import org.memphisee.core.time.BrokerClock;

/** Has errands done, here or at the node that decides about their partition, and does those of other nodes. Any thread. */
public final class Errands {

    static final String GONE = "The partition does not exist any more";
    /** Figures asked for at a time: about half a millisecond of the loop that forwards messages, too. */
    private static final int SLICE = 256;

    private final PartitionRegistry registry;
    private final BrokerClock clock;
    private final Executor later;
    private volatile LongPredicate decides = partition -> true;
    private volatile ErrandWay way = ErrandWay.NONE;
    /** Of partitions that other nodes decide about, by number. */
    private final Map<Long, Seen> seen = new ConcurrentHashMap<>();
    /** Of which they are on their way. */
    private final Map<Long, CompletableFuture<?>> asked = new ConcurrentHashMap<>();

    private record Seen(PartitionFigures figures, long atNanos) { }

    /**
     * Errands of a broker alone. What other nodes say is read, and gone on with, on {@code later}: a thread that may take its
     * time.
     */
    public Errands(PartitionRegistry registry, BrokerClock clock, Executor later) {
        this.registry = registry;
        this.clock = clock;
        this.later = later;
    }

    void later(Runnable work) {
        later.execute(work);
    }

    /**
     * This node is one of several; before it serves anybody.
     *
     * @param here whether this node decides about a partition, as far as is known
     * @param to the way to those that decide about the others
     */
    public void among(LongPredicate here, ErrandWay to) {
        decides = here;
        way = to;
    }

    /** The partition of a stream, wherever it is. */
    public Optional<AnyPartition> partition(String stream) {
        return registry.known(stream).map(known -> new AnyPartition(this, known));
    }

    /** Those of streams, without the streams that are not there. */
    public List<AnyPartition> partitions(Collection<String> streams) {
        return streams.stream().flatMap(stream -> partition(stream).stream()).toList();
    }

    // ---- figures

    PartitionFigures figures(KnownPartition of) {
        Optional<PartitionHandle> here = registry.byName(of.name());
        if (here.isPresent() && decides.test(of.id())) {
            return PartitionFigures.of(here.get());
        }
        Seen last = seen.get(of.id());
        return last != null ? last.figures() : here.map(PartitionFigures::of).orElse(PartitionFigures.UNKNOWN);
    }

    /**
     * Brings the figures of those partitions up to date that other nodes decide about. Of one about which nobody decides they
     * stay as they were.
     *
     * @param maxAgeNanos figures that came so recently, or are on their way, are new enough; 0 for none
     * @return completes when that was tried, on a thread of the broker, and never fails
     */
    public CompletableFuture<Void> refresh(Collection<AnyPartition> some, long maxAgeNanos) {
        long now = clock.nowNanos();
        List<KnownPartition> old = some.stream().map(AnyPartition::known).filter(of -> !decides.test(of.id())).filter(of -> {
            Seen last = seen.get(of.id());
            return last == null || now - last.atNanos() >= maxAgeNanos;
        }).toList();
        if (old.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        if (seen.size() > 2 * (old.size() + SLICE)) {
            seen.keySet().removeIf(id -> registry.known(id).isEmpty());
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        refresh(old, 0, maxAgeNanos > 0, done);
        return done;
    }

    private void refresh(List<KnownPartition> old, int from, boolean share, CompletableFuture<Void> done) {
        if (from >= old.size()) {
            done.complete(null);
            return;
        }
        int to = Math.min(old.size(), from + SLICE);
        long now = clock.nowNanos();
        List<SentErrand<PartitionFigures>> errands = new ArrayList<>();
        List<CompletableFuture<?>> answers = new ArrayList<>();
        for (KnownPartition of : old.subList(from, to)) {
            CompletableFuture<?> same = share ? asked.get(of.id()) : null;
            if (same == null) {
                SentErrand<PartitionFigures> errand = new SentErrand<>(this, of, new ReadFigures(), false, now);
                same = errand.result().handle((figures, failure) -> {
                    asked.remove(of.id());
                    return figures == null ? null : seen.put(of.id(), new Seen(figures, clock.nowNanos()));
                });
                asked.put(of.id(), same);
                errands.add(errand);
            }
            answers.add(same);
        }
        way.send(errands);
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).thenRun(() -> refresh(old, to, share, done));
    }

    // ---- from here

    <A> CompletableFuture<A> run(KnownPartition of, Errand<A> errand, boolean patient) {
        SentErrand<A> sent = new SentErrand<>(this, of, errand, patient, clock.nowNanos());
        if (decides.test(of.id())) {
            sent.doHere();
        } else {
            send(sent);
        }
        return sent.result();
    }

    void send(SentErrand<?> errand) {
        way.send(List.of(errand));
    }

    /** Does an errand on the shard of its partition, or tells that this node does not decide about it. */
    <A> void here(long partition, Errand<A> errand, Answer<A> answer, Consumer<RuntimeException> failed, Runnable elsewhere) {
        PartitionDefiner to = registry.known(partition).flatMap(known -> registry.definer(known.name())).orElse(null);
        if (to == null) {
            answer.unknown(GONE);
            return;
        }
        to.define(defined -> {
            try {
                PartitionOperations decided = defined.operations().orElse(null);
                if (decided == null) {
                    elsewhere.run();
                } else {
                    errand.on(decided, clock, answer);
                }
            } catch (RuntimeException e) {
                failed.accept(e);
            }
        });
    }

    // ---- from other nodes

    /**
     * Does an errand of another node.
     *
     * @param partition number of its partition
     * @param kind number of its kind
     * @param written the errand as it is written
     */
    public void take(long partition, int kind, byte[] written, ErrandReply reply) {
        Errand<?> errand;
        try {
            errand = ErrandKind.of(kind).read(written);
        } catch (ErrandFormatException e) {
            reply.refused("The node that decides about the partition does not understand what is asked: " + e.getMessage()
                + "; have all nodes run the same release");
            return;
        }
        take(partition, errand, reply);
    }

    private <A> void take(long partition, Errand<A> errand, ErrandReply reply) {
        here(partition, errand, new Answer<>() {
            @Override
            public void known(A answer) {
                ErrandWriter out = new ErrandWriter();
                errand.writeAnswer(answer, out);
                reply.answered(out.take());
            }

            @Override
            public void unknown(String why) {
                reply.refused(why);
            }
        }, failure -> reply.failed(failure.toString()), reply::elsewhere);
    }
}
