package org.memphisee.store.tool;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.LongPredicate;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import org.memphisee.core.partition.log.StoredFormats;
import org.memphisee.core.partition.log.StoredMessage;
import org.memphisee.store.je.JeInspection;
import org.memphisee.store.je.JeInspection.Kind;

/**
 * The messages of one partition that can be read, as lines of JSON. Goes by the records and not by their summaries, so that
 * a damaged summary costs nothing; a batch whose tombstones cannot be read is given out whole, each message marked.
 */
final class Export {

    private final JeInspection store;
    private final Damages damages;
    private final JsonGenerator json;
    private long messages;
    private long uncertain;

    /**
     * What was exported.
     *
     * @param messages number of messages
     * @param uncertain how many of them may have been removed before
     */
    record Result(long messages, long uncertain) { }

    Export(JeInspection store, Damages damages, OutputStream out) throws IOException {
        this.store = store;
        this.damages = damages;
        this.json = new JsonFactory().createGenerator(out, JsonEncoding.UTF8);
        this.json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        this.json.setRootValueSeparator(null);
    }

    Result run(long partition) throws IOException {
        if (store.beingRemoved(partition)) {
            damages.add("partition " + partition + " is being removed: nothing of it counts any more");
            return new Result(0, 0);
        }
        long floor = floor(partition);
        try {
            store.each(Kind.BATCH, partition, new JeInspection.Visitor() {
                @Override
                public void value(long of, long first, byte[] record) throws IOException {
                    batch(partition, first, floor, record);
                }

                @Override
                public void damaged(long of, long first, String what) {
                    damages.add("the record of batch " + first + " " + what + "; its messages are left out");
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        json.flush();
        return new Result(messages, uncertain);
    }

    /** What is below was removed, although its batch is still there. */
    private long floor(long partition) throws IOException {
        try {
            Optional<byte[]> stored = store.find(Kind.STATE, partition, 0);
            return stored.isEmpty() ? 0 : StoredFormats.state(stored.get()).first();
        } catch (IOException | StoredFormats.FormatException e) {
            damages.add("the state of partition " + partition + " " + e.getMessage());
            return 0;
        }
    }

    private void batch(long partition, long first, long floor, byte[] record) throws IOException {
        LongPredicate gone = distance -> false;
        boolean sure = true;
        try {
            Optional<byte[]> tombstones = store.find(Kind.TOMBSTONES, partition, first);
            if (tombstones.isPresent()) {
                gone = StoredFormats.tombstones(tombstones.get());
            }
        } catch (IOException | StoredFormats.FormatException e) {
            damages.add("the tombstones of batch " + first + " " + e.getMessage() + "; its messages are marked");
            sure = false;
        }
        LongPredicate removed = gone;
        boolean certain = sure;
        try {
            StoredFormats.messages(record, m -> {
                if (m.sequence() >= floor && !removed.test(m.sequence() - first)) {
                    write(m, certain);
                }
            });
        } catch (StoredFormats.FormatException e) {
            damages.add("the record of batch " + first + " " + e.getMessage() + "; what comes after it is left out");
        }
    }

    private void write(StoredMessage message, boolean certain) {
        try {
            json.writeStartObject();
            json.writeNumberField("seq", message.sequence());
            json.writeStringField("time", Dump.time(message.timestampNanos()));
            json.writeStringField("subject", message.subject());
            if (message.header().length > 0) {
                json.writeBinaryField("header", message.header());
            }
            json.writeBinaryField("data", message.payload());
            if (!certain) {
                json.writeBooleanField("maybe_removed", true);
                uncertain++;
            }
            json.writeEndObject();
            json.writeRaw('\n');
            messages++;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
