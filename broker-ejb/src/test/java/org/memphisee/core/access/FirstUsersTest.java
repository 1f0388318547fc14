package org.memphisee.core.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.Beginning;
import org.memphisee.core.control.Authors;
import org.memphisee.core.control.ControlFixture;
import org.memphisee.core.control.FakeApi;
import org.memphisee.core.control.FakeSystemLog;
import org.memphisee.core.control.PlaneFixture;
import org.memphisee.core.control.UserEvent;

class FirstUsersTest {

    private static final String PASSWORD = "Secret-1x";
    private static final String HASH = PasswordHash.encode("Other-2yz", PasswordHash.FEWEST_ITERATIONS);
    private static final FirstUser ANNA = FirstUser.of(new NewUser("Anna", "management", PASSWORD,
        new UserProfile("Anna", "Blue", "", "", "", 1, false), PermissionPatterns.NONE), false);
    private static final FirstUser APP = FirstUser.hashed(new NewUser("app", "application", "", UserProfile.EMPTY,
        new PermissionPatterns(List.of(), List.of("orders.*"), List.of(), List.of())), HASH);

    private final FakeSystemLog log = new FakeSystemLog();
    private PlaneFixture plane;

    @AfterEach
    void stop() {
        plane.close();
    }

    private Users start(FirstUser... users) {
        plane = new PlaneFixture(log, ControlFixture.settings(), new Beginning(List.of(users), false));
        return plane.plane.users();
    }

    private boolean lets(Users users, String name, String password) throws Exception {
        return users.authenticate(name, password).get(10, TimeUnit.SECONDS).isPresent();
    }

    @Test
    void shouldMakeThemWithTheirPasswordsAndPermissionsAtTheFirstStart() throws Exception {
        Users users = start(ANNA, APP);
        assertTrue(users.fresh());
        assertEquals(List.of("anna", "app", "root"), users.list().stream().map(User::name).toList());
        assertTrue(lets(users, "anna", PASSWORD));
        assertTrue(lets(users, "app", "Other-2yz"));
        assertFalse(lets(users, "app", PASSWORD));
        assertEquals("blue", users.find("anna").orElseThrow().profile().team());
        assertTrue(users.permissions("app").mayWrite("orders.eu"));
        assertFalse(users.permissions("app").mayWrite("invoices"));
        assertFalse(users.signUpOpen());
    }

    @Test
    void shouldMakeNobodyTwiceNorBringBackWhoWasRemoved() throws Exception {
        Users users = start(ANNA, APP);
        FakeApi.await(users.removeUser(Authors.of("root"), "anna"));
        FakeApi.await(users.changePassword(Authors.of("root"), "app", "Third-3zz"));
        plane.close();
        users = start(ANNA, APP);
        assertFalse(users.fresh());
        assertEquals(List.of("app", "root"), users.list().stream().map(User::name).toList());
        assertTrue(lets(users, "app", "Third-3zz"));
    }

    @Test
    void shouldMakeWhoIsMissingAfterAStartThatWasCutShort() {
        Users users = start(ANNA, APP);
        plane.close();
        log.events.tailMap(log.events.firstKey(), false).clear(); // as if it had ended before the second was stored
        users = start(ANNA, APP);
        assertTrue(users.fresh());
        assertEquals(List.of("anna", "app", "root"), users.list().stream().map(User::name).toList());
        assertEquals(3, plane.definitions().events().stream().filter(UserEvent.UserCreated.class::isInstance).count());
    }

    @Test
    void shouldLeaveAnInstallationAloneThatHasUsersAlready() {
        start();
        plane.close();
        Users users = start(ANNA);
        assertEquals(List.of("root"), users.list().stream().map(User::name).toList());
    }

    /** The hash in docs/access.md, made by the command there, is that of the password beside it. */
    @Test
    void shouldKnowThePasswordByTheHashOfTheGuide() throws Exception {
        Matcher hash = Pattern.compile("password_hash: (\\S+)").matcher(Files.readString(Path.of("../docs/access.md")));
        assertTrue(hash.find());
        assertTrue(PasswordHash.wellFormed(hash.group(1)));
        assertTrue(PasswordHash.matches(PASSWORD, hash.group(1)));
        start();
    }

    @Test
    void shouldShowNoSecret() {
        start(ANNA, APP);
        assertFalse((ANNA.toString() + APP + new Beginning(List.of(ANNA, APP), true)).contains("Secret"));
        assertFalse((APP.toString() + new Beginning(List.of(APP), true)).contains("pbkdf2"));
    }
}
