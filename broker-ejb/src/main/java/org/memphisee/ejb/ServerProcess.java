package org.memphisee.ejb;

/** The process of the server: its console and its end. */
final class ServerProcess {

    /** Exit status of a server whose broker could not start. */
    static final int EXIT_START_FAILED = 3;

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
        Thread thread = new Thread(() -> System.exit(status), "memphisee-exit");
        thread.setDaemon(true);
        thread.start();
    }
}
