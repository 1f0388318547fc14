package org.memphisee.core.control;

import java.util.Objects;

/**
 * Settings of the control plane.
 *
 * @param rootPassword password of user {@code root}, set again at every start
 * @param authMode how clients identify themselves
 * @param connectionToken the shared secret in token mode, else empty
 * @param serverName name of this node, shown to people
 * @param maxStreams streams that may exist, partitions included; -1 for unlimited
 * @param maxStationPartitions partitions that one station may have
 * @param snapshotEvery events between two snapshots of the definitions
 * @param keepEvents events that stay in the log behind a snapshot, for projections that lag
 * @param loopCapacity requests that may wait for the control loop
 * @param maxMemoryBytes what stations in memory may occupy; -1 for unlimited
 * @param passwordIterations PBKDF2 iterations of newly stored passwords; verification takes what the hash says
 */
public record ControlSettings(String rootPassword, AuthMode authMode, String connectionToken, String serverName,
                              int maxStreams, int maxStationPartitions, int snapshotEvery, long keepEvents,
                              int loopCapacity, long maxMemoryBytes, int passwordIterations) {

    public ControlSettings {
        Objects.requireNonNull(rootPassword, "root password is required");
        Objects.requireNonNull(connectionToken, "connection token is required");
        if (authMode == AuthMode.TOKEN && connectionToken.isEmpty()) {
            throw new IllegalArgumentException("token mode needs a connection token; set CONNECTION_TOKEN");
        }
    }

    /** How clients identify themselves (wire-protocol.md 2.1). */
    public enum AuthMode { USER_PASSWORD, TOKEN }

    /** The defaults. */
    public static ControlSettings of(String rootPassword, AuthMode authMode, String connectionToken, String serverName) {
        return new ControlSettings(rootPassword, authMode, connectionToken, serverName, -1, 10_000, 1_000, 10_000,
            65_536, -1, 100_000);
    }

    /** The same with another snapshot rhythm. */
    public ControlSettings withSnapshots(int every, long keep) {
        return new ControlSettings(rootPassword, authMode, connectionToken, serverName, maxStreams, maxStationPartitions,
            every, keep, loopCapacity, maxMemoryBytes, passwordIterations);
    }

    /** The same with another cost of stored passwords. */
    public ControlSettings withPasswordIterations(int iterations) {
        return new ControlSettings(rootPassword, authMode, connectionToken, serverName, maxStreams, maxStationPartitions,
            snapshotEvery, keepEvents, loopCapacity, maxMemoryBytes, iterations);
    }

    /** The same with a budget for stations in memory. */
    public ControlSettings withMaxMemory(long bytes) {
        return new ControlSettings(rootPassword, authMode, connectionToken, serverName, maxStreams, maxStationPartitions,
            snapshotEvery, keepEvents, loopCapacity, bytes, passwordIterations);
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
