package org.memphisee.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.partition.Followed;
import org.memphisee.core.partition.PartitionHandle;
import org.memphisee.core.partition.PartitionLife;
import org.memphisee.core.partition.StreamState;
import org.memphisee.core.partition.log.StoredMessage;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.store.memory.MemoryLogStore;

/**
 * Follows a broker: what its store had when it was opened and was told since then is applied to partitions that decide
 * nothing, which then have what the broker's have.
 */
final class Followers {

    /** So often a removal may have been made and not stored at the moment of the look. */
    private static final int LOOKS = 10;

    private final MemoryLogStore found;
    private final long openedNanos;
    private final List<List<StoreChange>> writes = new ArrayList<>();

    /** {@code found} is what the store has now; it does not change. */
    Followers(MemoryLogStore found, long openedNanos) {
        this.found = found;
        this.openedNanos = openedNanos;
    }

    /** The broker's store took a write. */
    void written(List<StoreChange> changes) {
        writes.add(changes);
    }

    /** All partitions on disk have what their followers have. */
    void look(Story story) throws StoreException {
        for (StreamModel s : List.copyOf(story.streams.values())) {
            Optional<PartitionHandle> partition = story.broker.control().engine().registry().byName(s.name);
            if (partition.isPresent() && !s.damaged && partition.get().config().storage() == StreamConfig.Storage.FILE) {
                look(story, partition.get());
            }
        }
    }

    private void look(Story story, PartitionHandle partition) throws StoreException {
        String wrong = "";
        for (int i = 0; i < LOOKS && !story.failed && story.pass(120 * Story.MILLI); i++) {
            Map<Long, StoredMessage> has = messages(story, partition);
            StreamState state = partition.state();
            if (story.store.powerCut() || state.life() != PartitionLife.SERVING || !there(story, partition)) {
                return;
            }
            wrong = difference(has, state, followed(partition));
            if (wrong.isEmpty()) {
                return;
            }
        }
        if (story.hearing() && !story.failed) {
            story.wrong(partition.name() + " and who follows it: " + wrong);
        }
    }

    /** It was not removed meanwhile. */
    private static boolean there(Story story, PartitionHandle partition) {
        return story.broker.control().engine().registry().byName(partition.name()).filter(p -> p == partition).isPresent();
    }

    private static Map<Long, StoredMessage> messages(Story story, PartitionHandle partition) {
        Map<Long, StoredMessage> all = new TreeMap<>();
        partition.run(p -> {
            for (long n = 1; n <= partition.state().lastSeq(); n++) {
                p.message(n, read -> read.found().ifPresent(m -> all.put(m.sequence(), m)));
            }
        });
        story.world.settle();
        return all;
    }

    private Followed followed(PartitionHandle partition) throws StoreException {
        Followed followed = Followed.of(partition.id(), partition.config(), found.mended(), openedNanos);
        for (List<StoreChange> write : writes) {
            List<StoreChange> mine = write.stream().filter(c -> of(c, partition.id())).toList();
            if (!mine.isEmpty()) {
                followed.write(mine);
            }
        }
        return followed;
    }

    private static boolean of(StoreChange change, long partition) {
        return change instanceof StoreChange.PutBatch c && c.partition() == partition
            || change instanceof StoreChange.MergeBatches c1 && c1.partition() == partition
            || change instanceof StoreChange.DropBatches c2 && c2.partition() == partition
            || change instanceof StoreChange.PutTombstones c3 && c3.partition() == partition
            || change instanceof StoreChange.PutPartitionState c4 && c4.partition() == partition
            || change instanceof StoreChange.PutCursor c5 && c5.partition() == partition
            || change instanceof StoreChange.DropCursor c6 && c6.partition() == partition;
    }

    private static String difference(Map<Long, StoredMessage> has, StreamState state, Followed follower) {
        Map<Long, StoredMessage> found = follower.messages();
        StreamState said = follower.state();
        if (!has.keySet().equals(found.keySet())) {
            return has.keySet() + " and " + found.keySet();
        }
        Map<String, Long> subjects = new TreeMap<>();
        for (StoredMessage m : has.values()) {
            StoredMessage other = found.get(m.sequence());
            if (!m.subject().equals(other.subject()) || m.timestampNanos() != other.timestampNanos()
                || !Arrays.equals(m.header(), other.header()) || !Arrays.equals(m.payload(), other.payload())) {
                return m + " and " + other;
            }
            subjects.merge(m.subject(), 1L, Long::sum);
        }
        // the first sequence is told from what is in memory, and may be one before it
        boolean same = state.messages() == said.messages() && state.bytes() == said.bytes()
            && state.numSubjects() == said.numSubjects() && said.lastSeq() >= state.lastSeq() && said.lastSeq() <= Math.max(state.lastSeq(), follower.told());
        if (!same || !subjects.equals(follower.subjects())) {
            return state + " and " + said + " with " + follower.subjects();
        }
        return "";
    }
}
