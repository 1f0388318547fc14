package org.memphisee.core.client;

import java.util.List;

/**
 * Messages of one fetch. They count against the client's byte budget until closed, which must happen once they are not
 * in memory any more.
 *
 * @param messages the messages, in the order of their partitions
 * @param bytes what they take
 * @param budget where they are counted
 */
public record Fetched(List<LocalDelivery> messages, long bytes, ByteBudget budget) implements AutoCloseable {
    public Fetched {
        messages = List.copyOf(messages);
    }

    @Override
    public void close() {
        budget.give(bytes);
    }
}
