package org.memphisee.meta.jpa;

import java.util.concurrent.CompletableFuture;

import org.memphisee.core.control.DefinitionsSnapshot;
import org.memphisee.core.control.SystemEventListener;

/** The system log as the projection needs it. */
public interface MetadataFeed {

    /** Which log it is; another data directory has another. */
    String logId();

    /**
     * Adds a listener for all events that come after the snapshot it returns. Called once, from any thread; does not
     * block.
     */
    CompletableFuture<DefinitionsSnapshot> follow(SystemEventListener listener);

    /** Everything that exists now. Any thread; does not block. */
    CompletableFuture<DefinitionsSnapshot> snapshot();
}
