package org.memphisee.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.memphisee.config.ClusterSettings.ClusterTlsFiles;
import org.memphisee.config.ClusterSettings.Member;
import org.memphisee.config.ClusterSettings.Mode;

class ClusterSettingsTest {

    private static final ClusterSettings.Limits LIMITS = new ClusterSettings.Limits(0, 1 << 20, 0, 0);

    private static final String SECRET = "0123456789abcdefghijklmnopqrstuv";
    private static final ClusterTlsFiles TLS = new ClusterTlsFiles("c", "k", "", "a");
    private static final ClusterTlsFiles NO_TLS = new ClusterTlsFiles("", "", "", "");
    private static final List<Member> FAR = List.of(new Member("memphis-0", "10.0.0.1", 6222), new Member("memphis-1", "10.0.0.2", 6222));
    private static final List<Member> NEAR = List.of(new Member("memphis-0", "127.0.0.1", 6222), new Member("memphis-1", "::1", 6223));

    private final Map<String, String> environment = new HashMap<>();
    private final List<String> problems = new ArrayList<>();

    @Test
    void shouldBeOffWhenNothingIsSet() throws InvalidSettingsException {
        ClusterSettings cluster = load().cluster();
        assertEquals(Mode.OFF, cluster.mode());
        assertEquals(List.of(), cluster.members());
    }

    @Test
    void shouldTakeAListOfMembersThatHasThisNode() throws InvalidSettingsException {
        environment.put("MEMPHISEE_CLUSTER_MODE", "static");
        environment.put("MEMPHISEE_CLUSTER_MEMBERS", "memphis-0@127.0.0.1:6222,memphis-1@127.0.0.1:6223");
        assertEquals(Mode.STATIC, load().cluster().mode());
    }

    @Test
    void shouldFindMembersByTheNamesThatAStatefulSetGives() throws InvalidSettingsException {
        dns("memphis-1");
        ClusterSettings cluster = load().cluster();
        assertEquals(Mode.DNS, cluster.mode());
        assertEquals(List.of("memphis-0.peers.mq.svc", "memphis-1.peers.mq.svc", "memphis-2.peers.mq.svc"),
            cluster.members().stream().map(Member::host).toList());
        assertEquals("memphis-1", cluster.own("memphis-1").node());
    }

    @Test
    void shouldSayWhatIsMissingForNamesOfTheDns() {
        dns("memphis");
        environment.remove("MEMPHISEE_CLUSTER_DNS_QUERY");
        List<String> found = assertThrows(InvalidSettingsException.class, this::load).problems();
        assertTrue(found.stream().anyMatch(p -> p.startsWith("memphisee.cluster.dns.query is empty; allowed with "
            + "memphisee.cluster.mode=dns: the name of the headless service")), found.toString());
        assertTrue(found.stream().anyMatch(p -> p.startsWith("memphisee.server.name is \"memphis\"; allowed with "
            + "memphisee.cluster.mode=dns: a name that ends with -0 to -2")), found.toString());
    }

    @Test
    void shouldWantTlsForNamesOfTheDns() {
        dns("memphis-0");
        environment.remove("MEMPHISEE_CLUSTER_INSECURE");
        String problem = assertThrows(InvalidSettingsException.class, this::load).problems().get(0);
        assertTrue(problem.contains("there is no TLS between nodes; allowed with memphisee.cluster.tls.certificate"), problem);
    }

    @Test
    void shouldTakeANumberOfCopiesOrWhatSuits() throws InvalidSettingsException {
        assertEquals(0, load().cluster().limits().defaultReplicas());
        environment.put("MEMPHISEE_CLUSTER_REPLICAS_DEFAULT", "3");
        assertEquals(3, load().cluster().limits().defaultReplicas());
        environment.put("MEMPHISEE_CLUSTER_REPLICAS_DEFAULT", "2");
        String problem = assertThrows(InvalidSettingsException.class, this::load).problems().get(0);
        assertTrue(problem.contains("memphisee.cluster.replicas.default is \"2\"; allowed: auto, 1, 3 or 5"), problem);
    }

    private void dns(String node) {
        environment.putAll(Map.of("MEMPHISEE_CLUSTER_MODE", "dns", "MEMPHISEE_CLUSTER_DNS_QUERY", "peers.mq.svc",
            "MEMPHISEE_SERVER_NAME", node, "MEMPHISEE_CLUSTER_INSECURE", "true", "MEMPHISEE_CLUSTER_SECRET", SECRET));
    }

