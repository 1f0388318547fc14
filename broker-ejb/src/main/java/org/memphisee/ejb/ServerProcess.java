package org.memphisee.ejb;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** The process of the server: its console and its end. */
final class ServerProcess implements Drain.Process {

    /** How long an open broker may take to close. */
    static final Duration CLOSING = Duration.ofSeconds(25);
    /** A server that is still coming up waits for its applications before it goes down; there is nothing to close yet. */
    static final Duration NOTHING_OPEN = Duration.ofSeconds(3);

    /** Prints to the console. Logging is already being shut down when a signal stops the server; this still arrives. */
    static void print(String line) {
        System.out.println(line);
    }

    /**
     * Stops the whole server in good order, from a thread that the order does not wait for.
     *
     * @param status exit status of the process
     * @param limit when it is ended in whatever order; what was acknowledged is on disk
     */
    @Override
    public void stop(int status, Duration limit) {
        beside("memphisee-exit", () -> System.exit(status));
        endAfter(status, limit);
    }

    /** Ends the process when the time is over, in whatever order, unless it has ended by then. */
    @Override
    public void endAfter(int status, Duration limit) {
        beside("memphisee-exit-watch", () -> {
            long deadline = System.nanoTime() + limit.toNanos();
            while (System.nanoTime() < deadline) {
                LockSupport.parkNanos(deadline - System.nanoTime());
            }
            Runtime.getRuntime().halt(status);
        });
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    /** Runs something on a thread of its own that keeps no process alive. */
    @Override
    public void beside(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.setContextClassLoader(ServerProcess.class.getClassLoader()); // the JVM's thread for signals has none of ours
        thread.start();
    }
}
