package org.memphisee.core.api;

import java.util.Objects;

/**
 * Who made a change, and from where. Immutable.
 *
 * @param user user name, empty for the broker itself and for changes of releases that did not keep it
 * @param door the way in
 * @param address the peer's network address, empty when it has none
 * @param program what the client says it is: a library, a tool, a browser; at most {@value #MAX_PROGRAM} characters
 */
public record Author(String user, Door door, String address, String program) {

    /** The broker did it by itself. */
    public static final Author BROKER = new Author("", Door.BROKER, "", "");
    /** Nobody kept who it was. */
    public static final Author UNKNOWN = new Author("", Door.UNKNOWN, "", "");

    private static final int MAX_PROGRAM = 100;

    /** The ways in. */
    public enum Door {
        /** Requests of Memphis SDKs. */
        SDK("sdk"),
        /** The JetStream API. */
        JETSTREAM("jetstream"),
        /** The management API, with the dashboard and the command line behind it. */
        MANAGEMENT("management"),
        /** The REST gateway. */
        REST("rest"),
        /** Nobody: the broker by itself, by its settings or its timers. */
        BROKER("broker"),
        /** It is not known any more. */
        UNKNOWN("unknown");

        private final String label;

        Door(String label) {
            this.label = label;
        }

        /** As people read it. */
        public String label() {
            return label;
        }
    }

    public Author {
        Objects.requireNonNull(user, "user is required");
        Objects.requireNonNull(door, "door is required");
        Objects.requireNonNull(address, "address is required");
        program = program.length() <= MAX_PROGRAM ? program : program.substring(0, MAX_PROGRAM);
    }

    /** A user of whom no more is known. */
    public static Author named(String user) {
        return new Author(user, Door.UNKNOWN, "", "");
    }

    /** A client on a connection. */
    public static Author of(ClientIdentity client, Door door) {
        return new Author(client.user(), door, client.address(), client.lang());
    }
}
