package org.memphisee.dashboard.live;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;

/**
 * How much a directory and all below it have on disk: log, metadata database, and whatever else lies there. Measured on
 * another thread, at most every ten seconds and only while somebody asks. Thread-safe.
 */
final class DirectorySize {

    static final long AGE_NANOS = 10_000_000_000L;

    private final Executor executor;
    private final LongSupplier nanoTime;
    private Path directory;
    private OptionalLong bytes = OptionalLong.empty();
    private boolean measuring;
    private long measuredAt;

    DirectorySize(Executor executor, LongSupplier nanoTime) {
        this.executor = executor;
        this.nanoTime = nanoTime;
    }

    /** Bytes as last measured; empty before the first time. Does not wait. */
    synchronized OptionalLong of(Path wanted) {
        if (!wanted.equals(directory)) {
            directory = wanted;
            bytes = OptionalLong.empty();
        }
        if (!measuring && (bytes.isEmpty() || nanoTime.getAsLong() - measuredAt >= AGE_NANOS)) {
            measuring = true;
            try {
                executor.execute(() -> measure(wanted));
            } catch (RejectedExecutionException stopping) {
                measuring = false;
            }
        }
        return bytes;
    }

    private void measure(Path root) {
        Sum sum = new Sum();
        try {
            Files.walkFileTree(root, sum);
        } catch (IOException unreadable) {
            sum.bytes = -1; // the broker itself reports a disk that is gone
        }
        synchronized (this) {
            measuring = false;
            measuredAt = nanoTime.getAsLong();
            if (sum.bytes >= 0 && root.equals(directory)) {
                bytes = OptionalLong.of(sum.bytes);
            }
        }
    }

    /** Files come and go while they are counted. */
    private static final class Sum extends SimpleFileVisitor<Path> {
        private long bytes;

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            bytes += attributes.size();
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path visited, IOException gone) {
            return FileVisitResult.CONTINUE;
        }
    }
}
