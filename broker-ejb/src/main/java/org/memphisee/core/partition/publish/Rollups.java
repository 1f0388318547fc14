package org.memphisee.core.partition.publish;

import java.util.ArrayList;
import java.util.List;

/** Messages on their way that replace what is before them once they are stored. Shard's thread only. */
public final class Rollups {

    private final List<Rollup> waiting = new ArrayList<>(0);

    void add(long sequence, String subject) {
        waiting.add(new Rollup(sequence, subject));
    }

    /** The next one whose message is committed, or null. */
    Rollup take(long lastCommitted) {
        return waiting.isEmpty() || waiting.get(0).sequence() > lastCommitted ? null : waiting.remove(0);
    }

    /** Messages after this one will not be stored. */
    void forgetAfter(long sequence) {
        waiting.removeIf(x -> x.sequence() > sequence);
    }

    /**
     * A stored message that replaces everything before it.
     *
     * @param sequence the message
     * @param subject of this subject only, empty for all
     */
    public record Rollup(long sequence, String subject) { }
}
