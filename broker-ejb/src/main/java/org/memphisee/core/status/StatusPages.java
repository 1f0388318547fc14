package org.memphisee.core.status;

import java.util.Map;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** The pages of the monitor. Any thread; may take as long as a walk over all streams. */
public interface StatusPages {

    /**
     * A page as the monitor's port shows it.
     *
     * @param path such as {@code /varz}
     * @param parameters of the query, by name
     * @return a tree of the caller's own
     * @throws RefusedException when a parameter makes no sense
     */
    ObjectNode page(String path, Map<String, String> parameters) throws RefusedException;

    /** Address that clients' ports are bound to. */
    String host();

    /** A page is not shown; the message is for whoever asked. */
    final class RefusedException extends Exception {

        private static final long serialVersionUID = 1;

        /** For this reason. */
        public RefusedException(String message) {
            super(message, null, false, false);
        }
    }
}
