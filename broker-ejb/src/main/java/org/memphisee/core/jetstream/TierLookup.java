package org.memphisee.core.jetstream;

import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

import org.memphisee.core.jetstream.MessageRequests.Wanted;
import org.memphisee.core.partition.PartitionHandle;
import org.memphisee.core.partition.PartitionOperations;
import org.memphisee.core.partition.log.MessageRead;
import org.memphisee.core.partition.log.StoredMessage;
import org.memphisee.core.tier.TierReader;

/**
 * Reads single messages for clients, those that have left their stream for the second tier too (F-156, ADR 0214): by number only,
 * because what subjects are there is not known there. The shard does not wait for the network.
 */
final class TierLookup {

    private volatile TierReader tier = TierReader.NONE;

    void is(TierReader from) {
        tier = from;
    }

    /** Reads it on its shard, and elsewhere when it is not there any more; told once, on any thread. */
    void fetch(Wanted wanted, PartitionHandle handle, PartitionOperations partition, Consumer<MessageRead> whenRead) {
        long last = partition.state().lastSeq();
        Wanted.fetch(wanted, partition, read -> {
            if (read instanceof MessageRead.Gone && wanted instanceof Wanted.BySequence by && by.sequence() <= last
                && tier.has(handle.id())) {
                tier.read(handle.name(), handle.createdNanos(), by.sequence()).whenComplete((found, failure) -> whenRead.accept(
                    failure != null ? failed(failure) : found.<MessageRead>map(m -> new MessageRead.Found(new StoredMessage(
                        m.subject(), m.sequence(), m.timestampNanos(), m.header(), m.payload()))).orElse(MessageRead.GONE)));
            } else {
                whenRead.accept(read);
            }
        });
    }

    private static MessageRead failed(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return new MessageRead.Unreadable(cause instanceof TierReader.TierFailure ? cause.getMessage()
            : "The tiered storage cannot be read: " + cause);
    }
}
