package org.memphisee.core.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.memphisee.core.api.ClientIdentity;
import org.memphisee.core.control.Authors;
import org.memphisee.core.control.ControlFixture;
import org.memphisee.core.control.ControlSettings;
import org.memphisee.core.control.FakeApi;
import org.memphisee.core.control.FakeSystemLog;
import org.memphisee.core.control.PlaneFixture;
import org.memphisee.port.SessionInfo.Transport;

class AuthenticatorTest {

    private static final String GOOD = "Secret-1x";

    private PlaneFixture plane = new PlaneFixture();

    @AfterEach
    void stop() {
        plane.close();
    }

    private void user(String name, String type) {
        FakeApi.await(plane.plane.users().createUser(name, type, GOOD, Map.of()));
    }

    private static String refusal(CompletableFuture<Void> change) {
        return assertThrows(ExecutionException.class, () -> change.get(10, TimeUnit.SECONDS)).getCause().getMessage();
    }

    private static void assertRefused(AuthResult result) {
        assertEquals(new AuthResult.Refused("Authorization Violation"), result);
    }

    private static ClientIdentity identity(AuthResult result) {
        return assertInstanceOf(AuthResult.Accepted.class, result).identity();
    }

    private static void assertIs(AuthResult result, String user, String connectionId) {
        assertEquals(new ClientIdentity(user, connectionId, "nats.js", "$memphis"), identity(result));
    }

    @Test
    void shouldAcceptSdksAndPlainClients() {
        assertIs(plane.connect("root$1", "memphis", "uuid::root"), "root", "uuid");
        assertIs(plane.connect("root", "memphis", "uuid::ROOT"), "root", "uuid");
        assertIs(plane.connect("root", "memphis", ""), "root", "");
        assertIs(plane.connect("root", "memphis", "NATS CLI Version 0.1::x"), "root", "");
        assertIs(plane.connect("root", "memphis", "", "a::b", Transport.WEBSOCKET), "root", "");
    }

    @ParameterizedTest
    @CsvSource({"root,wrong,''", "root,'',''", "'','',''", "nobody,memphis,''", "root$2,memphis,''", "Root,memphis,''",
        "root,memphis,uuid::app", "root,memphis,a::b::root", "root$1$1,memphis,''"})
    void shouldRefuse(String user, String password, String name) {
        user("app", "application");
        assertRefused(plane.connect(user, password, name));
    }

    @Test
    void shouldRefuseManagementUsers() {
        user("boss", "management");
        user("app", "application");
        assertRefused(plane.connect("boss", GOOD, "NATS CLI"));
        assertIs(plane.connect("app$1", GOOD, "u::app"), "app", "u");
    }

    @Test
    void shouldForgetTheOldPassword() {
        user("app", "application");
        assertIs(plane.connect("app", GOOD, ""), "app", "");
        FakeApi.await(plane.plane.users().changePassword(Authors.of("root"), "app", "Other-2yz"));
        assertRefused(plane.connect("app", GOOD, ""));
        assertIs(plane.connect("app", "Other-2yz", ""), "app", "");
        FakeApi.await(plane.plane.users().removeUser(Authors.of("root"), "app"));
        assertRefused(plane.connect("app", "Other-2yz", ""));
    }

    @Test
    void shouldAcceptEveryoneOfAStormWithOnePassword() {
        restart(ControlSettings.of("memphis", ControlSettings.AuthMode.USER_PASSWORD, "", "memphis-0"));
        user("app", "application"); // with the iterations of production
        IntStream.range(0, 10_000).parallel().forEach(i -> assertIs(plane.connect("app", GOOD, "u::app"), "app", "u"));
    }

    @Test
    void shouldNotLetWrongPasswordsOfOneUserKeepOthersOut() {
        user("app", "application");
        user("victim", "application");
        CompletableFuture<?>[] attacks = IntStream.range(0, 200).mapToObj(i -> CompletableFuture.runAsync(() ->
            assertInstanceOf(AuthResult.Refused.class, plane.connect("app", "Wrong-" + i, "")))).toArray(CompletableFuture[]::new);
        assertIs(plane.connect("victim", GOOD, ""), "victim", "");
        FakeApi.await(CompletableFuture.allOf(attacks));
    }

