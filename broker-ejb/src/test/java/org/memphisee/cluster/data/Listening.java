package org.memphisee.cluster.data;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

import org.memphisee.core.append.Shard;
import org.memphisee.core.consumer.Inbox;
import org.memphisee.core.consumer.MessageView;
import org.memphisee.core.partition.log.ShardResources;

/** Listens on every subject of a node and keeps what it hears until somebody takes it. */
final class Listening implements Inbox, ShardResources.Inboxes {

    /** A message that was delivered, in the epoch of the node. */
    record Delivery(long sequence, String payload, String ackSubject, long epoch) { }

    /** What the broker published itself, in the epoch of the node. */
    record Answer(String subject, long epoch) { }

    /** In which epoch the node is. */
    LongSupplier epoch = () -> 0;
    private List<Delivery> deliveries = new ArrayList<>();
    private List<Answer> answers = new ArrayList<>();

    List<Delivery> takeDeliveries() {
        List<Delivery> taken = deliveries;
        deliveries = new ArrayList<>();
        return taken;
    }

    List<Answer> takeAnswers() {
        List<Answer> taken = answers;
        answers = new ArrayList<>();
        return taken;
    }

    void published(String subject, byte[] header, byte[] payload) {
        answers.add(new Answer(subject, epoch.getAsLong()));
    }

    @Override
    public Inbox inbox(String subject, String queueGroup) {
        return this;
    }

    @Override
    public AutoCloseable watch(String subject, Shard shard, Runnable changed) {
        return () -> { };
    }

    @Override
    public boolean hasInterest() {
        return true;
    }

    @Override
    public boolean congested() {
        return false;
    }

    @Override
    public int deliver(MessageView m, boolean headersOnly, byte[] reply, int replyLength) {
        deliveries.add(new Delivery(m.sequence, new String(m.bytes, m.bodyOffset + m.headerLength, m.payloadLength,
            StandardCharsets.UTF_8), new String(reply, 0, replyLength, StandardCharsets.UTF_8), epoch.getAsLong()));
        return m.payloadLength;
    }

    @Override
    public void status(byte[] headerBlock, String reply) {
        // of no concern here
    }
}
