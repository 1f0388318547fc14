package org.memphisee.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;

import org.junit.jupiter.api.Test;

class IoThreadsTest {

    private final List<Throwable> uncaught = new CopyOnWriteArrayList<>();
    private final List<Thread> made = new ArrayList<>();
    private volatile boolean stopping;

    /** What a container's factory does: its threads end with an exception once the application stops. */
    private final ThreadFactory container = task -> {
        Thread thread = new Thread(() -> {
            if (stopping) {
                throw new IllegalStateException("the component is not started");
            }
            task.run();
        });
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((t, e) -> uncaught.add(e));
        made.add(thread);
        return thread;
    };

    @Test
    void shouldEndLoopsThatNeverRanWithoutAThreadOfTheContainer() {
        for (boolean nativeTransport : new boolean[] {true, false}) {
            IoThreads threads = new IoThreads(3, nativeTransport, container);
            threads.group().next().submit(() -> { }).syncUninterruptibly();
            stopping = true;
            threads.close();
            stopping = false;
            assertEquals(List.of(), uncaught, threads.kind());
            assertTrue(threads.group().isTerminated(), threads.kind());
            assertEquals(1, made.size(), threads.kind());
            made.clear();
        }
    }
}
