package org.memphisee.cluster.broker;

import java.util.List;
import java.util.function.Consumer;

import org.memphisee.cluster.meta.Formation;
import org.memphisee.core.control.DefinitionsReader;
import org.memphisee.core.control.format.FormatException;
import org.memphisee.core.control.format.SystemEventCodec;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;

/** What a store has of definitions before its broker is open: what it was, and what the cluster began with. Stateless. */
final class StoredBeginning {

    private interface Reading {
        void read() throws FormatException;
    }

    private StoredBeginning() { }

    /** What a store has of the time before it was a cluster's; null for nothing. */
    static Formation.Beginning of(LogStore store) throws StoreException {
        DefinitionsReader reader = new DefinitionsReader();
        long[] last = new long[1];
        try {
            store.recoverSystemLog(new LogStore.SystemLogVisitor() {
                @Override
                public void snapshot(long index, byte[] snapshot) {
                    last[0] = index;
                    read(() -> reader.snapshot(index, snapshot));
                }

                @Override
                public void event(long index, byte[] event) {
                    if (index > last[0]) {
                        last[0] = index;
                        read(() -> reader.event(event));
                    }
                }
            });
        } catch (IllegalStateException e) {
            throw new StoreException(e.getMessage(), e, false);
        }
        return last[0] == 0 ? null
            : new Formation.Beginning(last[0], SystemEventCodec.encodeSnapshot(reader.snapshot(last[0])));
    }

    private static void read(Reading reading) {
        try {
            reading.read();
        } catch (FormatException e) {
            throw new IllegalStateException("the definitions cannot be read: " + e.getMessage(), e);
        }
    }

    /** The broker is not there yet, so nobody else writes. */
    static void put(LogStore store, Formation.Beginning beginning, StoreChange position, Consumer<Exception> done) {
        try {
            store.write(List.of(new StoreChange.PutSystemSnapshot(beginning.index(), beginning.snapshot()),
                new StoreChange.TruncateSystemLog(beginning.index()), position), true);
            done.accept(null);
        } catch (StoreException e) {
            done.accept(e);
        }
    }
}
