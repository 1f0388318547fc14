package org.memphisee.ejb;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** The process of the server: its console and its end. */
final class ServerProcess {

    /** Exit status of a server whose broker could not start. */
    static final int EXIT_START_FAILED = 3;

    /** How long an open broker may take to close. */
    static final Duration CLOSING = Duration.ofSeconds(25);
    /** A server that is still coming up waits for its applications before it goes down; there is nothing to close yet. */
    static final Duration NOTHING_OPEN = Duration.ofSeconds(3);

    private ServerProcess() { }

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
    static void stop(int status, Duration limit) {
        daemon("memphisee-exit", () -> System.exit(status));
        daemon("memphisee-exit-watch", () -> {
            long deadline = System.nanoTime() + limit.toNanos();
            while (System.nanoTime() < deadline) {
                LockSupport.parkNanos(deadline - System.nanoTime());
            }
            Runtime.getRuntime().halt(status);
        });
    }

    private static void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }
}
