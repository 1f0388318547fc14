package org.memphisee.meta.jpa;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.memphisee.core.control.DefinitionsSnapshot;
import org.memphisee.core.control.SystemEventListener;
import org.memphisee.core.letters.LetterSource;

/** The system log as the projection needs it. */
public interface MetadataFeed {

    /** Which log it is; another data directory has another. */
    String logId();

    /**
     * Adds a listener for all events that come after the snapshot it returns. Called once, from any thread; does not
     * block.
     */
    CompletableFuture<DefinitionsSnapshot> follow(SystemEventListener listener);

    /** Letters of partitions that are decided here. Any thread; does not block. What happens to them is remembered from the first call on. */
    default List<LetterSource> letters() {
        return List.of();
    }

    /** Everything that exists now. Any thread; does not block. */
    CompletableFuture<DefinitionsSnapshot> snapshot();
}
