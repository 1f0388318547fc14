package org.memphisee.ra.outbound;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import org.memphisee.ra.api.BrokerException;
import org.memphisee.ra.api.OutboundMessage;
import org.memphisee.ra.api.PublishReceipt;

/** Messages of one transaction until it ends, within a byte budget. Used by the transaction's thread. */
final class TransactionBuffer {

    /** What a message takes beside payload, headers and id. */
    private static final int OVERHEAD = 200;

    private final String id = UUID.randomUUID().toString();
    private final long budget;
    private final List<OutboundMessage> messages = new ArrayList<>();
    private final List<CompletableFuture<PublishReceipt>> receipts = new ArrayList<>();
    private long bytes;

    TransactionBuffer(long budget) {
        this.budget = budget;
    }

    /**
     * Keeps a message. One without id gets one, so that a commit that has to send it twice stores it once.
     *
     * @return completes when the transaction has ended
     * @throws BrokerException if it does not fit
     */
    CompletableFuture<PublishReceipt> add(OutboundMessage message) {
        long size = size(message);
        if (bytes + size > budget) {
            throw new BrokerException("The transaction holds " + bytes + " bytes of messages already, with this one it would "
                + "be more than the factory's transactionBytes (" + budget + "): commit more often or raise it");
        }
        bytes += size;
        messages.add(message.id().isEmpty() ? message.withId(id + "-" + (messages.size() + 1)) : message);
        CompletableFuture<PublishReceipt> receipt = new CompletableFuture<>();
        receipts.add(receipt);
        return receipt;
    }

    private static long size(OutboundMessage message) {
        long size = OVERHEAD + message.payload().length + message.id().length();
        for (var header : message.headers().entrySet()) {
            size += header.getKey().length() + header.getValue().length();
        }
        return size;
    }

    List<OutboundMessage> messages() {
        return messages;
    }

    /** All were stored. */
    void committed(List<PublishReceipt> stored) {
        for (int i = 0; i < receipts.size(); i++) {
            receipts.get(i).complete(stored.get(i));
        }
    }

    /** None, or not all, were stored. */
    void failed(BrokerException why) {
        receipts.forEach(r -> r.completeExceptionally(why));
    }
}
