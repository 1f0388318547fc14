package org.memphisee.core.routing;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import org.memphisee.core.access.LiveViewer;
import org.memphisee.core.access.Permissions;
import org.memphisee.core.api.ClientIdentity;
import org.memphisee.port.ConnectOptions;
import org.memphisee.port.SessionInfo;

/** Decides who may come in, and hears who left. */
public interface SessionGate {

    /** Decides on CONNECT; answers exactly once, on any thread. */
    void authenticate(ConnectOptions options, SessionInfo session, Consumer<Decision> whenDone);

    /** An authenticated connection is gone. Any thread. */
    void left(ClientIdentity client);

    /** What was decided. */
    sealed interface Decision {

        /**
         * Comes in.
         *
         * @param client as this client
         * @param permissions what it may do with stations
         * @param live what it may do with live topics
         * @param current whether the decision would still be the same; asked once more when the session can be found by
         *        its user's name, so that nobody slips in while the user is removed
         */
        record Admitted(ClientIdentity client, Permissions permissions, LiveViewer.Access live, BooleanSupplier current)
            implements Decision {

            /** An application. */
            public Admitted(ClientIdentity client, Permissions permissions, BooleanSupplier current) {
                this(client, permissions, LiveViewer.Access.NONE, current);
            }
        }

        /** Stays outside; the text goes into {@code -ERR}. */
        record Rejected(String error) implements Decision { }
    }
}
