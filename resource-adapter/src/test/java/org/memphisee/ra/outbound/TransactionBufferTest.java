package org.memphisee.ra.outbound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import org.junit.jupiter.api.Test;
import org.memphisee.ra.api.BrokerException;
import org.memphisee.ra.api.OutboundMessage;
import org.memphisee.ra.api.PublishReceipt;

class TransactionBufferTest {

    @Test
    void shouldGiveEachMessageAnIdOfItsOwnAndKeepTheApplications() {
        TransactionBuffer buffer = new TransactionBuffer(10_000);
        buffer.add(OutboundMessage.to("s", "a"));
        buffer.add(OutboundMessage.to("s", "b"));
        buffer.add(OutboundMessage.to("s", "c").withId("mine"));
        List<OutboundMessage> messages = buffer.messages();
        assertFalse(messages.get(0).id().isEmpty());
        assertNotEquals(messages.get(0).id(), messages.get(1).id());
        assertEquals("mine", messages.get(2).id());
    }

    @Test
    void shouldRefuseWhatDoesNotFitAndKeepTheRest() {
        TransactionBuffer buffer = new TransactionBuffer(1_000);
        buffer.add(OutboundMessage.to("s", new byte[500]));
        assertThrows(BrokerException.class, () -> buffer.add(OutboundMessage.to("s", new byte[500])));
        buffer.add(OutboundMessage.to("s", new byte[50]));
        assertEquals(2, buffer.messages().size());
    }

    @Test
    void shouldCompleteReceiptsAtTheEnd() {
        TransactionBuffer buffer = new TransactionBuffer(1_000);
        CompletableFuture<PublishReceipt> receipt = buffer.add(OutboundMessage.to("s", "a"));
        assertFalse(receipt.isDone());
        buffer.committed(List.of(new PublishReceipt("s", 1, 5, false)));
        assertEquals(5, receipt.join().sequence());

        TransactionBuffer other = new TransactionBuffer(1_000);
        CompletableFuture<PublishReceipt> lost = other.add(OutboundMessage.to("s", "a"));
        other.failed(new BrokerException("rolled back"));
        assertThrows(CompletionException.class, lost::join);
    }
}
