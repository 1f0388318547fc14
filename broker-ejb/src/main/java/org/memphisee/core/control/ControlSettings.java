package org.memphisee.core.control;

import java.util.Objects;

/**
 * Settings of the control plane.
 *
 * @param rootPassword password that user {@code root} is made with
 * @param rootPasswordGiven whether somebody set it on purpose: then root gets it when it is another than before
 * @param authMode how clients identify themselves
 * @param connectionToken the shared secret in token mode, else empty
 * @param serverName name of this node, shown to people
 * @param maxStreams streams that may exist, partitions included; -1 for unlimited
 * @param maxStationPartitions partitions that one station may have
 * @param snapshotEvery events between two snapshots of the definitions
 * @param keepEvents events that stay in the log behind a snapshot, for projections that lag
 * @param loopCapacity requests that may wait for the control loop
 * @param maxMemoryBytes what stations in memory may occupy; -1 for unlimited
 * @param memberAwayNanos how long a registered producer or consumer may be without its connection
 * @param passwordIterations PBKDF2 iterations of newly stored passwords; verification takes what the hash says, and one that
 *     says less is stored again with these
 * @param maxPayload largest message, headers included, in bytes
 * @param defaultReplicas copies of stations of which nobody says how many; 0 for three where that many nodes are there, else one
 */
public record ControlSettings(String rootPassword, boolean rootPasswordGiven, AuthMode authMode, String connectionToken,
                              String serverName, int maxStreams, int maxStationPartitions, int snapshotEvery,
                              long keepEvents, int loopCapacity, long maxMemoryBytes, long memberAwayNanos,
                              int passwordIterations, int maxPayload, int defaultReplicas) {

    /** The root password of a fresh installation, known to everybody (D21). */
    public static final String WELL_KNOWN_PASSWORD = "memphis";

    /** What OWASP advises for PBKDF2 with HMAC-SHA256 (ADR 0057). */
    private static final int PASSWORD_ITERATIONS = 600_000;
    private static final int MAX_PAYLOAD = 1 << 20;
    private static final long DEFAULT_AWAY_NANOS = 2L * 3_600 * 1_000_000_000L;

    public ControlSettings {
        Objects.requireNonNull(rootPassword, "root password is required");
        Objects.requireNonNull(connectionToken, "connection token is required");
        if (authMode == AuthMode.TOKEN && connectionToken.isEmpty()) {
            throw new IllegalArgumentException("token mode needs a connection token; set CONNECTION_TOKEN");
        }
    }

    /** How clients identify themselves (wire-protocol.md 2.1). */
    public enum AuthMode { USER_PASSWORD, TOKEN }

    /** The defaults; nobody chose the password. */
    public static ControlSettings of(String rootPassword, AuthMode authMode, String connectionToken, String serverName) {
        return new ControlSettings(rootPassword, false, authMode, connectionToken, serverName, -1, 10_000, 1_000, 10_000,
            65_536, -1, DEFAULT_AWAY_NANOS, PASSWORD_ITERATIONS, MAX_PAYLOAD, 0);
    }

    /** The same with a password that somebody set for root. */
    public ControlSettings withGivenRootPassword(String password) {
        return new ControlSettings(password, true, authMode, connectionToken, serverName, maxStreams, maxStationPartitions,
            snapshotEvery, keepEvents, loopCapacity, maxMemoryBytes, memberAwayNanos, passwordIterations, maxPayload,
            defaultReplicas);
    }

    /** The same with another snapshot rhythm. */
    public ControlSettings withSnapshots(int every, long keep) {
        return new ControlSettings(rootPassword, rootPasswordGiven, authMode, connectionToken, serverName, maxStreams,
            maxStationPartitions, every, keep, loopCapacity, maxMemoryBytes, memberAwayNanos, passwordIterations, maxPayload,
            defaultReplicas);
    }

    /** The same with another cost of stored passwords. */
    public ControlSettings withPasswordIterations(int iterations) {
        return new ControlSettings(rootPassword, rootPasswordGiven, authMode, connectionToken, serverName, maxStreams,
            maxStationPartitions, snapshotEvery, keepEvents, loopCapacity, maxMemoryBytes, memberAwayNanos, iterations, maxPayload,
            defaultReplicas);
    }

    /** The same with a budget for stations in memory. */
    public ControlSettings withMaxMemory(long bytes) {
        return new ControlSettings(rootPassword, rootPasswordGiven, authMode, connectionToken, serverName, maxStreams,
            maxStationPartitions, snapshotEvery, keepEvents, loopCapacity, bytes, memberAwayNanos, passwordIterations, maxPayload,
            defaultReplicas);
    }

    /** The same with another largest message. */
    public ControlSettings withMaxPayload(int bytes) {
        return new ControlSettings(rootPassword, rootPasswordGiven, authMode, connectionToken, serverName, maxStreams,
            maxStationPartitions, snapshotEvery, keepEvents, loopCapacity, maxMemoryBytes, memberAwayNanos, passwordIterations,
            bytes, defaultReplicas);
    }

    /** The same with another patience with producers and consumers that are away. */
    public ControlSettings withMemberAway(long nanos) {
        return new ControlSettings(rootPassword, rootPasswordGiven, authMode, connectionToken, serverName, maxStreams,
            maxStationPartitions, snapshotEvery, keepEvents, loopCapacity, maxMemoryBytes, nanos, passwordIterations, maxPayload,
            defaultReplicas);
    }

    /** The same with another number of copies where nobody says how many; 0 for what suits. */
    public ControlSettings withDefaultReplicas(int replicas) {
        return new ControlSettings(rootPassword, rootPasswordGiven, authMode, connectionToken, serverName, maxStreams,
            maxStationPartitions, snapshotEvery, keepEvents, loopCapacity, maxMemoryBytes, memberAwayNanos, passwordIterations, maxPayload,
            replicas);
    }

    /** The account that all clients share. */
    public String tenant() {
        return authMode == AuthMode.TOKEN ? "$G" : "$memphis";
    }

    @Override
    public String toString() { // never print secrets
        return "ControlSettings[authMode=" + authMode + ", serverName=" + serverName + "]";
    }
}
