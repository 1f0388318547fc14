package org.memphisee.run;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A process that ends with us: when we are told to stop, it is told too, and we do not end before it has, so that whoever
 * waits for us finds its ports free. Any thread.
 */
final class Child {

    private final Duration limit;
    private Process process;
    private boolean stopping;

    /**
     * Nothing started yet.
     *
     * @param limit how long it may take to stop before it is killed
     */
    Child(Duration limit) {
        this.limit = limit;
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "memphisee-stop"));
    }

    /**
     * Starts the process and waits for its end.
     *
     * @return its exit status
     */
    int run(ProcessBuilder builder) throws IOException, InterruptedException {
        return run(builder, started -> { });
    }

    /**
     * The same.
     *
     * @param whenStarted given the process, on the caller's thread
     */
    int run(ProcessBuilder builder, Consumer<Process> whenStarted) throws IOException, InterruptedException {
        Process started;
        synchronized (this) {
            if (stopping) {
                throw new InterruptedException("told to stop");
            }
            process = builder.start();
            started = process;
        }
        whenStarted.accept(started);
        return started.waitFor();
    }

    /** Tells the process to stop, and waits until it has; nothing is started any more. */
    void stop() {
        Process started;
        synchronized (this) {
            stopping = true;
            started = process;
        }
        if (started == null || !started.isAlive()) {
            return;
        }
        started.destroy();
        try {
            if (!started.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                System.out.println("The server did not stop within " + limit.toSeconds() + " s and is killed.");
                started.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
