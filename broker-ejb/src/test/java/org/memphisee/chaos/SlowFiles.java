package org.memphisee.chaos;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.memphisee.core.cluster.journal.JournalFile;
import org.memphisee.core.cluster.journal.JournalFiles;

/** Files of a journal on a disk that takes its time for each sync, and around whose syncs the process may halt. */
record SlowFiles(JournalFiles files, int syncMillis) implements JournalFiles {

    @Override
    public List<String> list() throws IOException {
        return files.list();
    }

    @Override
    public JournalFile open(String name) throws IOException {
        return new Slow(files.open(name), syncMillis);
    }

    @Override
    public JournalFile create(String name, long bytes) throws IOException {
        return new Slow(files.create(name, bytes), syncMillis);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        files.rename(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
        files.delete(name);
    }

    @Override
    public void syncDirectory() throws IOException {
        files.syncDirectory();
    }

    @Override
    public long usableBytes() {
        return files.usableBytes();
    }

    @Override
    public String where() {
        return files.where();
    }

    @Override
    public void close() throws IOException {
        files.close();
    }

    private record Slow(JournalFile file, int syncMillis) implements JournalFile {

        @Override
        public long bytes() {
            return file.bytes();
        }

        @Override
        public void read(long offset, ByteBuffer into) throws IOException {
            file.read(offset, into);
        }

        @Override
        public void write(long offset, ByteBuffer from) throws IOException {
            file.write(offset, from);
        }

        @Override
        public void force() throws IOException {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(syncMillis));
            Halt.JOURNAL_BEFORE_SYNC.reached();
            file.force();
            Halt.JOURNAL_AFTER_SYNC.reached();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
