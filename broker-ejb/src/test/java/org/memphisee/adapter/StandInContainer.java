package org.memphisee.adapter;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Timer;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

import jakarta.resource.spi.BootstrapContext;
import jakarta.resource.spi.XATerminator;
import jakarta.resource.spi.work.ExecutionContext;
import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkContext;
import jakarta.resource.spi.work.WorkException;
import jakarta.resource.spi.work.WorkListener;
import jakarta.resource.spi.work.WorkManager;
import jakarta.resource.spi.work.WorkRejectedException;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;

/** What an adapter sees of a container: threads, and a transaction per thread. */
final class StandInContainer implements BootstrapContext, WorkManager, TransactionSynchronizationRegistry, AutoCloseable {

    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "container-thread");
        thread.setDaemon(true);
        return thread;
    });
    private final List<Work> heldWork = new ArrayList<>();
    private boolean holding;
    private final ThreadLocal<Transaction> current = new ThreadLocal<>();

    private static final class Transaction {
        private Synchronization synchronization;
        private boolean rollbackOnly;
    }

    void begin() {
        current.set(new Transaction());
    }

    /** Ends the thread's transaction and tells how. */
    boolean end(boolean commit) {
        Transaction ending = current.get();
        current.remove();
        boolean committed = commit && !ending.rollbackOnly;
        if (ending.synchronization != null) {
            ending.synchronization.afterCompletion(committed ? Status.STATUS_COMMITTED : Status.STATUS_ROLLEDBACK);
        }
        return committed;
    }

    @Override
    public WorkManager getWorkManager() {
        return this;
    }

    @Override
    public TransactionSynchronizationRegistry getTransactionSynchronizationRegistry() {
        return this;
    }

    @Override
    public XATerminator getXATerminator() {
        return null;
    }

    @Override
    public Timer createTimer() {
        return new Timer(true);
    }

    @Override
    public boolean isContextSupported(Class<? extends WorkContext> type) {
        return false;
    }

    /** Work that comes from now on waits until it is released: connections that are lost stay so. */
    synchronized void holdWork() {
        holding = true;
    }

    /** Runs what waited. */
    synchronized void releaseWork() {
        holding = false;
        heldWork.forEach(threads::execute);
        heldWork.clear();
    }

    @Override
    public synchronized void scheduleWork(Work work) throws WorkException {
        try {
            if (holding) {
                heldWork.add(work);
                return;
            }
            threads.execute(work);
        } catch (RejectedExecutionException e) {
            throw new WorkRejectedException(e);
        }
    }

    @Override
    public void doWork(Work work) throws WorkException {
        work.run();
    }

    @Override
    public void doWork(Work work, long timeout, ExecutionContext context, WorkListener listener) throws WorkException {
        doWork(work);
    }

    @Override
    public long startWork(Work work) throws WorkException {
        scheduleWork(work);
        return -1;
    }

    @Override
    public long startWork(Work work, long timeout, ExecutionContext context, WorkListener listener)
        throws WorkException {
        return startWork(work);
    }

    @Override
    public void scheduleWork(Work work, long timeout, ExecutionContext context, WorkListener listener)
        throws WorkException {
        scheduleWork(work);
    }

    @Override
    public void registerInterposedSynchronization(Synchronization synchronization) {
        current.get().synchronization = synchronization;
    }

    @Override
    public void setRollbackOnly() {
        current.get().rollbackOnly = true;
    }

    @Override
    public boolean getRollbackOnly() {
        return current.get().rollbackOnly;
    }

    @Override
    public int getTransactionStatus() {
        return current.get() == null ? Status.STATUS_NO_TRANSACTION : Status.STATUS_ACTIVE;
    }

    private final Map<Object, Object> resources = new HashMap<>();

    @Override
    public Object getTransactionKey() {
        return current.get();
    }

    @Override
    public void putResource(Object key, Object value) {
        resources.put(key, value);
    }

    @Override
    public Object getResource(Object key) {
        return resources.get(key);
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
