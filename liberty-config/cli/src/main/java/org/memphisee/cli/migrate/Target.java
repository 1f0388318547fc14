package org.memphisee.cli.migrate;

import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;

/** The broker that streams come to. It can be read, too: what came is compared. */
public interface Target extends Source {

    /**
     * A stream that comes to be here. Nobody sees anything of it before {@link #finish}; what was taken is kept while nobody goes
     * on.
     */
    interface Intake {

        /** Sequence of the last message that is here, 0 for none. */
        long last();

        /** Messages that are here. */
        long messages();

        /** Whether all of it is here already and waits for other partitions of its station: nothing can be added then. */
        boolean complete();

        /** What comes before messages: figures, and consumers. */
        void entry(String name, byte[] json);

        /** The next message; may wait until others were taken. */
        void message(StoredMessage message);

        /** Waits until everything given is taken; it can be gone on with. */
        void pause();

        /** That was all: returns when it is durable, and a stream; the last partition of a station makes all of them that. */
        void finish();
    }

    /**
     * Begins, or goes on with what was begun under the same name and with the same configuration.
     *
     * @param station the station that it is a partition of; empty for a stream of its own
     * @param id what the import is called, so that another run finds it
     * @param restart from the beginning, whatever is there
     */
    Intake begin(String stream, JsonNode config, Optional<StationPlace> station, String id, boolean restart);
}
