package org.memphisee.core.routing;

import java.util.function.Consumer;

import org.memphisee.core.api.ClientIdentity;
import org.memphisee.port.ConnectOptions;
import org.memphisee.port.SessionInfo;

/** Decides who may come in, and hears who left. */
public interface SessionGate {

    /** Decides on CONNECT; answers exactly once, on any thread. */
    void authenticate(ConnectOptions options, SessionInfo.Transport transport, Consumer<Decision> whenDone);

    /** An authenticated connection is gone. Any thread. */
    void left(ClientIdentity client);

    /** What was decided. */
    sealed interface Decision {

        /** Comes in as this client. */
        record Admitted(ClientIdentity client) implements Decision { }

        /** Stays outside; the text goes into {@code -ERR}. */
        record Rejected(String error) implements Decision { }
    }
}
