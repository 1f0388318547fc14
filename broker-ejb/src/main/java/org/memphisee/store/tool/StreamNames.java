package org.memphisee.store.tool;

import java.io.IOException;
import java.util.Optional;

import org.memphisee.core.control.ConsumerDefinition;
import org.memphisee.core.control.Definitions;
import org.memphisee.core.control.DefinitionsReader;
import org.memphisee.core.control.StreamDefinition;
import org.memphisee.core.control.format.FormatException;
import org.memphisee.core.letters.LetterRules;
import org.memphisee.store.je.JeInspection;

/** Which stream a partition is, as the system log of the store says; what is damaged of it is told and left out. */
final class StreamNames {

    private final Definitions definitions;
    private final long events;

    private StreamNames(Definitions definitions, long events) {
        this.definitions = definitions;
        this.events = events;
    }

    static StreamNames read(JeInspection store, Damages damages) throws IOException {
        DefinitionsReader reader = new DefinitionsReader();
        long[] events = {0};
        store.systemLog(new JeInspection.SystemVisitor() {
            @Override
            public void snapshot(long index, byte[] snapshot) {
                try {
                    reader.snapshot(index, snapshot);
                } catch (FormatException | RuntimeException e) {
                    damages.add("the system snapshot of index " + index + " cannot be understood: " + e.getMessage());
                }
            }

            @Override
            public void event(long index, byte[] event) {
                events[0]++;
                try {
                    reader.event(event);
                } catch (FormatException | RuntimeException e) {
                    damages.add("system event " + index + " cannot be understood: " + e.getMessage());
                }
            }

            @Override
            public void damaged(String what) {
                damages.add(what);
            }
        });
        return new StreamNames(reader.definitions(), events[0]);
    }

    /** Events that were read. */
    long events() {
        return events;
    }

    Definitions definitions() {
        return definitions;
    }

    /** How a partition is called in texts. */
    String of(long partition) {
        if (LetterRules.holdsLetters(partition)) {
            return "the dead letters of " + of(LetterRules.owner(partition));
        }
        return "partition " + partition + definitions.streamById(partition).map(s -> " (stream " + s.name() + ")").orElse("");
    }

    /** Name of a partition's stream in lists. */
    String stream(long partition) {
        if (LetterRules.holdsLetters(partition)) {
            return "dead letters of " + stream(LetterRules.owner(partition));
        }
        return definitions.streamById(partition).map(StreamDefinition::name).orElse("(not defined)");
    }

    /** The partition with a name or number, -1 for none. */
    long partition(String nameOrNumber) {
        Optional<StreamDefinition> named = definitions.stream(nameOrNumber);
        if (named.isPresent()) {
            return named.get().partitionId();
        }
        try {
            return Math.max(-1, Long.parseLong(nameOrNumber));
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** Name of a consumer, or its number. */
    String consumer(long partition, long consumer) {
        return definitions.consumers(partition).stream().filter(c -> c.consumerId() == consumer)
            .map(ConsumerDefinition::name).findFirst().orElse("number " + consumer + " (not defined any more)");
    }
}