    @Test
    void shouldLetDashboardsFollowTopicsByWebSocketOnly() {
        AuthResult viewer = new AuthResult.Viewer(new ClientIdentity(LiveViewer.NAME, "", "nats.js", "$memphis"));
        assertRefused(plane.connect("$memphis_user$1", "", "", "", Transport.WEBSOCKET));
        plane.plane.authenticator().viewerPassword("shown-to-people");
        assertEquals(viewer, plane.connect("$memphis_user$1", "shown-to-people", "", "", Transport.WEBSOCKET));
        assertRefused(plane.connect("$memphis_user$1", "shown-to-peopl", "", "", Transport.WEBSOCKET));
        assertRefused(plane.connect("$memphis_user$1", "", "", "", Transport.WEBSOCKET));
        assertRefused(plane.connect("$memphis_user$2", "shown-to-people", "", "", Transport.WEBSOCKET));
        assertRefused(plane.connect("$memphis_user$1", "shown-to-people", ""));
        restart(ControlSettings.of("memphis", ControlSettings.AuthMode.TOKEN, "shared", "memphis-0"));
        assertInstanceOf(AuthResult.Viewer.class, plane.connect("", "", "::shared", "", Transport.WEBSOCKET));
        assertRefused(plane.connect("", "", "::share", "", Transport.WEBSOCKET));
        assertRefused(plane.connect("", "", "::shared", "", Transport.TCP));
    }

    private void restart(ControlSettings settings) {
        plane.close();
        plane = new PlaneFixture(plane.log, settings);
    }

    @Test
    void shouldKeepRootsPasswordOverStartsWhenNobodyGivesAnother() {
        assertTrue(plane.plane.users().wellKnownPassword());
        FakeApi.await(plane.plane.users().changePassword(Authors.of("root"), "root", GOOD));
        PlaneFixture.until(() -> !plane.plane.users().wellKnownPassword());
        int before = plane.log.size();
        restart(ControlFixture.settings());
        assertEquals(before, plane.log.size());
        assertIs(plane.connect("root", GOOD, ""), "root", "");
        assertRefused(plane.connect("root", "memphis", ""));
        assertFalse(plane.plane.users().wellKnownPassword());
        assertFalse(plane.plane.users().rootPasswordReplaced());
    }

    @ParameterizedTest
    @ValueSource(strings = {"memphis", "given-Password1"})
    void shouldSetRootsPasswordAtAStartThatGivesAnother(String given) {
        FakeApi.await(plane.plane.users().changePassword(Authors.of("root"), "root", GOOD));
        int before = plane.log.size();
        restart(ControlFixture.settings().withGivenRootPassword(given));
        assertEquals(before + 2, plane.log.size());
        assertIs(plane.connect("root", given, ""), "root", "");
        assertRefused(plane.connect("root", GOOD, ""));
        assertEquals(given.equals("memphis"), plane.plane.users().wellKnownPassword());
        assertTrue(plane.plane.users().rootPasswordReplaced());
        restart(ControlFixture.settings().withGivenRootPassword(given));
        assertEquals(before + 2, plane.log.size());
        assertFalse(plane.plane.users().rootPasswordReplaced());
        restart(ControlFixture.settings());
        assertIs(plane.connect("root", given, ""), "root", "");
        assertEquals(given.equals("memphis"), plane.plane.users().wellKnownPassword());
    }

    /** What features.md 8.2 calls a quirk: a password that root gave itself was undone by the next start. */
    @Test
    void shouldKeepWhatRootChoseUntilAStartGivesAnotherPassword() {
        restart(ControlFixture.settings().withGivenRootPassword("given-Password1"));
        FakeApi.await(plane.plane.users().changePassword(Authors.of("root"), "root", GOOD));
        restart(ControlFixture.settings().withGivenRootPassword("given-Password1"));
        assertIs(plane.connect("root", GOOD, ""), "root", "");
        assertRefused(plane.connect("root", "given-Password1", ""));
        assertFalse(plane.plane.users().wellKnownPassword());
        assertFalse(plane.plane.users().rootPasswordReplaced());
        restart(ControlFixture.settings().withGivenRootPassword("given-Password2"));
        assertIs(plane.connect("root", "given-Password2", ""), "root", "");
        assertTrue(plane.plane.users().rootPasswordReplaced());
    }

    @Test
    void shouldMakeRootWithTheGivenPassword() {
        plane.close();
        plane = new PlaneFixture(new FakeSystemLog(), ControlFixture.settings().withGivenRootPassword(GOOD));
        assertIs(plane.connect("root", GOOD, ""), "root", "");
        assertFalse(plane.plane.users().wellKnownPassword());
        assertFalse(plane.plane.users().rootPasswordReplaced());
    }

    @Test
    void shouldWorkWithTokens() {
        plane.close();
        plane = new PlaneFixture(new FakeSystemLog(),
            ControlSettings.of("memphis", ControlSettings.AuthMode.TOKEN, "tok", "memphis-0").withPasswordIterations(1000));
        user("app", "application");
        user("boss", "management");
        ClientIdentity sdk = new ClientIdentity("app", "uuid", "nats.js", "$G");
        assertEquals(sdk, identity(plane.connect("", "", "tok", "uuid::app", Transport.TCP)));
        assertEquals(new ClientIdentity("app", "", "nats.js", "$G"),
            identity(plane.connect("", "", "app::tok", "", Transport.TCP)));
        assertRefused(plane.connect("", "", "tok", "uuid::boss", Transport.TCP));
        assertRefused(plane.connect("", "", "no", "uuid::app", Transport.TCP));
        assertRefused(plane.connect("", "", "app::no", "", Transport.TCP));
        assertRefused(plane.connect("", "", "nobody::tok", "", Transport.TCP));
        assertRefused(plane.connect("", "", "tok", "", Transport.TCP));
    }

