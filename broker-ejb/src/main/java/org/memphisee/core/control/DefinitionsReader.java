package org.memphisee.core.control;

import org.memphisee.core.control.format.FormatException;
import org.memphisee.core.control.format.SystemEventCodec;

/** Folds a system log without a broker, for tools that look at a store. One thread. */
public final class DefinitionsReader {

    private final Definitions definitions = new Definitions();

    /** Takes the snapshot; before any event. */
    public void snapshot(long index, byte[] snapshot) throws FormatException {
        definitions.restore(SystemEventCodec.decodeSnapshot(index, snapshot));
    }

    /** Takes an event that is not in the snapshot, in order. */
    public void event(byte[] event) throws FormatException {
        definitions.apply(SystemEventCodec.decode(event));
    }

    /** All of it, as a snapshot that holds everything up to an event. */
    public DefinitionsSnapshot snapshot(long index) {
        return definitions.snapshot(index);
    }

    /** What exists after all that was taken. */
    public Definitions definitions() {
        return definitions;
    }
}
