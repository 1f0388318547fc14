package org.memphisee.core.partition.letters;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import org.memphisee.core.consumer.MessageView;
import org.memphisee.core.partition.log.MessageBatch;
import org.memphisee.core.partition.log.MessageRead;
import org.memphisee.core.partition.log.ShardResources;
import org.memphisee.core.partition.log.StoredMessage;

/** Reads the messages of letters, on the readers where the store has them. Shard's thread only. */
final class LetterReads {

    private final long partition;
    private final ShardResources resources;
    private final LetterShelf shelf;
    /** Tells the shard whose state is worked on. */
    private final Runnable enter;

    /** Who waits for a record that is being read, by its first number. */
    private final Map<Long, List<Reader>> loading = new HashMap<>();

    private record Reader(long id, Consumer<MessageRead> whenRead) { }

    LetterReads(long partition, ShardResources resources, LetterShelf shelf, Runnable enter) {
        this.partition = partition;
        this.resources = resources;
        this.shelf = shelf;
        this.enter = enter;
    }

    /** Reads one; told once, at once when it is in memory. */
    void read(long id, Consumer<MessageRead> whenRead) {
        if (shelf.get(id) == null) {
            whenRead.accept(MessageRead.GONE);
            return;
        }
        long first = shelf.recordOf(id);
        byte[] record = shelf.record(first);
        if (record != null) {
            whenRead.accept(of(record, id));
            return;
        }
        List<Reader> same = loading.get(first);
        if (same != null) { // letters that are wanted together lie together
            same.add(new Reader(id, whenRead));
            return;
        }
        loading.put(first, new ArrayList<>(List.of(new Reader(id, whenRead))));
        resources.loader().record(partition, first, resources.shard(), found -> {
            enter.run();
            loading.remove(first).forEach(reader -> reader.whenRead.accept(of(found, reader.id)));
        }, cause -> {
            enter.run(); // it may have gone with its last letter meanwhile
            loading.remove(first).forEach(reader -> reader.whenRead.accept(
                shelf.get(reader.id) == null ? MessageRead.GONE : new MessageRead.Unreadable(cause.getMessage())));
        });
    }

    private static MessageRead of(byte[] record, long id) {
        int index = MessageBatch.indexOf(record, id);
        if (index == MessageBatch.count(record) || MessageBatch.sequence(record, index) != id) {
            return MessageRead.GONE;
        }
        MessageView m = new MessageView();
        MessageBatch.view(record, index, m);
        int payload = m.bodyOffset + m.headerLength;
        return new MessageRead.Found(new StoredMessage(
            new String(m.bytes, m.subjectOffset, m.subjectLength, StandardCharsets.UTF_8), id, m.timestampNanos,
            Arrays.copyOfRange(m.bytes, m.bodyOffset, payload), Arrays.copyOfRange(m.bytes, payload, payload + m.payloadLength)));
    }
}