    @Test
    void shouldCheckUsersAndPasswords() {
        Users users = plane.plane.users();
        user("app", "application");
        assertEquals("A user with the name app already exists", refusal(users.createUser("APP", "application", GOOD, Map.of())));
        assertEquals("username has to include only letters/numbers/./_/- ",
            refusal(users.createUser("a b", "application", GOOD, Map.of())));
        assertEquals("user type has to be application/management and not root",
            refusal(users.createUser("x", "root", GOOD, Map.of())));
        assertEquals("Password was not provided", refusal(users.createUser("x", "application", "", Map.of())));
        assertEquals("password exceeds the maximum allowed length of 20 characters",
            refusal(users.createUser("x", "application", "Aa1!".repeat(6), Map.of())));
        String weak = "Password must be at least 8 characters long, contain both uppercase and lowercase, and at least one "
            + "number and one special character";
        for (String password : new String[] {"Aa1!aa", "aaaaaaa1!", "AAAAAAA1!", "Aaaaaaaa!", "Aaaaaaaa1", "Aaaaaaa1! "}) {
            assertEquals(weak, refusal(users.createUser("x", "application", password, Map.of())));
        }
        assertEquals("You can not remove the root user", refusal(users.removeUser(Authors.of("app"), "root")));
        assertEquals("You can not remove your own user", refusal(users.removeUser(Authors.of("app"), "app")));
        assertEquals("Change root password: This operation can be done only by the root user",
            refusal(users.changePassword(Authors.of("app"), "root", GOOD)));
        assertEquals("Change user password: This operation can be done only by the user or the root user",
            refusal(users.changePassword(Authors.of("other"), "app", GOOD)));
        assertEquals("User does not exist", refusal(users.changePassword(Authors.of("root"), "none", GOOD)));
    }

    private String hash(String user) {
        return plane.plane.users().find(user).orElseThrow().passwordHash();
    }

    @Test
    void shouldHashAnOldPasswordAgainAtTheNextSignInWithoutCuttingAnybody() throws InterruptedException {
        user("app", "application");
        user("idle", "application");
        String old = hash("app");
        CredentialFingerprint fingerprint = new CredentialFingerprint(new byte[32], "");
        String before = fingerprint.of(plane.plane.users().find("app").orElseThrow());
        restart(ControlFixture.settings().withPasswordIterations(3_000));
        List<String> revoked = new CopyOnWriteArrayList<>();
        plane.plane.users().whenRevoked(revoked::add);
        assertRefused(plane.connect("app", "Wrong-1x", ""));
        assertEquals(old, hash("app"));

        AuthResult.Accepted accepted = assertInstanceOf(AuthResult.Accepted.class, plane.connect("app", GOOD, ""));
        PlaneFixture.until(() -> hash("app").startsWith("pbkdf2-sha256$1$3000$"));

        assertTrue(plane.plane.users().current(accepted.user()));
        assertEquals(before, fingerprint.of(plane.plane.users().find("app").orElseThrow()));
        int stored = plane.log.size();
        assertIs(plane.connect("app", GOOD, ""), "app", "");
        assertRefused(plane.connect("app", "Wrong-1x", ""));
        assertTrue(hash("idle").startsWith("pbkdf2-sha256$1$1000$"));
        restart(ControlFixture.settings().withPasswordIterations(3_000));
        assertIs(plane.connect("app", GOOD, ""), "app", "");
        assertIs(plane.connect("root", "memphis", ""), "root", "");
        assertEquals(stored, plane.log.size(), "nothing is left to be hashed again but root, whom the start looked at");
        assertEquals(List.of(), revoked);
        FakeApi.await(plane.plane.users().changePassword(Authors.of("root"), "app", GOOD));
        assertFalse(plane.plane.users().current(accepted.user()), "the same password set anew is a new credential");
    }

    @Test
    void shouldSaltHashesAndReadOnlyItsFormat() {
        String hash = PasswordHash.encode("x", 1000);
        assertTrue(hash.startsWith("pbkdf2-sha256$1$1000$"));
        assertFalse(hash.equals(PasswordHash.encode("x", 1000)));
        assertTrue(PasswordHash.matches("x", hash));
        assertFalse(PasswordHash.matches("y", hash));
        assertFalse(PasswordHash.matches("x", "x"));
        assertFalse(PasswordHash.matches("x", "$2a$04$abcdefghijklmnopqrstuv"));
        assertFalse(PasswordHash.matches("x", "pbkdf2-sha256$1$many$?$?"));
    }
}
