package org.memphisee.store.tool;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Optional;

import org.memphisee.core.consumer.Consumer;
import org.memphisee.core.consumer.CorruptConsumerStateException;
import org.memphisee.core.letters.LetterFormat;
import org.memphisee.core.letters.LetterRules;
import org.memphisee.core.log.BatchSummary;
import org.memphisee.core.partition.log.StoredFormats;
import org.memphisee.store.je.JeInspection;
import org.memphisee.store.je.JeInspection.Kind;

/** Reads everything: each entry of each log file, each value, and whether values that belong together agree. */
final class Verification {

    private final JeInspection store;
    private final StreamNames names;
    private final Damages damages;
    private final PrintStream out;
    private final Progress progress;
    private long batches;
    private long messages;

    Verification(JeInspection store, StreamNames names, Damages damages, PrintStream out, Progress progress) {
        this.store = store;
        this.names = names;
        this.damages = damages;
        this.out = out;
        this.progress = progress;
    }

    void run() throws IOException {
        long bytes = store.bytes();
        progress.begin("log files", bytes);
        store.verifyLog(new JeInspection.LogVisitor() {
            @Override
            public void read(long size) {
                progress.add(size);
            }

            @Override
            public void damaged(String what) {
                damages.add(what);
            }
        });
        progress.begin("batches", bytes);
        store.each(Kind.SUMMARY, visitor("the summary of batch ", this::batch));
        store.recordsWithoutSummary(visitor("the record of batch ", (p, s, c) -> { }));
        store.each(Kind.STATE, visitor("the state", (p, s, c) -> StoredFormats.state(c)));
        store.each(Kind.TOMBSTONES, visitor("the tombstones of batch ", this::tombstones));
        store.each(Kind.CURSOR, visitor("the cursor of consumer ", this::cursor));
        out.println("log: " + bytes + " bytes; definitions: " + names.events() + " events since the snapshot, "
            + names.definitions().streamCount() + " streams; " + batches + " batches with " + messages + " messages");
        out.println(damages.count() == 0 ? "everything is readable and agrees"
            : damages.count() + " damaged; nothing was changed. \"memphis-store export STREAM\" saves what is readable");
    }

    private void batch(long partition, long first, byte[] content) throws IOException, StoredFormats.FormatException {
        BatchSummary summary = JeInspection.summary(content);
        if (summary.firstSequence() != first) {
            throw new IOException("is that of batch " + summary.firstSequence());
        }
        batches++;
        messages += summary.count();
        Optional<byte[]> record;
        try {
            record = store.find(Kind.BATCH, partition, first);
        } catch (IOException e) {
            damages.add("the record of batch " + first + " (messages " + first + " to " + summary.lastSequence() + ") of "
                + names.of(partition) + " " + e.getMessage());
            return;
        }
        if (record.isEmpty()) {
            throw new IOException("has no record");
        }
        progress.add(record.get().length);
        try {
            StoredFormats.check(summary, record.get());
        } catch (StoredFormats.FormatException e) {
            damages.add("the record of batch " + first + " of " + names.of(partition) + " " + e.getMessage());
        }
    }

    private void tombstones(long partition, long first, byte[] content) throws IOException, StoredFormats.FormatException {
        StoredFormats.tombstones(content);
        if (store.find(Kind.SUMMARY, partition, first).isEmpty()) {
            throw new IOException("belong to no batch");
        }
    }

    private void cursor(long partition, long second, byte[] content) throws IOException {
        try {
            if (LetterRules.holdsLetters(partition)) {
                LetterFormat.decode(second, content);
            } else {
                Consumer.check(content);
            }
        } catch (CorruptConsumerStateException | IllegalStateException e) {
            throw new IOException("cannot be read: " + e.getMessage(), e);
        }
    }

    private interface Check {
        void value(long partition, long second, byte[] content) throws IOException, StoredFormats.FormatException;
    }

    private JeInspection.Visitor visitor(String what, Check check) {
        return new JeInspection.Visitor() {
            @Override
            public void value(long partition, long second, byte[] content) throws IOException {
                if (store.beingRemoved(partition)) {
                    return;
                }
                try {
                    check.value(partition, second, content);
                } catch (IOException | StoredFormats.FormatException e) {
                    damaged(partition, second, e.getMessage());
                }
            }

            @Override
            public void damaged(long partition, long second, String why) throws IOException {
                if (!store.beingRemoved(partition)) {
                    damages.add(what + (what.endsWith(" ") ? second : "") + " of " + names.of(partition) + " " + why);
                }
            }
        };
    }
}
