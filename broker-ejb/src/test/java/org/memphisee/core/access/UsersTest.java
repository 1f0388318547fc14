package org.memphisee.core.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.access.AccessRefusal.Reason;
import org.memphisee.core.api.Author;
import org.memphisee.core.control.Authors;
import org.memphisee.core.control.ControlFixture;
import org.memphisee.core.control.ControlSettings;
import org.memphisee.core.control.FakeApi;
import org.memphisee.core.control.FakeSystemLog;
import org.memphisee.core.control.PlaneFixture;

class UsersTest {

    private static final String GOOD = "Secret-1x";

    private PlaneFixture plane = new PlaneFixture();

    @AfterEach
    void stop() {
        plane.close();
    }

    private Users users() {
        return plane.plane.users();
    }

    private static NewUser user(String name, UserProfile profile, PermissionPatterns permissions) {
        return new NewUser(name, "application", GOOD, profile, permissions);
    }

    private static NewUser user(String name) {
        return user(name, UserProfile.EMPTY, PermissionPatterns.NONE);
    }

    private static AccessRefusal refusal(CompletableFuture<Void> change) {
        return (AccessRefusal) assertThrows(ExecutionException.class, () -> change.get(10, TimeUnit.SECONDS)).getCause();
    }

    private User find(String name) {
        return users().find(name).orElseThrow();
    }

    @Test
    void shouldKeepProfileAndPermissionsOverARestart() {
        UserProfile profile = new UserProfile("Ann Smith", "Blue", "Lead", "makes ORDERS", "root", 7, false);
        PermissionPatterns patterns = new PermissionPatterns(List.of("*"), List.of("orders.*"), List.of("x"), List.of("y"));
        FakeApi.await(users().createUser(Authors.of("root"), user("Ann", profile, patterns)));
        FakeApi.await(users().loggedIn(Authors.of("ann"), find("ann")));
        FakeApi.await(users().changeProfile(Authors.of("ann"), "ann", p -> p.withAvatar(8).withoutTour()));
        FakeSystemLog log = plane.log;
        plane.close();
        plane = new PlaneFixture(log, ControlFixture.settings());

        User ann = find("ann");
        assertEquals(new UserProfile("ann smith", "blue", "lead", "makes orders", "root", 8, true), ann.profile());
        assertEquals(patterns, ann.patterns());
        assertTrue(ann.lastLoginNanos() > 0);
        assertTrue(users().permissions("ann").mayWrite("orders.new"));
        assertFalse(users().permissions("ann").mayWrite("other"));
        assertEquals(List.of("ann", "root"), users().list().stream().map(User::name).toList());
        assertFalse(users().permissions("nobody").mayUse("orders.new"));
    }

    @Test
    void shouldRefuseTextsAndPatternsThatBreakARule() {
        String longText = "x".repeat(101);
        assertEquals("full name exceeds the maximum allowed length of 30 characters", refusal(users().createUser(Authors.of("root"),
            user("a", new UserProfile(longText, "", "", "", "", 1, false), PermissionPatterns.NONE))).getMessage());
        assertEquals("team exceeds the maximum allowed length of 20 characters", refusal(users().createUser(Authors.of("root"),
            user("a", new UserProfile("", longText, "", "", "", 1, false), PermissionPatterns.NONE))).getMessage());
        assertEquals("position exceeds the maximum allowed length of 30 characters", refusal(users().createUser(Authors.of("root"),
            user("a", new UserProfile("", "", longText, "", "", 1, false), PermissionPatterns.NONE))).getMessage());
        assertEquals("description exceeds the maximum allowed length of 100 characters", refusal(users().createUser(Authors.of("root"),
            user("a", new UserProfile("", "", "", longText, "", 1, false), PermissionPatterns.NONE))).getMessage());
        assertEquals("permission exceeds the maximum allowed length of 120 characters", refusal(users().createUser(Authors.of("root"),
            user("a", UserProfile.EMPTY, new PermissionPatterns(List.of("x".repeat(121)), List.of(), List.of(), List.of()))))
            .getMessage());
        for (String pattern : new String[] {"", "A", "a b", "a$"}) {
            AccessRefusal refusal = refusal(users().createUser(Authors.of("root"), user("a", UserProfile.EMPTY,
                new PermissionPatterns(List.of(), List.of(), List.of(), List.of(pattern)))));
            assertEquals("permission has to include only letters/numbers/./_/-/* ", refusal.getMessage());
            assertEquals(Reason.INVALID, refusal.reason());
        }
        assertEquals("username exceeds the maximum allowed length of 60 characters",
            refusal(users().createUser(Authors.of("root"), user("n".repeat(61)))).getMessage());
        assertEquals(Reason.UNKNOWN_USER, refusal(users().removeUser(Authors.of("root"), "nobody")).reason());
        assertEquals(Reason.EXISTS, refusal(users().createUser(Authors.of("root"), user("root"))).reason());
    }

