package org.memphisee.ra.outbound;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.security.auth.Subject;
import javax.transaction.xa.XAResource;

import jakarta.resource.NotSupportedException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionEvent;
import jakarta.resource.spi.ConnectionEventListener;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.DissociatableManagedConnection;
import jakarta.resource.spi.LocalTransaction;
import jakarta.resource.spi.LocalTransactionException;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionMetaData;
import org.memphisee.client.Backoff;
import org.memphisee.client.BrokerSession;
import org.memphisee.client.Credentials;
import org.memphisee.client.Publisher;
import org.memphisee.client.SessionClosedException;
import org.memphisee.ra.api.BrokerException;
import org.memphisee.ra.api.OutboundMessage;
import org.memphisee.ra.api.PublishReceipt;

/**
 * One connection of the container's pool: a session with the broker, and the transaction that uses it now. The container may take
 * it away from idle handles ({@link #dissociateConnections}) and give it to others, even from another thread.
 */
public final class BrokerManagedConnection implements ManagedConnection, DissociatableManagedConnection, LocalTransaction {

    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 2_000;

    private final BrokerManagedConnectionFactory factory;
    private final Credentials credentials;
    private final List<ConnectionEventListener> listeners = new CopyOnWriteArrayList<>();
    private final Set<ConnectionHandle> handles = ConcurrentHashMap.newKeySet();
    private volatile Publisher publisher;
    private volatile TransactionBuffer transaction;
    private final AtomicBoolean reported = new AtomicBoolean();
    private volatile PrintWriter log;

    BrokerManagedConnection(BrokerManagedConnectionFactory factory, Credentials credentials, BrokerSession session) {
        this.factory = factory;
        this.credentials = credentials;
        publisher = new Publisher(session, factory.getProducerName());
    }

    /** Whether it works for these credentials. */
    boolean serves(Credentials wanted) {
        return working() && credentials.equals(wanted);
    }

    /** Whether the session has not ended. */
    boolean working() {
        return publisher.session().open();
    }

    // ---- for handles

    /** In which transaction a handle of this connection is; null outside of any. */
    record Scope(TransactionBuffer transaction) { }

    /**
     * The transaction of a handle, or null if it is not on this connection any more. The lock keeps the two of one moment, so that
     * messages of a handle whose connection is taken away never get into the transaction of the next one.
     */
    synchronized Scope scope(ConnectionHandle handle) {
        return handles.contains(handle) ? new Scope(transaction) : null;
    }

    /** Publishes and waits, or keeps for the commit of the transaction. */
    void publish(List<OutboundMessage> messages, TransactionBuffer current) {
        if (current != null) {
            messages.forEach(current::add);
            return;
        }
        Publisher now = publisher;
        try {
            for (CompletableFuture<PublishReceipt> receipt : now.publish(messages)) {
                Publisher.await(receipt, now.patienceMillis());
            }
        } catch (BrokerException e) {
            reportIfBroken(e);
            throw e;
        }
    }

    /** Publishes and does not wait, or keeps for the commit of the transaction. */
    CompletionStage<PublishReceipt> publishAsync(OutboundMessage message, TransactionBuffer current) {
        CompletableFuture<PublishReceipt> receipt = current == null ? publisher.publish(List.of(message)).get(0)
            : current.add(message);
        if (receipt.isCompletedExceptionally() && !working()) {
            reportIfBroken(new SessionClosedException("The connection is lost"));
        }
        CompletableFuture<PublishReceipt> outer = new CompletableFuture<>();
        receipt.whenCompleteAsync((stored, failure) -> {
            if (failure == null) {
                outer.complete(stored);
            } else {
                outer.completeExceptionally(failure);
            }
        }, factory.context().callbacks());
        return outer;
    }

    void closed(ConnectionHandle handle) {
        if (handles.remove(handle)) {
            ConnectionEvent event = new ConnectionEvent(this, ConnectionEvent.CONNECTION_CLOSED);
            event.setConnectionHandle(handle);
            listeners.forEach(l -> l.connectionClosed(event));
        }
    }

