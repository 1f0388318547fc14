package org.memphisee.ejb;

import java.util.concurrent.locks.LockSupport;

/** The process of the server: its console and its end. */
final class ServerProcess {

    /** Exit status of a server whose broker could not start. */
    static final int EXIT_START_FAILED = 3;

    private static final long EXIT_LIMIT_NANOS = 25_000_000_000L;

    private ServerProcess() { }

    /** Prints to the console. Logging is already being shut down when a signal stops the server; this still arrives. */
    static void print(String line) {
        System.out.println(line);
    }

    /**
     * Stops the whole server in good order, from a thread that the order does not wait for.
     *
     * @param status exit status of the process
     */
    static void stop(int status) {
        daemon("memphisee-exit", () -> System.exit(status));
        daemon("memphisee-exit-watch", () -> {
            // a server that is still coming up may never finish going down; what was acknowledged is on disk
            long deadline = System.nanoTime() + EXIT_LIMIT_NANOS;
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
