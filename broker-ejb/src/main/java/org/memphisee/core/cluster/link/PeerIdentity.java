package org.memphisee.core.cluster.link;

import java.util.Map;

/**
 * What a node says of itself when it links.
 *
 * @param cluster name of the cluster, 1 to 64 characters
 * @param node name of the node, which stays the same over restarts, 1 to 64 characters
 * @param incarnation another one after each start
 * @param oldestLevel of formats, that it understands
 * @param newestLevel of formats, that it understands; not below the oldest
 * @param clientUrl where clients find it, empty for unknown; at most 256 characters
 * @param fingerprints of secrets that all nodes must have alike, by what they are for; at most 16 of 64 characters
 */
public record PeerIdentity(String cluster, String node, long incarnation, int oldestLevel, int newestLevel, String clientUrl,
                           Map<String, String> fingerprints) {

    static final int MOST_FINGERPRINTS = 16;
    static final int LONGEST_NAME = 64;
    static final int LONGEST_URL = 256;

    public PeerIdentity {
        fingerprints = Map.copyOf(fingerprints);
        if (!name(cluster) || !name(node) || clientUrl.length() > LONGEST_URL || oldestLevel < 0 || newestLevel < oldestLevel
            || fingerprints.size() > MOST_FINGERPRINTS
            || !fingerprints.entrySet().stream().allMatch(e -> name(e.getKey()) && name(e.getValue()))) {
            throw new IllegalArgumentException("identity of " + node);
        }
    }

    private static boolean name(String text) {
        return !text.isEmpty() && text.length() <= LONGEST_NAME;
    }
}
