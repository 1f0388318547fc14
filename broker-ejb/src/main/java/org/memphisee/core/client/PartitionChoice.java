package org.memphisee.core.client;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Which partition of a station a message goes to (features.md 2.5), as SDKs choose it. Immutable. */
public sealed interface PartitionChoice {

    /** All partitions in turn. */
    PartitionChoice ROUND_ROBIN = new RoundRobin();

    /** Index into the station's partitions. */
    int index(List<Integer> partitions, int turn);

    /** All partitions in turn. */
    record RoundRobin() implements PartitionChoice {
        @Override
        public int index(List<Integer> partitions, int turn) {
            return Integer.remainderUnsigned(turn, partitions.size());
        }
    }

    /** The partition with that number. */
    record Number(int number) implements PartitionChoice {
        @Override
        public int index(List<Integer> partitions, int turn) {
            int index = partitions.indexOf(number);
            if (index < 0) {
                throw new LocalRefusal(LocalRefusal.Kind.INVALID, "Partition " + number + " does not exist");
            }
            return index;
        }
    }

    /** The same partition for the same key, whichever client chooses. */
    record Key(String key) implements PartitionChoice {
        @Override
        public int index(List<Integer> partitions, int turn) {
            return Integer.remainderUnsigned(Murmur3.hash(key.getBytes(StandardCharsets.UTF_8)), partitions.size());
        }
    }

    /**
     * The choice from optional arguments.
     *
     * @param key key, null or empty for none
     * @param number number, null or empty for none
     */
    static PartitionChoice of(String key, String number) {
        boolean keyed = key != null && !key.isEmpty();
        boolean numbered = number != null && !number.isEmpty();
        if (keyed && numbered) {
            throw new LocalRefusal(LocalRefusal.Kind.INVALID, "Can not use both partition number and partition key");
        }
        if (keyed) {
            return new Key(key);
        }
        if (!numbered) {
            return ROUND_ROBIN;
        }
        try {
            return new Number(Integer.parseInt(number));
        } catch (NumberFormatException e) {
            throw new LocalRefusal(LocalRefusal.Kind.INVALID, "Partition number has to be a number");
        }
    }
}
