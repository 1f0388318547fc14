package org.memphisee.simulation;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import org.memphisee.core.cluster.journal.JournalFile;
import org.memphisee.core.cluster.journal.JournalFiles;
import org.memphisee.core.cluster.journal.NoRoomException;

/**
 * A directory on a disk that does what disks do: what was not forced is there in parts after a power cut, sector by sector in no
 * order, and a sector that was being written may hold neither the old nor the new; names that were not synced may be old ones. It
 * loses power or its process in the so-many-th step, fails a write or a sync (and then shows what it has not got), is full, has
 * bits flipped. One thread.
 */
public final class SimJournalFiles implements JournalFiles {

    private static final int SECTOR = 512;
    private static final int ONE_IN_GARBAGE = 16;

    private final Random chance;
    private Map<String, Inode> names = new TreeMap<>();
    private Map<String, Inode> durableNames = new TreeMap<>();
    private final List<NameChange> unsynced = new ArrayList<>();
    private int life;
    private boolean dead;
    private long steps;
    private long crashAt = Long.MAX_VALUE;
    private long failWriteAt = Long.MAX_VALUE;
    private long failForceAt = Long.MAX_VALUE;
    private long writes;
    private long forces;
    private long capacity = Long.MAX_VALUE;

    /** A disk that draws from a seed. */
    public SimJournalFiles(long seed) {
        chance = new Random(seed);
    }

