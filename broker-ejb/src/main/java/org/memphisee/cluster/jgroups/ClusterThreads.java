package org.memphisee.cluster.jgroups;

import org.jgroups.util.ThreadFactory;

/** The container's threads, as JGroups wants them. It names them after connections. */
final class ClusterThreads implements ThreadFactory {

    private final java.util.concurrent.ThreadFactory threads;

    ClusterThreads(java.util.concurrent.ThreadFactory threads) {
        this.threads = threads;
    }

    @Override
    public Thread newThread(Runnable task, String name) {
        Thread thread = threads.newThread(task);
        thread.setName("memphisee-cluster " + name);
        return thread;
    }

    @Override
    public Thread newThread(Runnable task) {
        return newThread(task, "");
    }

    @Override
    public boolean useVirtualThreads() {
        return false;
    }

    @Override
    public void setPattern(String pattern) { }

    @Override
    public void setIncludeClusterName(boolean include) { }

    @Override
    public void setClusterName(String name) { }

    @Override
    public void setAddress(String address) { }

    @Override
    public void renameThread(String base, Thread thread) { }
}
