package org.memphisee.support;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Fails a test class that leaves threads behind: whoever stops something has stopped its threads too. Found by JUnit through
 * {@code META-INF/services}. Test classes run one after the other, so what is new when one has ended is that one's.
 */
public final class NothingLeft implements BeforeAllCallback {

    /** Threads end a little after those who ended them were told so. */
    private static final long PATIENCE_MILLIS = 10_000;
    /** Threads of libraries that are there for the whole process and cannot be ended. */
    private static final Pattern LASTING = Pattern.compile("HttpClient-\\d+-.*|CompletableFutureDelayScheduler|junit-.*"
        + "|surefire-.*|PostgreSQL-JDBC-Cleaner");
    /** Groups of threads that the JDK starts when it needs them: cleaners of memory, those that wait for processes. */
    private static final Set<String> GROUPS_OF_THE_JDK = Set.of("system", "InnocuousThreadGroup");

    @Override
    public void beforeAll(ExtensionContext context) {
        boolean nested = context.getParent().flatMap(ExtensionContext::getTestClass).isPresent();
        if (!nested) { // closed when everything else of the class has been
            context.getStore(Namespace.create(NothingLeft.class)).put(Before.class, new Before());
        }
    }

    /** The threads that were there before a test class. */
    static final class Before implements AutoCloseable {

        private final Set<Thread> there = living().collect(Collectors.toSet());
        private final long patienceMillis;

        Before() {
            this(PATIENCE_MILLIS);
        }

        Before(long patienceMillis) {
            this.patienceMillis = patienceMillis;
        }

        /**
         * Waits for those that have come since.
         *
         * @throws AssertionError with names and stacks of those that do not end
         */
        @Override
        public void close() throws InterruptedException {
            long end = System.nanoTime() + patienceMillis * 1_000_000;
            Set<Thread> staying = new HashSet<>();
            List<Thread> found = come(staying);
            while (!found.isEmpty()) { // one may start another before it ends
                for (Thread thread : found) {
                    thread.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
                    if (thread.isAlive()) {
                        staying.add(thread);
                    }
                }
                found = come(staying);
            }
            if (!staying.isEmpty()) {
                throw new AssertionError("still running:" + staying.stream().map(Before::told).collect(Collectors.joining()));
            }
        }

        private List<Thread> come(Set<Thread> known) {
            return living().filter(thread -> !there.contains(thread) && !known.contains(thread)).toList();
        }

        private static Stream<Thread> living() {
            return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.isAlive() && !lasts(thread));
        }

        private static boolean lasts(Thread thread) {
            ThreadGroup group = thread.getThreadGroup();
            return thread instanceof ForkJoinWorkerThread worker && worker.getPool() == ForkJoinPool.commonPool()
                || group != null && GROUPS_OF_THE_JDK.contains(group.getName())
                || LASTING.matcher(thread.getName()).matches();
        }

        private static String told(Thread thread) {
            return "\n" + thread.getName() + Stream.of(thread.getStackTrace()).map(frame -> "\n    " + frame)
                .collect(Collectors.joining());
        }
    }
}
