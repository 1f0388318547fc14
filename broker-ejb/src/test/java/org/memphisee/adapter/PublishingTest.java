package org.memphisee.adapter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.LocalTransaction;
import jakarta.resource.spi.LocalTransactionException;
import java.util.concurrent.TimeUnit;
import javax.security.auth.Subject;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.security.PasswordCredential;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memphisee.ra.api.BrokerConnection;
import org.memphisee.ra.api.BrokerException;
import org.memphisee.ra.api.BrokerUnavailableException;
import org.memphisee.ra.api.OutboundMessage;
import org.memphisee.ra.api.PublishReceipt;
import org.memphisee.ra.api.PublishRefusedException;

/** Connections of applications: publishing, transactions, loss of the broker. */
final class PublishingTest {

    private static PublishReceipt receipt(BrokerConnection connection, OutboundMessage message) {
        return connection.publishAsync(message).toCompletableFuture().join();
    }

    private static LocalTransaction transaction(AdapterFixture at) throws ResourceException {
        return at.used.iterator().next().getLocalTransaction();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldPublishAndTellWhereTheMessageIs(boolean inProcess) {
        try (AdapterFixture at = new AdapterFixture(inProcess).started();
             BrokerConnection connection = at.connections().getConnection()) {
            connection.publish(OutboundMessage.to("My.Orders", "one"));
            connection.publishAll(List.of(OutboundMessage.to("my.orders", "two"), OutboundMessage.to("my.orders", "three")));

            assertEquals(new PublishReceipt("my.orders", 1, 4, false),
                receipt(connection, OutboundMessage.to("my.orders", "four")));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldStoreAMessageWithAnIdOnce(boolean inProcess) {
        try (AdapterFixture at = new AdapterFixture(inProcess).started();
             BrokerConnection connection = at.connections().getConnection()) {
            OutboundMessage message = OutboundMessage.to("orders", "one").withId("7");

            assertEquals(new PublishReceipt("orders", 1, 1, false), receipt(connection, message));
            assertEquals(new PublishReceipt("orders", 1, 1, true), receipt(connection, message));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldTellInWhichPartitionAMessageWithItsIdIs(boolean inProcess) {
        try (AdapterFixture at = new AdapterFixture(inProcess).started();
             BrokerConnection connection = at.connections().getConnection()) {
            at.broker.request("$memphis_station_creations", "{\"name\":\"spread\",\"partitions_number\":12}");
            OutboundMessage message = OutboundMessage.to("spread", "one").withId("7");

            assertEquals(new PublishReceipt("spread", 12, 1, false), receipt(connection, message.withPartition(12)));
            assertEquals(new PublishReceipt("spread", 12, 1, true), receipt(connection, message.withPartition(1)));
            assertEquals(new PublishReceipt("spread", 12, 1, true), receipt(connection, message.withPartition(12)));
        }
    }

    /** F-052. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldTakePartitionsInTurnWhenNothingChoosesOne(boolean inProcess) {
        try (AdapterFixture at = new AdapterFixture(inProcess).started();
             BrokerConnection connection = at.connections().getConnection()) {
            at.broker.request("$memphis_station_creations", "{\"name\":\"spread\",\"partitions_number\":3}");
            List<Integer> partitions = new ArrayList<>();
            for (int i = 0; i < 9; i++) {
                partitions.add(receipt(connection, OutboundMessage.to("spread", "m" + i)).partition());
            }
            assertEquals(Set.of(1, 2, 3), new HashSet<>(partitions.subList(0, 3)), partitions.toString());
            assertEquals(partitions.subList(0, 3), partitions.subList(3, 6), partitions.toString());
            assertEquals(partitions.subList(0, 3), partitions.subList(6, 9), partitions.toString());
        }
    }

    @Test
    void shouldRefuseWhatTheBrokerRefusesWithItsText() {
        try (AdapterFixture at = new AdapterFixture(false).started();
             BrokerConnection connection = at.connections().getConnection()) {
            BrokerException name = assertThrows(BrokerException.class,
                () -> connection.publish(OutboundMessage.to("no blanks", "x")));
            assertTrue(name.getMessage().contains("Only alphanumeric"), name.getMessage());
            PublishRefusedException size = assertThrows(PublishRefusedException.class,
                () -> connection.publish(OutboundMessage.to("orders", new byte[1 << 20])));
            assertTrue(size.getMessage().contains("1048576"), size.getMessage());
            PublishRefusedException partition = assertThrows(PublishRefusedException.class,
                () -> connection.publish(OutboundMessage.to("orders", "x").withPartition(2)));
            assertTrue(partition.getMessage().contains("no partition 2"), partition.getMessage());

            connection.publish(OutboundMessage.to("orders", "still usable"));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldPublishOnCommitAndNothingOnRollback(boolean inProcess) throws Exception {
        try (AdapterFixture at = new AdapterFixture(inProcess).started();
             BrokerConnection connection = at.connections().getConnection()) {
            LocalTransaction transaction = transaction(at);
            try (BrokerConnection outside = at.connections().getConnection()) {
                transaction.begin();
                CompletionStage<PublishReceipt> lost = connection.publishAsync(OutboundMessage.to("orders", "no"));
                transaction.rollback();
                assertThrows(CompletionException.class, () -> lost.toCompletableFuture().join());

                transaction.begin();
                connection.publish(OutboundMessage.to("orders", "a"));
                connection.publishAll(List.of(OutboundMessage.to("orders", "b")));
                CompletableFuture<PublishReceipt> last =
                    connection.publishAsync(OutboundMessage.to("orders", "c")).toCompletableFuture();
                assertFalse(last.isDone());
                assertEquals(1, receipt(outside, OutboundMessage.to("orders", "before the commit")).sequence());
                transaction.commit();

                assertEquals(4, last.join().sequence());
            }
        }
    }

    @Test
    void shouldRefuseMoreThanTheTransactionMayHold() throws Exception {
        try (AdapterFixture at = new AdapterFixture(false).started()) {
            at.factory.setTransactionBytes(1_000L);
            try (BrokerConnection connection = at.connections().getConnection()) {
                LocalTransaction transaction = transaction(at);
                transaction.begin();
                connection.publish(OutboundMessage.to("orders", new byte[700]));
                BrokerException full = assertThrows(BrokerException.class,
                    () -> connection.publish(OutboundMessage.to("orders", new byte[700])));
                assertTrue(full.getMessage().contains("transactionBytes"), full.getMessage());
                transaction.rollback();

                assertEquals(1, receipt(connection, OutboundMessage.to("orders", "x")).sequence());
            }
        }
    }

    @Test
    void shouldCommitNothingWhenOneMessageCannotBeSent() throws Exception {
        try (AdapterFixture at = new AdapterFixture(false).started();
             BrokerConnection connection = at.connections().getConnection()) {
            LocalTransaction transaction = transaction(at);
            transaction.begin();
            connection.publish(OutboundMessage.to("orders", "good"));
            connection.publish(OutboundMessage.to("orders", new byte[1 << 20]));
            LocalTransactionException refused = assertThrows(LocalTransactionException.class, transaction::commit);

            assertTrue(refused.getMessage().startsWith("0 of 2"), refused.getMessage());
            assertEquals(1, receipt(connection, OutboundMessage.to("orders", "x")).sequence());
        }
    }

    @Test
    void shouldCommitOverALostConnectionAndStoreEverythingOnce() throws Exception {
        try (AdapterFixture at = new AdapterFixture(false).started();
             BrokerConnection connection = at.connections().getConnection()) {
            LocalTransaction transaction = transaction(at);
            transaction.begin();
            List<CompletionStage<PublishReceipt>> receipts = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                receipts.add(connection.publishAsync(OutboundMessage.to("orders", "message " + i)));
            }
            at.broker.stop();
            ManagedConnection managed = at.used.iterator().next();
            Thread back = new Thread(() -> {
                AdapterFixture.eventually("the loss is noticed", () -> at.factory.getInvalidConnections(Set.of(managed)),
                    Set.of(managed)::equals);
                at.broker.start();
            });
            back.start();
            transaction.commit();
            back.join();

            Set<Long> sequences = new HashSet<>();
            receipts.forEach(r -> sequences.add(r.toCompletableFuture().join().sequence()));
            assertEquals(100, sequences.size());
            assertEquals(101, receipt(connection, OutboundMessage.to("orders", "x")).sequence());
        }
    }

    @Test
    void shouldTellThePoolThatAConnectionIsLostAndWorkAgainWhenTheBrokerIsBack() {
        try (AdapterFixture at = new AdapterFixture(false).started()) {
            BrokerConnection connection = at.connections().getConnection();
            connection.publish(OutboundMessage.to("orders", "one"));
            at.broker.stop();
            assertThrows(BrokerUnavailableException.class,
                () -> connection.publish(OutboundMessage.to("orders", "two")));
            assertTrue(at.used.isEmpty(), "the broken connection keeps its slot");
            assertThrows(BrokerUnavailableException.class, () -> at.connections().getConnection());

            at.broker.start();
            try (BrokerConnection again = at.connections().getConnection()) {
                assertEquals(2, receipt(again, OutboundMessage.to("orders", "three")).sequence());
            }
        }
    }

    @Test
    void shouldNotGiveABrokenConnectionFromThePool() {
        try (AdapterFixture at = new AdapterFixture(false).started()) {
            at.connections().getConnection().close();
            var pooled = at.pool.get(0);
            at.connections().getConnection().close();
            assertEquals(List.of(pooled), at.pool);
            at.broker.stop();
            at.broker.start();
            AdapterFixture.eventually("the loss is noticed", () -> at.factory.getInvalidConnections(Set.of(pooled)),
                Set.of(pooled)::equals);

            try (BrokerConnection other = at.connections().getConnection()) {
                other.publish(OutboundMessage.to("orders", "x"));
                assertNotEquals(Set.of(pooled), at.used);
            }
        }
    }

    @Test
    void shouldUseTheCredentialsOfTheApplication() {
        try (AdapterFixture at = new AdapterFixture(false).started()) {
            BrokerException wrong = assertThrows(BrokerException.class,
                () -> at.connections().getConnection("root", "wrong"));
            assertTrue(wrong.getMessage().contains("refuses user root"), wrong.getMessage());
            try (BrokerConnection right = at.connections().getConnection("root", TestBroker.PASSWORD)) {
                right.publish(OutboundMessage.to("orders", "x"));
            }
        }
    }

    @Test
    void shouldPreferTheCredentialsThatTheContainerManages() throws Exception {
        try (AdapterFixture at = new AdapterFixture(false).started()) {
            ManagedConnection right = at.factory.createManagedConnection(subject(at, "root", TestBroker.PASSWORD), null);
            assertEquals("root", right.getMetaData().getUserName());
            ResourceException wrong = assertThrows(ResourceException.class, () -> at.factory.createManagedConnection(
                subject(at, "ann", "guess"), null));
            assertTrue(wrong.getMessage().contains("refuses user ann"), wrong.getMessage());
            Set<ManagedConnection> pooled = Set.of(right);
            assertSame(right, at.factory.matchManagedConnections(pooled, subject(at, "root", TestBroker.PASSWORD), null));
            assertNull(at.factory.matchManagedConnections(pooled, subject(at, "ann", "guess"), null));
            // containers that have none may say so with an empty user
            assertSame(right, at.factory.matchManagedConnections(pooled, subject(at, "", ""), null));
            right.destroy();
        }
    }

    private static Subject subject(AdapterFixture at, String user, String password) {
        PasswordCredential credential = new PasswordCredential(user, password.toCharArray());
        credential.setManagedConnectionFactory(at.factory);
        return new Subject(false, Set.of(), Set.of(), Set.of(credential));
    }

    @Test
    void shouldLeaveNoConnectionOpenForWhoWasInterruptedMeanwhile() {
        try (AdapterFixture at = new AdapterFixture(false).started()) {
            Thread.currentThread().interrupt();
            assertThrows(BrokerUnavailableException.class, () -> at.connections().getConnection());
            assertTrue(Thread.interrupted(), "its caller is to know");
            AdapterFixture.eventually("it came and went", at.broker.adapter::closedConnections, c -> c.size() == 1);
            assertEquals(List.of(), at.broker.adapter.openConnections());
        }
    }

    @Test
    void shouldLetAHandleMoveToAnotherConnection() throws Exception {
        try (AdapterFixture at = new AdapterFixture(false).started()) {
            BrokerConnection handle = at.connections().getConnection();
            ManagedConnection first = at.used.iterator().next();
            ManagedConnection second = at.factory.createManagedConnection(null, null);
            second.associateConnection(handle);
            first.cleanup();
            handle.publish(OutboundMessage.to("orders", "still usable"));
            second.cleanup();
            assertThrows(BrokerException.class, () -> handle.publish(OutboundMessage.to("orders", "x")));
            second.destroy();
        }
    }

    @Test
    void shouldTellThePoolOfALossThatARollbackMeets() throws Exception {
        try (AdapterFixture at = new AdapterFixture(false).started();
             BrokerConnection connection = at.connections().getConnection()) {
            LocalTransaction transaction = transaction(at);
            ManagedConnection managed = at.used.iterator().next();
            transaction.begin();
            connection.publish(OutboundMessage.to("orders", "never sent"));
            at.broker.stop();
            AdapterFixture.eventually("the loss is noticed", () -> at.factory.getInvalidConnections(Set.of(managed)),
                Set.of(managed)::equals);
            assertEquals(Set.of(managed), at.used, "the transaction may still commit");
            transaction.rollback();
            assertTrue(at.used.isEmpty(), "the broken connection keeps its slot");
            at.broker.start();
        }
    }

    @Test
    void shouldEndATransactionWhoseAdapterHasStopped() throws Exception {
        try (AdapterFixture at = new AdapterFixture(false).started()) {
            BrokerConnection connection = at.connections().getConnection();
            LocalTransaction transaction = transaction(at);
            ManagedConnection managed = at.used.iterator().next();
            transaction.begin();
            CompletableFuture<PublishReceipt> receipt =
                connection.publishAsync(OutboundMessage.to("orders", "late")).toCompletableFuture();
            at.factory.setCommitTimeoutMillis(1L);
            at.application.stop();
            AdapterFixture.eventually("the loss is noticed", () -> at.factory.getInvalidConnections(Set.of(managed)),
                Set.of(managed)::equals);
            LocalTransactionException refused = assertThrows(LocalTransactionException.class, transaction::commit);
            assertTrue(refused.getMessage().startsWith("0 of 1"), refused.getMessage());
            assertThrows(LocalTransactionException.class, transaction::commit, "it is over");
            assertThrows(CompletionException.class, () -> receipt.orTimeout(10, TimeUnit.SECONDS).join());
            assertThrows(BrokerUnavailableException.class, () -> at.connections().getConnection());
        }
    }

    @Test
    void shouldCompleteStagesOnThreadsOfTheContainer() throws Exception {
        try (AdapterFixture at = new AdapterFixture(false).started();
             BrokerConnection connection = at.connections().getConnection()) {
            AtomicReference<String> thread = new AtomicReference<>("");
            LocalTransaction transaction = transaction(at);
            transaction.begin(); // nothing completes before the commit
            CompletionStage<PublishReceipt> begun = connection.publishAsync(OutboundMessage.to("orders", "one"));
            CompletableFuture<PublishReceipt> last = begun.thenCompose(first -> {
                thread.set(Thread.currentThread().getName());
                connection.publish(OutboundMessage.to("orders", "two")); // would wait for itself on a link's thread
                return connection.publishAsync(OutboundMessage.to("orders", "three"));
            }).toCompletableFuture();
            transaction.commit();

            assertEquals(3, last.orTimeout(10, TimeUnit.SECONDS).join().sequence());
            assertEquals("container-thread", thread.get());
        }
    }

    @Test
    void shouldLetACallbackWaitForOtherStages() {
        try (AdapterFixture at = new AdapterFixture(false).started();
             BrokerConnection connection = at.connections().getConnection()) {
            CompletableFuture<Long> last = new CompletableFuture<>();
            CompletionStage<PublishReceipt> first = connection.publishAsync(OutboundMessage.to("orders", "one"));
            CompletionStage<PublishReceipt> second = connection.publishAsync(OutboundMessage.to("orders", "two"));
            first.thenRun(() -> last.complete(second.toCompletableFuture().join().sequence()
                + receipt(connection, OutboundMessage.to("orders", "three")).sequence()));

            assertEquals(5, last.orTimeout(10, java.util.concurrent.TimeUnit.SECONDS).join());
        }
    }

    @Test
    void shouldKeepFewBytesInFlight() {
        try (AdapterFixture at = new AdapterFixture(false).started()) {
            at.factory.setMaxInFlightBytes(10_000L);
            try (BrokerConnection connection = at.connections().getConnection()) {
                List<CompletableFuture<PublishReceipt>> receipts = new ArrayList<>();
                for (int i = 0; i < 500; i++) {
                    receipts.add(connection.publishAsync(OutboundMessage.to("orders", new byte[1_000])).toCompletableFuture());
                }
                CompletableFuture.allOf(receipts.toArray(CompletableFuture[]::new)).join();
                assertEquals(500, receipts.get(499).join().sequence());
            }
        }
    }

}
