package org.memphisee.core.append;

import java.util.Arrays;

/** Something for a shard to do, on its thread. Must not block. */
@FunctionalInterface
public interface ShardCommand {

    /** Does it. */
    void run();

    /** Whose data fills the shard: paused while the shard is over its budget. Any thread. */
    interface Reader {
        /** Nobody to pause: the broker's own commands. */
        Reader NONE = new Reader() {
            @Override
            public void pauseReading() { }

            @Override
            public void resumeReading() { }
        };

        /** Stop reading from the client. */
        void pauseReading();

        /** Take one pause back. */
        void resumeReading();
    }

    /** Commands of one turn of one thread for one shard, handed over as a whole. */
    final class Batch extends Intake.Linked<Batch> {
        private ShardCommand[] commands = new ShardCommand[8];
        private int size;
        private long bytes;
        Reader paused = Reader.NONE;

        /** Adds one; {@code kept} is what it keeps of a client's data, in bytes. */
        public void add(ShardCommand command, int kept) {
            if (size == commands.length) {
                commands = Arrays.copyOf(commands, size * 2);
            }
            commands[size++] = command;
            bytes += kept;
        }

        long bytes() {
            return bytes;
        }

        int size() {
            return size;
        }

        ShardCommand command(int i) {
            return commands[i];
        }
    }
}
