package org.memphisee.ejb;

import java.util.Objects;

/**
 * One reason why clients are not served as they should be.
 *
 * @param part what it concerns
 * @param stream the stream it is about, empty for none
 * @param text one line for people
 */
public record Problem(Part part, String stream, String text) {

    /** What can be wrong, the gravest first (monitoring.md 5). */
    public enum Part { STARTING, DRAINING, FAILED, LISTENERS, STORAGE_SPACE, CLUSTER, STREAMS, METADATA }

    Problem(Part part, String text) {
        this(part, "", text);
    }

    public Problem {
        Objects.requireNonNull(part, "part is required");
        Objects.requireNonNull(text, "text is required");
    }
}