    @Test
    void shouldTellWhoseCredentialStoppedCounting() {
        List<String> revoked = Collections.synchronizedList(new ArrayList<>());
        users().whenRevoked(revoked::add);
        FakeApi.await(users().createUser(Authors.of("root"), user("a")));
        User first = find("a");
        assertTrue(users().current(first));
        FakeApi.await(users().changePassword(Authors.of("a"), "a", "Other-2yz"));
        assertFalse(users().current(first));
        User second = find("a");
        FakeApi.await(users().changeProfile(Authors.of("a"), "a", p -> p.withAvatar(3)));
        assertTrue(users().current(second));
        FakeApi.await(users().removeUser(Authors.of("root"), "a"));
        assertFalse(users().current(second));
        assertEquals(List.of("a", "a"), revoked);
    }

    @Test
    void shouldChangeTheFingerprintWithPasswordAndUser() {
        CredentialFingerprint fingerprint = new CredentialFingerprint(new byte[32], "");
        FakeApi.await(users().createUser(Authors.of("root"), user("a")));
        String first = fingerprint.of(find("a"));
        FakeApi.await(users().loggedIn(Authors.of("a"), find("a")));
        assertEquals(first, fingerprint.of(find("a")));
        assertNotEquals(first, new CredentialFingerprint(new byte[32], "token").of(find("a")));
        assertNotEquals(first, new CredentialFingerprint("another key of 16+".getBytes(StandardCharsets.UTF_8), "").of(find("a")));
        FakeApi.await(users().changePassword(Authors.of("root"), "a", GOOD));
        assertNotEquals(first, fingerprint.of(find("a")));
        assertEquals(22, first.length());
    }

    @Test
    void shouldFindUsersByPassword() {
        FakeApi.await(users().createUser(Authors.of("root"), user("a")));
        assertTrue(FakeApi.await(users().authenticate("a", GOOD)).isPresent());
        assertTrue(FakeApi.await(users().authenticate("a", "x")).isEmpty());
        assertTrue(FakeApi.await(users().authenticate("b", GOOD)).isEmpty());
    }

    @Test
    void shouldOfferSignUpOnlyBeforeAnybodyCame() {
        assertTrue(users().signUpOpen());
        FakeApi.await(users().loggedIn(Authors.of("root"), find("root")));
        assertFalse(users().signUpOpen());
    }

    @Test
    void shouldSignUpTheFirstPersonByMailAndNobodyAfter() {
        NewUser ann = new NewUser("Ann@Example.com", "application", GOOD, UserProfile.EMPTY, PermissionPatterns.NONE);
        assertEquals("email is not valid", refusal(users().signUp(Author.UNKNOWN, 
            new NewUser("ann", "management", GOOD, UserProfile.EMPTY, PermissionPatterns.NONE))).getMessage());
        FakeApi.await(users().signUp(Author.UNKNOWN, ann));
        assertEquals("management", find("ann@example.com").type());
        assertFalse(users().signUpOpen());
        assertEquals(Reason.NOT_ALLOWED, refusal(users().signUp(Author.UNKNOWN, 
            new NewUser("bob@example.com", "management", GOOD, UserProfile.EMPTY, PermissionPatterns.NONE))).reason());
    }

    @Test
    void shouldWriteFrequentLoginsOnce() {
        FakeApi.await(users().loggedIn(Authors.of("root"), find("root")));
        int size = plane.log.size();
        FakeApi.await(users().loggedIn(Authors.of("root"), find("root")));
        assertEquals(size, plane.log.size());
    }

