package org.memphisee.token;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Secrets that all nodes of a cluster must have alike, or a token is good only at the node that gave it. What nobody configured is
 * made of the secret of the cluster. Nodes show each other fingerprints of them, so that a difference is found when they link.
 */
public final class SharedSecrets {

    private static final int SHOWN_BYTES = 16;

    private SharedSecrets() { }

    /**
     * What is configured, completed.
     *
     * @param clusterSecret of at least 32 characters, or empty: then nothing is added, and each node makes its own
     */
    public static SigningSecrets.Configured completed(SigningSecrets.Configured given, String clusterSecret) {
        return new SigningSecrets.Configured(or(given.gatewayAccess(), clusterSecret, "gateway access tokens"),
            or(given.gatewayRefresh(), clusterSecret, "gateway refresh tokens"),
            or(given.managementAccess(), clusterSecret, "management access tokens"),
            or(given.managementRefresh(), clusterSecret, "management refresh tokens"));
    }

    private static Optional<String> or(Optional<String> given, String clusterSecret, String use) {
        return given.isPresent() || clusterSecret.isEmpty() ? given
            : Optional.of(Base64.getEncoder().encodeToString(derived(clusterSecret, use)));
    }

    /** What secrets are sealed with that have to be used again, at any node; a cluster's secret that is not empty. */
    public static byte[] sealingKey(String clusterSecret) {
        return derived(clusterSecret, "sealing");
    }

    private static byte[] derived(String secret, String use) {
        return SigningSecrets.derived(secret.getBytes(StandardCharsets.UTF_8), use);
    }

    /**
     * Fingerprints of what is there, by setting: nobody finds a secret by its fingerprint, nor whether two clusters have the same.
     *
     * @param cluster name of the cluster
     * @param clusterSecret its secret, perhaps empty
     */
    public static Map<String, String> fingerprints(SigningSecrets.Configured secrets, String cluster, String clusterSecret) {
        byte[] salt = derived("fingerprints of " + cluster + ' ' + clusterSecret, "salt");
        Map<String, String> all = new TreeMap<>();
        add(all, salt, "memphisee.gateway.jwt.secret", secrets.gatewayAccess());
        add(all, salt, "memphisee.gateway.jwt.refresh.secret", secrets.gatewayRefresh());
        add(all, salt, "memphisee.dashboard.jwt.secret", secrets.managementAccess());
        add(all, salt, "memphisee.dashboard.jwt.refresh.secret", secrets.managementRefresh());
        return all;
    }

    private static void add(Map<String, String> all, byte[] salt, String setting, Optional<String> secret) {
        secret.ifPresent(text -> all.put(setting, HexFormat.of().formatHex(SigningSecrets.derived(salt, setting + ' ' + text), 0,
            SHOWN_BYTES)));
    }
}
