package org.memphisee.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.Test;

import org.memphisee.token.SigningSecrets.Configured;

/** What nodes of a cluster have alike without being told each by itself. */
class SharedSecretsTest {

    private static final String SECRET = "0123456789abcdefghijklmnopqrstuv";
    private static final Configured NOTHING = new Configured(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    @Test
    void shouldBeTheSameOnAllNodesAndAnotherForEachUse() {
        Configured one = SharedSecrets.completed(NOTHING, SECRET);
        assertEquals(one, SharedSecrets.completed(NOTHING, SECRET));
        assertEquals(4, Set.of(one.gatewayAccess(), one.gatewayRefresh(), one.managementAccess(), one.managementRefresh()).size());
        assertTrue(one.gatewayAccess().orElseThrow().length() >= 32);
        assertNotEquals(one, SharedSecrets.completed(NOTHING, SECRET + "x"));
    }

    @Test
    void shouldLeaveWhatIsConfiguredAndAddNothingWithoutASecret() {
        Configured given = new Configured(Optional.of("mine"), Optional.empty(), Optional.empty(), Optional.empty());
        assertEquals(Optional.of("mine"), SharedSecrets.completed(given, SECRET).gatewayAccess());
        assertEquals(given, SharedSecrets.completed(given, ""));
    }

    @Test
    void shouldHaveFingerprintsThatDifferWithTheSecretsOnly() {
        Configured given = new Configured(Optional.of("mine"), Optional.empty(), Optional.empty(), Optional.of("another"));
        Map<String, String> shown = SharedSecrets.fingerprints(given, "memphis", "");
        assertEquals(Set.of("memphisee.gateway.jwt.secret", "memphisee.dashboard.jwt.refresh.secret"), shown.keySet(),
            "what each node makes for itself is not shown");
        assertEquals(shown, SharedSecrets.fingerprints(given, "memphis", ""));
        Configured other = new Configured(Optional.of("yours"), Optional.empty(), Optional.empty(), Optional.of("another"));
        Map<String, String> otherShown = SharedSecrets.fingerprints(other, "memphis", "");
        assertNotEquals(shown.get("memphisee.gateway.jwt.secret"), otherShown.get("memphisee.gateway.jwt.secret"));
        assertEquals(shown.get("memphisee.dashboard.jwt.refresh.secret"), otherShown.get("memphisee.dashboard.jwt.refresh.secret"));
        assertFalse(shown.toString().contains("mine"));
        assertNotEquals(shown, SharedSecrets.fingerprints(given, "another cluster", ""), "nothing is told about other clusters");
        assertTrue(shown.values().stream().allMatch(text -> text.length() == 32));
    }
}