    @Test
    void shouldGiveApplicationUsersAPasswordNobodyKnowsWhereClientsShareAToken() {
        plane.close();
        plane = new PlaneFixture(new FakeSystemLog(),
            ControlSettings.of("memphis", ControlSettings.AuthMode.TOKEN, "tok", "memphis-0").withPasswordIterations(1000));
        FakeApi.await(users().createUser(Authors.of("root"), new NewUser("a", "application", "", UserProfile.EMPTY, PermissionPatterns.NONE)));
        assertTrue(FakeApi.await(users().authenticate("a", "")).isEmpty());
        assertEquals("Password was not provided", refusal(users().createUser(Authors.of("root"),
            new NewUser("b", "management", "", UserProfile.EMPTY, PermissionPatterns.NONE))).getMessage());
    }

    private void person(String name, PermissionPatterns permissions) {
        FakeApi.await(users().createUser(Authors.of("root"), new NewUser(name, "management", GOOD, UserProfile.EMPTY, permissions)));
    }

    private static NewUser wanted(String type, PermissionPatterns permissions) {
        return new NewUser("new", type, GOOD, UserProfile.EMPTY, permissions);
    }

    private static PermissionPatterns both(String allow, String... deny) {
        return new PermissionPatterns(List.of(allow), List.of(allow), List.of(deny), List.of(deny));
    }

    @Test
    void shouldNotLetPeopleGivePermissionsThatTheyDoNotHave() {
        person("limited", both("audp.*", "audp.x*"));
        String text = "user limited is not allowed to give permissions that it does not have";
        for (String type : List.of("management", "application")) {
            for (PermissionPatterns more : List.of(PermissionPatterns.NONE, both("*"), both("audp.*"), both("audp.x1"),
                both("aud*", "audp.x*"), new PermissionPatterns(List.of(), List.of(), List.of("audp.x*"), List.of("audp.x*")),
                new PermissionPatterns(List.of("audp.a", "other"), List.of(), List.of(), List.of()))) {
                AccessRefusal refusal = refusal(users().createUser(Authors.of("limited"), wanted(type, more)));
                assertEquals(text, refusal.getMessage(), more.toString());
                assertEquals(Reason.NOT_ALLOWED, refusal.reason());
            }
        }
        FakeApi.await(users().createUser(Authors.of("limited"), wanted("management", both("audp.a*"))));
        assertTrue(users().permissions("new").mayWrite("audp.a1"));
        assertEquals(Reason.NOT_ALLOWED, refusal(users().createUser(Authors.of("gone"), wanted("application", both("a")))).reason());
    }

    @Test
    void shouldNotLetPeopleRemoveUsersThatMayDoMore() {
        person("limited", both("audp.*"));
        person("wide", PermissionPatterns.NONE);
        FakeApi.await(users().createUser(Authors.of("root"), new NewUser("app", "application", GOOD, UserProfile.EMPTY,
            new PermissionPatterns(List.of("audp.1", "other"), List.of(), List.of(), List.of()))));
        FakeApi.await(users().createUser(Authors.of("limited"), wanted("application", both("audp.1"))));
        for (String name : List.of("wide", "app")) {
            assertEquals("user limited is not allowed to remove user " + name,
                refusal(users().removeUser(Authors.of("limited"), name)).getMessage());
        }
        assertEquals("You can not remove the root user", refusal(users().removeUser(Authors.of("limited"), "root")).getMessage());
        assertEquals("User does not exist", refusal(users().removeUser(Authors.of("limited"), "nobody")).getMessage());
        FakeApi.await(users().removeUser(Authors.of("limited"), "new"));
        FakeApi.await(users().removeUser(Authors.of("wide"), "limited"));
        assertEquals(List.of("app", "root", "wide"), users().list().stream().map(User::name).toList());
    }

    @Test
    void shouldNotLetPeopleChangePasswordsOfOthers() {
        person("wide", PermissionPatterns.NONE);
        FakeApi.await(users().createUser(Authors.of("wide"), wanted("management", both("a"))));
        assertEquals("Change user password: This operation can be done only by the user or the root user",
            refusal(users().changePassword(Authors.of("wide"), "new", "Other-2yz")).getMessage());
        assertEquals("Change root password: This operation can be done only by the root user",
            refusal(users().changePassword(Authors.of("wide"), "root", "Other-2yz")).getMessage());
    }
}
