package org.memphisee.store.tool;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;
import java.util.TreeMap;

import org.memphisee.core.log.BatchSummary;
import org.memphisee.store.je.JeInspection;
import org.memphisee.store.je.JeInspection.Kind;

/** The partitions of a store with their sizes. */
final class Listing {

    private final JeInspection store;
    private final StreamNames names;
    private final Damages damages;
    private final PrintStream out;

    Listing(JeInspection store, StreamNames names, Damages damages, PrintStream out) {
        this.store = store;
        this.names = names;
        this.damages = damages;
        this.out = out;
    }

    private static final class Sum {
        private long batches;
        private long messages;
        private long bytes;
    }

    void run() throws IOException {
        Map<Long, Sum> sums = new TreeMap<>();
        names.definitions().streams().forEach(s -> sums.put(s.partitionId(), new Sum()));
        store.each(Kind.SUMMARY, new JeInspection.Visitor() {
            @Override
            public void value(long partition, long first, byte[] content) throws IOException {
                if (store.beingRemoved(partition)) {
                    return;
                }
                try {
                    BatchSummary summary = JeInspection.summary(content);
                    Sum sum = sums.computeIfAbsent(partition, p -> new Sum());
                    sum.batches++;
                    sum.messages += summary.count();
                    sum.bytes += summary.recordBytes();
                } catch (IOException e) {
                    damaged(partition, first, e.getMessage());
                }
            }

            @Override
            public void damaged(long partition, long first, String what) {
                sums.computeIfAbsent(partition, p -> new Sum());
                damages.add("the summary of batch " + first + " of " + names.of(partition) + " " + what);
            }
        });
        out.println("partition\tstream\tbatches\tmessages\tbytes");
        sums.forEach((partition, sum) -> out.println(partition + "\t"
            + names.stream(partition) + "\t" + sum.batches
            + "\t" + sum.messages + "\t" + sum.bytes));
    }
}
