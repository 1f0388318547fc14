package org.memphisee.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which nodes form the cluster, and how they speak to each other.
 *
 * @param mode how members are found
 * @param name of the cluster
 * @param members all nodes, this one included; empty when the mode is off
 * @param bind address to listen on, empty for that of this node among the members
 * @param clientAdvertise where clients find this node: a host, or URLs separated by commas; empty for the host among the members
 * @param secret that all nodes have alike, empty for none
 * @param tls files for TLS between nodes
 * @param insecure whether nodes may speak without TLS where others can listen
 * @param limits of the journal, and of what is copied
 */
public record ClusterSettings(Mode mode, String name, List<Member> members, String bind, String clientAdvertise, String secret, ClusterTlsFiles tls,
                              boolean insecure, Limits limits) {

    /**
     * Limits.
     *
     * @param journalBytes of the journal, 0 for what suits the disk
     * @param rebuildRate bytes a second of each group that is rebuilt
     * @param scrubRate bytes a second of stored records that are looked through, 0 for never
     * @param defaultReplicas copies of stations of which nobody says how many; 0 for what suits
     */
    public record Limits(long journalBytes, long rebuildRate, long scrubRate, int defaultReplicas) { }

    /** How the other nodes are found. */
    public enum Mode {
        /** There are none. */
        OFF,
        /** They are listed. */
        STATIC,
        /** They have numbers, and names in the DNS. */
        DNS
    }

    /**
     * A node.
     *
     * @param node its name
     * @param host under which others find it
     * @param port of the cluster there
     */
    public record Member(String node, String host, int port) { }

    /**
     * PEM files; empty names for none.
     *
     * @param certificate of this node, and what leads to the cluster's authority
     * @param key its key
     * @param keyPassword of an encrypted key, else empty
     * @param ca the authority that signs all nodes and nobody else
     */
    public record ClusterTlsFiles(String certificate, String key, String keyPassword, String ca) {

        /** Whether nodes speak TLS. */
        public boolean given() {
            return !certificate.isEmpty() && !key.isEmpty() && !ca.isEmpty();
        }

        private boolean partly() {
            return !given() && !(certificate.isEmpty() && key.isEmpty() && ca.isEmpty());
        }

        @Override
        public String toString() { // never print secrets
            return "ClusterTlsFiles[certificate=" + certificate + ", ca=" + ca + "]";
        }
    }

    static final String NODE = "[0-9A-Za-z][0-9A-Za-z._-]{0,63}";
    static final String MEMBER = "(" + NODE + ")@([0-9A-Za-z._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}\\])(?::(\\d{1,5}))?";
    /** Shorter ones can be found by trying. */
    static final int SHORTEST_SECRET = 32;
    private static final Pattern PARTS = Pattern.compile(MEMBER);
    private static final Pattern NUMBERED = Pattern.compile("(.*)-(\\d{1,2})");
    private static final int HIGHEST_PORT = 65_535;

    public ClusterSettings {
        members = List.copyOf(members);
    }

    /** This node among the members. */
    public Member own(String node) {
        return members.stream().filter(member -> member.node().equals(node)).findFirst().orElseThrow();
    }

    /** Members of a list as it is written. */
    static List<Member> listed(List<String> entries, int port, List<String> problems) {
        List<Member> members = new ArrayList<>();
        for (String entry : entries) {
            Matcher parts = PARTS.matcher(entry);
            if (!parts.matches()) {
                throw new IllegalArgumentException(entry);
            }
            int own = parts.group(3) == null ? port : Integer.parseInt(parts.group(3));
            if (own < 1 || own > HIGHEST_PORT) {
                problems.add(Settings.CLUSTER_MEMBERS.key() + " has \"" + entry + "\"; allowed: a port from 1 to 65535");
            }
            members.add(new Member(parts.group(1), parts.group(2).replaceAll("[\\[\\]]", ""), own));
        }
        return members;
    }

    /** Members that are numbered from 0, as a StatefulSet names them, of which this node is one. */
    static List<Member> numbered(String node, int size, String query, int port, List<String> problems) {
        Matcher parts = NUMBERED.matcher(node);
        if (query.isEmpty()) {
            problems.add(Settings.CLUSTER_DNS_QUERY.key() + " is empty; allowed with " + Settings.CLUSTER_MODE.key()
                + "=dns: the name of the headless service");
        }
        if (!parts.matches() || Integer.parseInt(parts.group(2)) >= size) {
            problems.add(Settings.SERVER_NAME.key() + " is \"" + node + "\"; allowed with " + Settings.CLUSTER_MODE.key()
                + "=dns: a name that ends with -0 to -" + (size - 1) + ", as " + Settings.CLUSTER_DNS_SIZE.key() + " has it");
            return List.of();
        }
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            String name = parts.group(1) + "-" + i;
            members.add(new Member(name, name + "." + query, port));
        }
        return members;
    }

    /** What is wrong when everything is seen together. */
    void check(String node, List<String> problems) {
        if (mode == Mode.OFF) {
            return;
        }
        if (mode == Mode.STATIC && members.size() < 2) {
            problems.add(Settings.CLUSTER_MEMBERS.key() + " names " + members.size() + " nodes; allowed with "
                + Settings.CLUSTER_MODE.key() + "=static: all nodes of the cluster, such as memphis-0@10.0.0.1:6222,memphis-1@…");
        } else if (mode == Mode.STATIC && members.stream().noneMatch(member -> member.node().equals(node))) {
            problems.add(Settings.CLUSTER_MEMBERS.key() + " does not name this node; allowed: a list that has \"" + node + "\", which is "
                + Settings.SERVER_NAME.key());
        }
        Set<String> seen = new HashSet<>();
        for (Member member : members) {
            if (!seen.add(member.node()) | !seen.add(member.host() + ":" + member.port())) {
                problems.add(Settings.CLUSTER_MEMBERS.key() + " names \"" + member.node() + "\" or its address twice; allowed: each "
                    + "node once, with an address of its own");
            }
        }
        if (tls.partly()) {
            problems.add(Settings.CLUSTER_TLS_CERTIFICATE.key() + ", " + Settings.CLUSTER_TLS_KEY.key() + " and "
                + Settings.CLUSTER_TLS_CA.key() + " belong together; allowed: all or none");
        }
        checkSecurity(problems);
    }

    private void checkSecurity(List<String> problems) {
        boolean here = members.stream().allMatch(member -> loopback(member.host())) && (bind.isEmpty() || loopback(bind));
        if (!here && !tls.given() && !insecure) {
            problems.add(Settings.CLUSTER_MEMBERS.key() + " has addresses that are not loopback, and there is no TLS between nodes; "
                + "allowed with " + Settings.CLUSTER_TLS_CERTIFICATE.key() + ", " + Settings.CLUSTER_TLS_KEY.key() + " and "
                + Settings.CLUSTER_TLS_CA.key() + ", or " + Settings.CLUSTER_INSECURE.key() + "=true on a network of the nodes' own");
        }
        if (secret.length() < SHORTEST_SECRET && (!here || !secret.isEmpty())) {
            problems.add(Settings.CLUSTER_SECRET.key() + " has " + secret.length() + " characters; allowed: at least " + SHORTEST_SECRET
                + " that nobody knows, alike on all nodes, set with MEMPHISEE_CLUSTER_SECRET_FILE");
        }
    }

    private static boolean loopback(String host) {
        return host.equals("localhost") || host.matches("127(\\.\\d{1,3}){3}") || host.equals("::1");
    }

    @Override
    public String toString() { // never print secrets
        return "ClusterSettings[mode=" + mode + ", name=" + name + ", members=" + members + ", bind=" + bind + ", tls=" + tls
            + ", insecure=" + insecure + "]";
    }
}
