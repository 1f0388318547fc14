package org.memphisee.store.je;

import com.sleepycat.je.log.FileManager;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Opens JE's log files so that the one being written is longer on the disk than JE knows. An append changes the length
 * of a file, and syncing that costs a commit of the file system's journal besides the data; writing inside the file
 * does not. The room ahead is a hole, so it costs no space and no writes; but each block that is written first must be
 * allocated, which costs such a commit too. Therefore small writes find zeros that were written before, a megabyte at a
 * time; large ones, where the bytes are what costs, do not.
 *
 * <p>Why this is safe:
 * <ul>
 * <li>JE sees the file without the room ({@link LogFile#length}, {@link LogFile#read(byte[], int, int)}).
 * <li>After a crash the last file ends in zeros. {@link LogTail} reads the last file entry by entry up to the first
 * that is not valid, as type 0 never is, and cuts there, as it does with a torn write.
 * <li>That is done with the last file only. Therefore a file is cut to its length, and the cut is synced, before JE
 * goes on to the next file (it closes the full one first); and a file has room only after its header is durable.
 * </ul>
 */
final class TailFiles implements FileManager.FileFactory {
    /** Room is added in steps of this many bytes: one journal commit for each. */
    static final long ROOM = 16L << 20;
    /** Behind writes of at most this many bytes there are zeros: up to hundreds of such writes fit into one piece of them. */
    static final int SMALL = 64 << 10;
    /** A single small write among large ones is no reason. */
    static final int SMALL_WRITES = 4;
    /** A piece: its write and sync take as long as a few small ones (docs/design/store.md), once in hundreds. */
    static final int ZEROS = 1 << 20;
    private static final byte[] ZERO_BYTES = new byte[ZEROS];
    private static final Map<String, Tail> TAILS = new ConcurrentHashMap<>();

    TailFiles() { }

    /** From now on all log files of JE are opened here. JE has one factory for all environments of its class loader. */
    static void install() {
        FileManager.fileFactory = new TailFiles();
    }

    /** Forgets files that an environment which failed did not close. Nothing of the directory may be open. */
    static void forget(Path directory) {
        String prefix = directory + File.separator;
        TAILS.keySet().removeIf(name -> name.startsWith(prefix));
    }

    @Override
    public RandomAccessFile createFile(File home, String name, String mode) throws FileNotFoundException {
        return mode.startsWith("rw") && name.endsWith(".jdb") ? new WrittenFile(name, mode) : new LogFile(name, mode);
    }

    /** What JE shall see of the file being written; shared by all its open handles. */
    private static final class Tail {
        /** Changed inside the map's compute only. */
        private volatile int handles;
        /** Where JE's data ends. */
        private volatile long end;
        /** Where the file ends; not above {@link #end} when there is no room. */
        private volatile long allocated;
        /** Up to where there are zeros, not above {@link #end} when there are none. Guarded by this. */
        private long zeroed;
        /** Since the last large one. Guarded by this. */
        private int smallWrites;
    }

    /** A handle that ends where JE's data ends. */
    private static class LogFile extends FileManager.DefaultRandomAccessFile {
        private final String name;

        LogFile(String name, String mode) throws FileNotFoundException {
            super(name, mode);
            this.name = name;
        }

        final String name() {
            return name;
        }

        @Override
        public synchronized long length() throws IOException {
            Tail tail = TAILS.get(name);
            return tail != null && tail.allocated > 0 ? tail.end : super.length();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            Tail tail = TAILS.get(name);
            if (tail == null || tail.allocated == 0 || length == 0) {
                return super.read(bytes, offset, length);
            }
            long left = tail.end - getFilePointer();
            return left <= 0 ? -1 : super.read(bytes, offset, (int) Math.min(length, left));
        }

        final synchronized long lengthOnDisk() throws IOException {
            return super.length();
        }
    }

    /** A handle that JE may write through. */
    static class WrittenFile extends LogFile {
        private final Tail tail;
        private boolean closed;

        WrittenFile(String name, String mode) throws FileNotFoundException {
            super(name, mode);
            tail = TAILS.compute(name, (n, known) -> {
                Tail shared = known == null ? new Tail() : known;
                shared.handles++;
                return shared;
            });
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            long from = getFilePointer();
            synchronized (tail) {
                try {
                    super.write(bytes, offset, length);
                } catch (IOException e) {
                    throw NoRoomException.of(e, Path.of(name()), length);
                }
                wrote(from, from + length);
            }
        }

        private Tail without(Tail shared) {
            if (shared == tail) {
                tail.handles--;
            }
            return shared.handles == 0 ? null : shared;
        }

        /** So that the new file itself survives, on file systems where syncing the file does not ensure it. */
        private void forceDirectory() throws IOException {
            Path directory = Path.of(name()).toAbsolutePath().getParent();
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            } catch (AccessDeniedException e) {
                // Systems that do not open directories (Windows) do not need it.
                return;
            }
        }

        private void wrote(long from, long to) throws IOException {
            if (tail.allocated == 0 && from == 0) {
                // The header of a new file. No room yet: a file that is no longer than that counts as not begun.
                getChannel().force(true);
                forceDirectory();
                return;
            }
            if (tail.allocated == 0) {
                tail.end = lengthOnDisk();
                tail.allocated = tail.end;
            }
            tail.end = Math.max(tail.end, to);
            if (tail.end >= tail.allocated) {
                long room = (tail.end / ROOM + 1) * ROOM;
                setLength(room);
                tail.allocated = room;
            }
            tail.smallWrites = to - from <= SMALL ? tail.smallWrites + 1 : 0;
            if (tail.smallWrites >= SMALL_WRITES && tail.zeroed <= tail.end) {
                writeZeros();
            }
        }

        /** Without room on the disk there are none until room is added again: what was to be written is written. */
        private void writeZeros() throws IOException {
            int length = (int) Math.min(ZEROS, tail.allocated - tail.end);
            long position = getFilePointer();
            try {
                seek(tail.end);
                super.write(ZERO_BYTES, 0, length);
                tail.zeroed = tail.end + length;
            } catch (IOException e) {
                tail.zeroed = tail.allocated;
            } finally {
                seek(position);
            }
        }

        /** JE closes its last handle of a file before it creates the next file. */
        @Override
        public void close() throws IOException {
            synchronized (tail) {
                if (closed) {
                    return;
                }
                closed = true;
                try {
                    if (tail.handles == 1 && tail.allocated > tail.end) {
                        setLength(tail.end);
                        getChannel().force(true);
                        tail.allocated = tail.end;
                    }
                } finally {
                    TAILS.computeIfPresent(name(), (n, shared) -> without(shared));
                    super.close();
                }
            }
        }
    }
}
