package org.memphisee.core.partition;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.memphisee.core.append.Shard;
import org.memphisee.core.consumer.Inbox;
import org.memphisee.core.consumer.MessageView;
import org.memphisee.core.partition.log.ShardResources;
import org.memphisee.core.wire.PullRequest;

/** Listens on every subject and keeps what it hears. */
final class HearingInboxes implements Inbox, ShardResources.Inboxes {
    final List<String> heard = new ArrayList<>();
    final List<String> replies = new ArrayList<>();
    final List<String> all = new ArrayList<>();
    final List<String> statuses = new ArrayList<>();
    /** What another broker serves next; null while there is none. */
    List<String> handedOn;
    int asked;
    boolean left;

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
        asked++;
        return !left;
    }

    @Override
    public boolean congested() {
        return false;
    }

    @Override
    public int deliver(MessageView m, boolean headersOnly, byte[] reply, int replyLength) {
        heard.add(new String(m.bytes, m.bodyOffset + m.headerLength, m.payloadLength, StandardCharsets.UTF_8));
        replies.add(new String(reply, 0, replyLength, StandardCharsets.UTF_8));
        all.add(replies.get(replies.size() - 1));
        return m.payloadLength;
    }

    @Override
    public void status(byte[] headerBlock, String reply) {
        statuses.add(new String(headerBlock, StandardCharsets.UTF_8).split("\r\n", 2)[0]);
    }

    @Override
    public boolean handOn(long partition, byte[] consumer, PullRequest rest) {
        if (handedOn != null) {
            handedOn.add(partition + " " + new String(consumer, StandardCharsets.UTF_8) + " " + rest.batch() + " " + rest.inbox());
        }
        return handedOn != null;
    }

    @Override
    public void acknowledge(long partition, byte[] subject, byte[] payload, String reply) {
        if (handedOn != null) {
            handedOn.add(partition + " " + new String(subject, StandardCharsets.UTF_8) + " "
                + new String(payload, StandardCharsets.UTF_8) + " " + reply);
        }
    }
}