    @Test
    void shouldSayWhatIsWrongWithAListOfMembers() {
        environment.put("MEMPHISEE_CLUSTER_MEMBERS", "memphis-0");
        String problem = assertThrows(InvalidSettingsException.class, this::load).problems().get(0);
        assertTrue(problem.contains("memphisee.cluster.members") && problem.contains("memphis-0@10.0.0.1:6222"), problem);
    }

    @Test
    void shouldReadAListOfMembers() {
        assertEquals(List.of(new Member("memphis-0", "10.0.0.1", 6222), new Member("b", "host.example", 7000),
            new Member("c", "fe80::1", 1)), ClusterSettings.listed(List.of("memphis-0@10.0.0.1", "b@host.example:7000",
            "c@[fe80::1]:1"), 6222, problems));
        assertEquals(List.of(), problems);
        ClusterSettings.listed(List.of("a@b:70000"), 6222, problems);
        assertProblem("has \"a@b:70000\"; allowed: a port");
    }

    @Test
    void shouldNumberMembersAsAStatefulSetDoes() {
        assertEquals(List.of(new Member("memphis-0", "memphis-0.cluster.local", 6222),
            new Member("memphis-1", "memphis-1.cluster.local", 6222)), ClusterSettings.numbered("memphis-1", 2, "cluster.local", 6222,
            problems));
        assertEquals(List.of(), problems);
        ClusterSettings.numbered("memphis-2", 2, "q", 6222, problems);
        assertProblem("memphisee.server.name is \"memphis-2\"; allowed with memphisee.cluster.mode=dns: a name that ends with -0 to -1");
        ClusterSettings.numbered("memphis-0", 2, "", 6222, problems);
        assertProblem("memphisee.cluster.dns.query is empty");
    }

    @Test
    void shouldWantThisNodeAndOthersOnceEach() {
        check(FAR.subList(0, 1), SECRET, TLS, false);
        assertProblem("names 1 nodes");
        check(List.of(FAR.get(1), new Member("memphis-2", "10.0.0.3", 6222)), SECRET, TLS, false);
        assertProblem("does not name this node; allowed: a list that has \"memphis-0\"");
        check(List.of(FAR.get(0), new Member("memphis-1", "10.0.0.1", 6222)), SECRET, TLS, false);
        assertProblem("names \"memphis-1\" or its address twice");
        check(List.of(FAR.get(0), new Member("memphis-0", "10.0.0.4", 6222)), SECRET, TLS, false);
        assertProblem("names \"memphis-0\" or its address twice");
    }

    @Test
    void shouldWantTlsAndASecretWhereOthersCanListen() {
        check(FAR, SECRET, TLS, false);
        check(FAR, SECRET, NO_TLS, true);
        check(NEAR, "", NO_TLS, false);
        assertEquals(List.of(), problems);
        check(FAR, SECRET, NO_TLS, false);
        assertProblem("there is no TLS between nodes; allowed with memphisee.cluster.tls.certificate");
        check(FAR, "short", TLS, false);
        assertProblem("memphisee.cluster.secret has 5 characters");
        check(FAR, "", NO_TLS, true);
        assertProblem("memphisee.cluster.secret has 0 characters");
        check(NEAR, "short", NO_TLS, false);
        assertProblem("memphisee.cluster.secret has 5 characters");
        check(FAR, SECRET, new ClusterTlsFiles("c", "", "", ""), true);
        assertProblem("belong together; allowed: all or none");
        new ClusterSettings(Mode.STATIC, "c", NEAR, "0.0.0.0", "", SECRET, NO_TLS, false, LIMITS).check("memphis-0", problems);
        assertProblem("there is no TLS between nodes");
    }

    @Test
    void shouldNotPrintSecrets() {
        String text = new ClusterSettings(Mode.STATIC, "c", NEAR, "", "", SECRET, new ClusterTlsFiles("c", "k", "hidden", "a"), false, LIMITS)
            .toString();
        assertFalse(text.contains(SECRET) || text.contains("hidden"), text);
    }

    private void check(List<Member> members, String secret, ClusterTlsFiles tls, boolean insecure) {
        new ClusterSettings(Mode.STATIC, "c", members, "", "", secret, tls, insecure, LIMITS).check("memphis-0", problems);
    }

    private void assertProblem(String part) {
        assertEquals(1, problems.size(), problems.toString());
        assertTrue(problems.get(0).contains(part), problems.get(0));
        problems.clear();
    }

    private BrokerSettings load() throws InvalidSettingsException {
        return new SettingsLoader(SettingSource.of("server.xml", Map.of()), environment,
            new SettingsLoader.Machine(2, 1L << 30, "/home/somebody")).load().settings();
    }
}