    /** The process ended here; nothing of what it still does arrives. */
    public static final class Ended extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Ended() {
            super("the process ended");
        }
    }

    private static final class Inode {
        private final byte[] disk;
        private final byte[] seen;
        private final BitSet dirty = new BitSet();

        private Inode(int bytes) {
            disk = new byte[bytes];
            seen = new byte[bytes];
        }
    }

    /** From null: made. To null: removed. */
    private record NameChange(String from, String to, Inode inode) {
        private void apply(Map<String, Inode> to) {
            if (from != null) {
                to.remove(from);
            }
            if (this.to != null) {
                to.put(this.to, inode);
            }
        }
    }

    // ---- what is done to it

    /** The process ends in the so-many-th step from now on, before or after it was done. */
    public void crashIn(long some) {
        crashAt = steps + some;
    }

    /** The so-many-th write from now on fails, 0 for none. */
    public void failWriteIn(long some) {
        failWriteAt = some == 0 ? Long.MAX_VALUE : writes + some;
    }

    /** The so-many-th sync of a file from now on fails, 0 for none. */
    public void failForceIn(long some) {
        failForceAt = some == 0 ? Long.MAX_VALUE : forces + some;
    }

    /** So many bytes may be in all files together. */
    public void capacity(long bytes) {
        capacity = bytes;
    }

    /** Whether the process has ended. */
    public boolean dead() {
        return dead;
    }

    /** Steps so far. */
    public long steps() {
        return steps;
    }

    /** Syncs of files so far. */
    public long forces() {
        return forces;
    }

    /** The process ends; the system goes on, and has what was written. */
    public void kill() {
        life++;
        dead = false;
        crashAt = Long.MAX_VALUE;
        failWriteAt = Long.MAX_VALUE;
        failForceAt = Long.MAX_VALUE;
    }

    /** The power goes, and comes again. */
    public void powerCut() {
        kill();
        for (NameChange change : unsynced) {
            if (chance.nextBoolean()) {
                change.apply(durableNames);
            }
        }
        unsynced.clear();
        names = new TreeMap<>(durableNames);
        int kept = chance.nextInt(4);
        for (Inode inode : names.values()) {
            for (int sector = inode.dirty.nextSetBit(0); sector >= 0; sector = inode.dirty.nextSetBit(sector + 1)) {
                int at = sector * SECTOR;
                int length = Math.min(SECTOR, inode.disk.length - at);
                if (chance.nextInt(ONE_IN_GARBAGE) == 0) {
                    byte[] garbage = new byte[length];
                    chance.nextBytes(garbage);
                    System.arraycopy(garbage, 0, inode.disk, at, length);
                } else if (chance.nextInt(3) < kept) {
                    System.arraycopy(inode.seen, at, inode.disk, at, length);
                }
            }
            inode.dirty.clear();
            System.arraycopy(inode.disk, 0, inode.seen, 0, inode.disk.length);
        }
    }

    /** A bit of a file becomes another. */
    public void flip(String name, int offset, int bit) {
        Inode inode = names.get(name);
        inode.disk[offset] ^= (byte) (1 << bit);
        inode.seen[offset] ^= (byte) (1 << bit);
    }

    /** Somebody removes a file. */
    public void lose(String name) {
        names.remove(name);
        durableNames.remove(name);
    }

    /** What a file holds now. */
    public byte[] content(String name) {
        return names.get(name).seen.clone();
    }

    // ---- the port

    private void step() {
        if (dead) {
            throw new Ended();
        }
        steps++;
    }

    /** Whether the process ends in this step. */
    private boolean ends() {
        dead = steps >= crashAt;
        return dead;
    }

    private void change(NameChange change) {
        step();
        boolean ends = ends();
        if (!ends || chance.nextBoolean()) {
            change.apply(names);
            unsynced.add(change);
        }
        if (ends) {
            throw new Ended();
        }
    }

    @Override
    public List<String> list() {
        step();
        return List.copyOf(names.keySet());
    }

    @Override
    public JournalFile open(String name) throws IOException {
        step();
        Inode inode = names.get(name);
        if (inode == null) {
            throw new FileNotFoundException(name);
        }
        return new SimFile(inode);
    }

    @Override
    public JournalFile create(String name, long bytes) throws IOException {
        if (names.containsKey(name)) {
            throw new FileAlreadyExistsException(name);
        }
        if (bytes > usableBytes()) {
            throw new NoRoomException("No space left on device", null);
        }
        change(new NameChange(null, name, new Inode((int) bytes)));
        return new SimFile(names.get(name));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        if (names.containsKey(to) || !names.containsKey(from)) {
            throw new FileAlreadyExistsException(from + " to " + to);
        }
        change(new NameChange(from, to, names.get(from)));
    }

    @Override
    public void delete(String name) throws IOException {
        if (!names.containsKey(name)) {
            throw new FileNotFoundException(name);
        }
        change(new NameChange(name, null, null));
    }

    @Override
    public void syncDirectory() {
        step();
        boolean ends = ends();
        if (!ends || chance.nextBoolean()) {
            durableNames = new TreeMap<>(names);
            unsynced.clear();
        }
        if (ends) {
            throw new Ended();
        }
    }

    @Override
    public long usableBytes() {
        return capacity - names.values().stream().mapToLong(inode -> inode.disk.length).sum();
    }

    @Override
    public String where() {
        return "simulated";
    }

    @Override
    public void close() {
        // others may have it whenever they like
    }

    private final class SimFile implements JournalFile {

        private final Inode inode;
        private final int born = life;

        private SimFile(Inode inode) {
            this.inode = inode;
        }

        private void alive() {
            if (born != life) {
                throw new Ended();
            }
            step();
        }

        @Override
        public long bytes() {
            return inode.seen.length;
        }

        @Override
        public void read(long offset, ByteBuffer into) throws IOException {
            if (dead || born != life) {
                throw new Ended();
            }
            if (offset < 0 || into.remaining() > bytes() - offset) {
                throw new EOFException("read beyond the end");
            }
            into.put(inode.seen, (int) offset, into.remaining());
        }

        @Override
        public void write(long offset, ByteBuffer from) throws IOException {
            alive();
            writes++;
            if (offset < 0 || from.remaining() > bytes() - offset) {
                throw new EOFException("write beyond the end");
            }
            boolean ends = ends();
            boolean fails = writes == failWriteAt;
            int length = ends || fails ? chance.nextInt(from.remaining() + 1) : from.remaining();
            from.get(inode.seen, (int) offset, length);
            if (length > 0) {
                inode.dirty.set((int) offset / SECTOR, (int) (offset + length - 1) / SECTOR + 1);
            }
            if (ends) {
                throw new Ended();
            }
            if (fails) {
                throw new IOException("Input/output error");
            }
        }

        @Override
        public void force() throws IOException {
            alive();
            forces++;
            boolean ends = ends();
            boolean fails = forces == failForceAt;
            for (int sector = inode.dirty.nextSetBit(0); sector >= 0; sector = inode.dirty.nextSetBit(sector + 1)) {
                if (!ends && !fails || chance.nextBoolean()) {
                    int at = sector * SECTOR;
                    System.arraycopy(inode.seen, at, inode.disk, at, Math.min(SECTOR, inode.disk.length - at));
                    if (ends) {
                        inode.dirty.clear(sector);
                    }
                }
            }
            if (ends) {
                throw new Ended();
            }
            inode.dirty.clear(); // also when it failed: the system forgets what it could not write, and still shows it
            if (fails) {
                throw new IOException("Input/output error");
            }
        }

        @Override
        public void close() {
            // nothing is kept open
        }
    }
}
