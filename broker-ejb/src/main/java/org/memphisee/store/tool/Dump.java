package org.memphisee.store.tool;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongPredicate;

import org.memphisee.core.consumer.Consumer;
import org.memphisee.core.consumer.CorruptConsumerStateException;
import org.memphisee.core.letters.Letter;
import org.memphisee.core.letters.LetterFormat;
import org.memphisee.core.letters.LetterGroup;
import org.memphisee.core.letters.LetterRules;
import org.memphisee.core.log.BatchSummary;
import org.memphisee.core.partition.log.StoredFormats;
import org.memphisee.store.je.JeInspection;
import org.memphisee.store.je.JeInspection.Kind;

/** One partition for a person: its state, its batches and its cursors, a line each. */
final class Dump {

    private final JeInspection store;
    private final StreamNames names;
    private final Damages damages;
    private final PrintStream out;

    Dump(JeInspection store, StreamNames names, Damages damages, PrintStream out) {
        this.store = store;
        this.names = names;
        this.damages = damages;
        this.out = out;
    }

    void run(long partition) throws IOException {
        out.println(names.of(partition));
        if (store.beingRemoved(partition)) {
            out.println("is being removed; the broker goes on with that when it starts");
            return;
        }
        store.each(Kind.STATE, partition, lines("the state", (second, content) -> {
            StoredFormats.State state = StoredFormats.state(content);
            return "state: first sequence " + state.first() + ", last " + state.last();
        }));
        out.println("batches: first sequence, last, messages, removed, bytes, time of the first");
        store.each(Kind.SUMMARY, partition, lines("the summary of batch ", (first, content) -> {
            BatchSummary s = JeInspection.summary(content);
            return "  " + s.firstSequence() + "\t" + s.lastSequence() + "\t" + s.count() + "\t" + removed(partition, s) + "\t"
                + s.recordBytes() + "\t" + time(s.firstTimestampNanos());
        }));
        letters(LetterRules.partition(partition));
        out.println("cursors: consumer, acknowledged up to");
        store.each(Kind.CURSOR, partition, lines("the cursor of consumer ", (consumer, content) ->
            "  " + names.consumer(partition, consumer) + "\t" + floor(content)));
    }

    private void letters(long partition) throws IOException {
        out.println("dead letters: number, message, kind, groups");
        store.each(Kind.CURSOR, partition, lines("the dead letter ", (id, content) -> {
            try {
                Letter letter = LetterFormat.decode(id, content);
                return "  " + id + "\t" + letter.sequence() + "\t" + letter.kind() + "\t"
                    + letter.groups().stream().map(LetterGroup::name).toList();
            } catch (IllegalStateException e) {
                throw new IOException("cannot be read: " + e.getMessage(), e);
            }
        }));
    }

    private String removed(long partition, BatchSummary summary) throws IOException {
        try {
            Optional<byte[]> stored = store.find(Kind.TOMBSTONES, partition, summary.firstSequence());
            if (stored.isEmpty()) {
                return "0";
            }
            LongPredicate gone = StoredFormats.tombstones(stored.get());
            long count = 0;
            for (long distance = 0; distance <= summary.lastSequence() - summary.firstSequence(); distance++) {
                count += gone.test(distance) ? 1 : 0;
            }
            return Long.toString(count);
        } catch (IOException | StoredFormats.FormatException e) {
            damages.add("the tombstones of batch " + summary.firstSequence() + " of " + names.of(partition) + " "
                + e.getMessage());
            return "?";
        }
    }

    private static String floor(byte[] content) throws IOException {
        try {
            return Long.toString(Consumer.storedFloor(content));
        } catch (CorruptConsumerStateException e) {
            throw new IOException("cannot be read: " + e.getMessage(), e);
        }
    }

    static String time(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L)).toString();
    }

    private interface Line {
        String of(long second, byte[] content) throws IOException, StoredFormats.FormatException;
    }

    private JeInspection.Visitor lines(String what, Line line) {
        return new JeInspection.Visitor() {
            @Override
            public void value(long partition, long second, byte[] content) {
                try {
                    out.println(line.of(second, content));
                } catch (IOException | StoredFormats.FormatException e) {
                    damaged(partition, second, e.getMessage());
                }
            }

            @Override
            public void damaged(long partition, long second, String why) {
                damages.add(what + (what.endsWith(" ") ? second : "") + " of " + names.of(partition) + " " + why);
            }
        };
    }
}