    /** Tells the pool, once, so that it drops this connection and makes another. */
    private void reportIfBroken(Exception why) {
        if (!working() && transaction == null && reported.compareAndSet(false, true)) {
            ConnectionEvent event = new ConnectionEvent(this, ConnectionEvent.CONNECTION_ERROR_OCCURRED, why);
            listeners.forEach(l -> l.connectionErrorOccurred(event));
        }
    }

    // ---- ManagedConnection, DissociatableManagedConnection

    @Override
    public Object getConnection(Subject subject, ConnectionRequestInfo info) {
        ConnectionHandle handle = new ConnectionHandle(this);
        handles.add(handle);
        return handle;
    }

    @Override
    public void associateConnection(Object connection) throws ResourceException {
        if (!(connection instanceof ConnectionHandle handle)) {
            throw new ResourceException("Not a connection of this adapter: " + connection);
        }
        handles.add(handle);
        BrokerManagedConnection before = handle.move(this);
        if (before != null && before != this) {
            before.handles.remove(handle); // its clean-up is not this handle's any more
        }
    }

    /** Handles lose this connection until they are used again; so they need none while their application is idle. */
    @Override
    public synchronized void dissociateConnections() {
        handles.forEach(h -> h.leave(this));
        handles.clear();
    }

    @Override
    public synchronized void cleanup() {
        handles.forEach(h -> h.end(this));
        handles.clear();
        forget(); // what nobody ended
    }

    @Override
    public void destroy() {
        cleanup();
        publisher.session().close();
    }

    @Override
    public void addConnectionEventListener(ConnectionEventListener listener) {
        listeners.add(listener);
    }

    @Override
    public void removeConnectionEventListener(ConnectionEventListener listener) {
        listeners.remove(listener);
    }

    @Override
    public XAResource getXAResource() throws ResourceException {
        throw new NotSupportedException("The broker takes part in local transactions only");
    }

    @Override
    public LocalTransaction getLocalTransaction() {
        return this;
    }

    @Override
    public ManagedConnectionMetaData getMetaData() {
        return new ConnectionMetaData(credentials.user());
    }

    @Override
    public void setLogWriter(PrintWriter out) {
        log = out;
    }

    @Override
    public PrintWriter getLogWriter() {
        return log;
    }

    // ---- LocalTransaction

    @Override
    public void begin() {
        transaction = new TransactionBuffer(factory.getTransactionBytes());
    }

    @Override
    public void commit() throws ResourceException {
        TransactionBuffer ending = transaction;
        if (ending == null) {
            throw new LocalTransactionException("There is no transaction to commit");
        }
        try {
            List<PublishReceipt> stored = ending.messages().isEmpty() ? new ArrayList<>()
                : new CommitRun(this::workingPublisher, new Backoff(FIRST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS,
                    ThreadLocalRandom.current()::nextDouble), factory.getCommitTimeoutMillis(), CommitRun.Ticker.SYSTEM)
                    .run(ending.messages());
            transaction = null;
            ending.committed(stored);
        } catch (RuntimeException e) { // of the broker's, or that the adapter has stopped: the transaction is over in any case
            transaction = null;
            ending.failed(e instanceof BrokerException ours ? ours : new BrokerException("The commit failed: " + e, e));
            reportIfBroken(e);
            throw new LocalTransactionException(e.getMessage(), e);
        }
    }

    @Override
    public void rollback() {
        if (forget()) {
            reportIfBroken(new SessionClosedException("The connection was lost during a transaction that was rolled back"));
        }
    }

    /** Drops the messages of a transaction; whether there was one. */
    private boolean forget() {
        TransactionBuffer ending = transaction;
        transaction = null;
        if (ending != null) {
            ending.failed(new BrokerException("The transaction was rolled back; the message was not published"));
        }
        return ending != null;
    }

    private Publisher workingPublisher() {
        Publisher current = publisher;
        if (!current.session().open()) {
            current = new Publisher(factory.openSession(credentials), factory.getProducerName());
            publisher = current;
        }
        return current;
    }
}
