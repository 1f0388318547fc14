package org.memphisee.core.errand;

import java.util.concurrent.CompletableFuture;

import org.memphisee.core.consumer.PartitionView.Answer;
import org.memphisee.core.partition.KnownPartition;

/**
 * An errand on its way to whoever decides about its partition. Ends once, by one of the calls here; its future completes on the
 * partition's shard when it was done here, else where the broker goes on with what takes its time. Any thread.
 *
 * @param <A> its answer
 */
public final class SentErrand<A> {

    private final Errands errands;
    private final KnownPartition of;
    private final Errand<A> errand;
    private final boolean patient;
    private final long sinceNanos;
    private final CompletableFuture<A> result = new CompletableFuture<>();

    SentErrand(Errands errands, KnownPartition of, Errand<A> errand, boolean patient, long sinceNanos) {
        this.errands = errands;
        this.of = of;
        this.errand = errand;
        this.patient = patient;
        this.sinceNanos = sinceNanos;
    }

    CompletableFuture<A> result() {
        return result;
    }

    /** Number of the partition. */
    public long partition() {
        return of.id();
    }

    /** What kind of errand it is. */
    public ErrandKind kind() {
        return errand.kind();
    }

    /** The errand as it is written. */
    public byte[] written() {
        ErrandWriter out = new ErrandWriter();
        errand.write(out);
        return out.take();
    }

    /** Whether it waits when nobody decides about the partition. */
    public boolean patient() {
        return patient;
    }

    /** When it began, by the monotonic clock. */
    public long sinceNanos() {
        return sinceNanos;
    }

    /** Does it here, or has it sent when this node does not decide about the partition. */
    public void doHere() {
        errands.here(of.id(), errand, new Answer<>() {
            @Override
            public void known(A answer) {
                result.complete(answer);
            }

            @Override
            public void unknown(String why) {
                result.completeExceptionally(new ErrandRefusal(why));
            }
        }, result::completeExceptionally, () -> errands.send(this));
    }

    /** It was done elsewhere, and this is what was written of the answer by {@code node}. */
    public void answered(String node, byte[] written) {
        errands.later(() -> {
            try {
                ErrandReader in = new ErrandReader(written);
                A answer = errand.readAnswer(in);
                in.end();
                result.complete(answer);
            } catch (ErrandFormatException e) {
                failed(node, "its answer cannot be read: " + e.getMessage());
            }
        });
    }

    /** It was not done; why, in words for people. */
    public void refused(String why) {
        fail(new ErrandRefusal(why));
    }

    /** It met a defect at a node. */
    public void failed(String node, String what) {
        fail(new IllegalStateException("node " + node + ": " + what));
    }

    /** The partition is not there any more. */
    public void gone() {
        refused(Errands.GONE);
    }

    /** Nobody decides about the partition. */
    public void nobodyDecides() {
        unavailable("Stream " + of.name()
            + " is temporarily unavailable, since no node decides about it at the moment: try again, and if that"
            + " does not help start the nodes that are missing");
    }

    /** Too much is on its way already. */
    public void busy() {
        unavailable("The broker is busy, try again");
    }

    /** A node that decides about the partition did not answer. */
    public void silent(String node) {
        unavailable(kind().repeated() ? "Node " + node + ", which decides about stream " + of.name()
            + ", does not answer: try again, and if"
            + " that does not help look after the node"
            : "Node " + node + ", which decides about stream " + of.name()
            + ", went away before it answered, so that it is not known whether"
            + " anything was changed: look what is there, and try again");
    }

    private void unavailable(String text) {
        fail(new ErrandUnavailable(text));
    }

    private void fail(RuntimeException why) {
        errands.later(() -> result.completeExceptionally(why));
    }
}
