package org.memphisee.cluster.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;

import org.memphisee.core.consumer.MessageView;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.partition.log.MessageBatch;
import org.memphisee.core.replication.GroupPosition;

/** What the stores of all nodes were told, which must be the same at each place of the group's log. */
final class Contents {

    /** What was written at a place of the log, by whomever first. */
    private final Map<Long, String> byIndex = new HashMap<>();
    /** By partition and sequence. */
    private final Map<String, String> messages = new HashMap<>();
    private final Map<String, String> places = new HashMap<>();
    /** By node: the place that was written last. */
    private final Map<String, Long> last = new HashMap<>();

    private int merges;

    /** A store took a write. */
    void written(String node, List<StoreChange> changes) {
        List<StoreChange> entry = new ArrayList<>();
        for (StoreChange change : changes) {
            if (change instanceof StoreChange.PutPartitionState c && c.partition() == GroupPosition.partition(DataNode.GROUP)) {
                long index = ByteBuffer.wrap(c.state()).getLong(1);
                Long before = last.put(node, index);
                if (!entry.isEmpty() || before == null || before != index) { // else it is written again, to be synced
                    entry(node, index, entry);
                }
                entry.clear();
            } else {
                entry.add(change);
            }
        }
        assertEquals(List.of(), entry, node + " stores what belongs to no entry");
    }

    /** A store that is being rebuilt took a write: messages are as they are everywhere. */
    void copied(List<StoreChange> changes) {
        for (StoreChange change : changes) {
            if (change instanceof StoreChange.PutBatch c) {
                messages(c.partition(), Arrays.copyOfRange(c.record(), c.offset(), c.offset() + c.length()));
            }
        }
    }

    private void entry(String node, long index, List<StoreChange> changes) {
        Map<Long, StringBuilder> byPartition = new TreeMap<>();
        for (StoreChange change : changes) {
            if (change instanceof StoreChange.PutBatch c) {
                byte[] record = Arrays.copyOfRange(c.record(), c.offset(), c.offset() + c.length());
                messages(c.partition(), record);
                add(byPartition, c.partition(), "batch " + c.summary() + crc(record));
            } else if (change instanceof StoreChange.MergeBatches c) {
                byte[] record = Arrays.copyOfRange(c.record(), c.offset(), c.offset() + c.length());
                messages(c.partition(), record);
                merges++;
                add(byPartition, c.partition(), "merge " + c.replaced() + c.summary() + crc(record));
            } else if (change instanceof StoreChange.DropBatches c) {
                add(byPartition, c.partition(), c.toString());
            } else if (change instanceof StoreChange.PutTombstones c) {
                add(byPartition, c.partition(), "tombstones " + c.firstSequence() + Arrays.toString(c.tombstones()));
            } else if (change instanceof StoreChange.PutPartitionState c) {
                add(byPartition, c.partition(), "state " + Arrays.toString(c.state()));
            } else if (change instanceof StoreChange.PutCursor c) {
                add(byPartition, c.partition(), "cursor " + c.consumer() + Arrays.toString(c.state()));
            } else if (change instanceof StoreChange.DropCursor c) {
                add(byPartition, c.partition(), c.toString());
            } else {
                throw new AssertionError("not of a group: " + change);
            }
        }
        String all = byPartition.toString();
        String other = byIndex.putIfAbsent(index, all);
        if (other != null) {
            assertEquals(other, all, "I4: " + node + " stores something else for entry " + index);
        }
    }

    private static void add(Map<Long, StringBuilder> byPartition, long partition, String what) {
        byPartition.computeIfAbsent(partition, p -> new StringBuilder()).append(what).append('\n');
    }

    private static long crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return crc.getValue();
    }

    private void messages(long partition, byte[] record) {
        MessageView view = new MessageView();
        for (int k = 0; k < MessageBatch.count(record); k++) {
            MessageBatch.view(record, k, view);
            String payload = new String(view.bytes, view.bodyOffset + view.headerLength, view.payloadLength,
                StandardCharsets.UTF_8);
            String header = new String(view.bytes, view.bodyOffset, view.headerLength, StandardCharsets.UTF_8);
            String place = place(partition, view.sequence);
            String other = messages.putIfAbsent(place, header + payload);
            if (other != null) {
                assertEquals(other, header + payload, "I5: two messages at " + place);
            }
            String before = places.putIfAbsent(payload, place);
            if (before != null) {
                assertEquals(before, place, "I5: " + payload + " has two places");
            }
        }
    }

    /** How often a store was told of a merge. */
    int merges() {
        return merges;
    }

    static String place(long partition, long sequence) {
        return partition + "/" + sequence;
    }

    /** Header and payload of a message that some store has, or had; null when none has. */
    String message(String place) {
        return messages.get(place);
    }

    /** A message was certainly not stored. */
    void absent(String payload) {
        assertNull(places.get(payload), payload + " was refused and is stored");
    }

    boolean stored(String payload) {
        return places.containsKey(payload);
    }
}
