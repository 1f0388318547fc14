package org.memphisee.core.partition.letters;

import org.memphisee.core.letters.LetterFormat;
import org.memphisee.core.letters.LetterRules;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.StoredSummary;

/** Brings the letters of a partition back, without reading a payload. Shard's thread only. */
final class LetterRecovery implements LogStore.PartitionVisitor {

    private final LetterShelf shelf;
    private final LetterRules rules;

    LetterRecovery(LetterShelf shelf, LetterRules rules) {
        this.shelf = shelf;
        this.rules = rules;
    }

    @Override
    public void state(byte[] state) {
        // it has none
    }

    @Override
    public void tombstones(long firstSequence, byte[] tombstones) {
        // what is left of a record is told by its letters
    }

    @Override
    public void batch(StoredSummary summary) throws StoreException {
        rules.seen(summary.lastSequence());
        shelf.record(summary.firstSequence(), null);
    }

    @Override
    public void cursor(long id, byte[] letter) {
        rules.seen(id);
        shelf.add(LetterFormat.decode(id, letter));
    }
}
