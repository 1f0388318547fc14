package org.memphisee.adapter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.resource.spi.DissociatableManagedConnection;
import jakarta.resource.spi.LocalTransaction;
import jakarta.resource.spi.ManagedConnection;
import org.junit.jupiter.api.Test;
import org.memphisee.ra.api.BrokerConnection;
import org.memphisee.ra.api.BrokerException;
import org.memphisee.ra.api.BrokerUnavailableException;
import org.memphisee.ra.api.OutboundMessage;
import org.memphisee.ra.api.PublishReceipt;

/** Handles whose connection the container takes away while their application is idle. */
final class HandlesTest {

    private static ManagedConnection only(Set<ManagedConnection> connections) {
        assertEquals(1, connections.size());
        return connections.iterator().next();
    }

    private static PublishReceipt publish(BrokerConnection handle, String text) {
        return handle.publishAsync(OutboundMessage.to("orders", text)).toCompletableFuture().join();
    }

    @Test
    void shouldGetAConnectionAgainWhenUsed() throws Exception {
        try (AdapterFixture at = new AdapterFixture(false).started()) {
            BrokerConnection idle = at.connections().getConnection();
            ManagedConnection first = only(at.used);
            at.takeAway(first);
            BrokerConnection other = at.connections().getConnection();
            assertEquals(Set.of(first), at.used, "the other one has it");
            assertEquals(1, publish(idle, "a").sequence());
            assertEquals(2, publish(other, "b").sequence());
            Set<ManagedConnection> now = new HashSet<>(at.used);
            now.remove(first);
            assertNotSame(first, only(now));
            idle.close();
            other.close();
            assertEquals(2, at.pool.size());
            assertEquals(List.of(), at.closedIdle);
            assertThrows(BrokerException.class, () -> publish(idle, "c"));
        }
    }

    @Test
    void shouldTellTheContainerThatAnIdleHandleIsClosed() throws Exception {
        try (AdapterFixture at = new AdapterFixture(false).started()) {
            BrokerConnection idle = at.connections().getConnection();
            at.takeAway(only(at.used));
            idle.close();
            idle.close();
            assertEquals(List.of(idle), at.closedIdle, "once");
            assertThrows(BrokerException.class, () -> publish(idle, "x"));
            assertTrue(at.used.isEmpty());
        }
    }

    @Test
    void shouldSayThatTheBrokerIsNotThereWhenItGetsNone() throws Exception {
        try (AdapterFixture at = new AdapterFixture(false).started()) {
            BrokerConnection idle = at.connections().getConnection();
            at.takeAway(only(at.used));
            at.broker.stop();
            assertThrows(BrokerUnavailableException.class, () -> publish(idle, "x"));
            at.broker.start();
            assertEquals(1, publish(idle, "y").sequence());
        }
    }

    /** The moment between having the connection and asking for its transaction, held open by the lock that both sides take. */
    @Test
    void shouldPublishOnAnotherConnectionWhenItsOwnIsTakenAwayInThatMoment() throws Exception {
        try (AdapterFixture at = new AdapterFixture(false).started()) {
            BrokerConnection idle = at.connections().getConnection();
            assertEquals(1, publish(idle, "first").sequence());
            ManagedConnection shared = only(at.used);
            LocalTransaction transaction = shared.getLocalTransaction();
            Thread busy = new Thread(() -> idle.publish(OutboundMessage.to("orders", "outside")));
            synchronized (shared) {
                busy.start();
                AdapterFixture.eventually("it asks", busy::getState, state -> state == Thread.State.BLOCKED);
                ((DissociatableManagedConnection) shared).dissociateConnections();
                shared.cleanup();
                shared.getConnection(null, null);
                transaction.begin();
            }
            busy.join();
            transaction.rollback();
            assertEquals(3, publish(idle, "last").sequence(), "what was rolled back was nothing of the handle's");
        }
    }

    /** A container may do so from another thread, in the middle of a publish. */
    @Test
    void shouldNeverPublishInTheTransactionOfTheConnectionsNextUser() throws Exception {
        try (AdapterFixture at = new AdapterFixture(false).started()) {
            BrokerConnection idle = at.connections().getConnection();
            ManagedConnection shared = only(at.used);
            AtomicBoolean stop = new AtomicBoolean();
            AtomicInteger published = new AtomicInteger();
            CompletableFuture<Void> busy = CompletableFuture.runAsync(() -> {
                while (!stop.get()) {
                    idle.publish(OutboundMessage.to("orders", "outside"));
                    published.incrementAndGet();
                }
            });
            LocalTransaction transaction = shared.getLocalTransaction();
            for (int i = 0; i < 300; i++) {
                for (ManagedConnection spare : Set.copyOf(at.used)) {
                    if (spare != shared) {
                        at.takeAway(spare);
                    }
                }
                shared.associateConnection(idle); // the busy one is here again
                awaitNext(published, busy);
                ((DissociatableManagedConnection) shared).dissociateConnections();
                shared.cleanup();
                BrokerConnection other = (BrokerConnection) shared.getConnection(null, null);
                transaction.begin();
                other.publish(OutboundMessage.to("orders", "rolled back"));
                awaitNext(published, busy);
                transaction.rollback();
                shared.cleanup();
            }
            stop.set(true);
            busy.get();
            assertTrue(published.get() > 100, published.toString());
            assertEquals(published.get() + 1, publish(idle, "last").sequence(), "all of them are stored, and nothing else");
        }
    }

    /** Until the other thread has published once more, or has failed. */
    private static void awaitNext(AtomicInteger published, CompletableFuture<Void> busy) {
        int seen = published.get();
        while (published.get() == seen && !busy.isDone()) {
            Thread.onSpinWait();
        }
    }
}
