package org.memphisee.core.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.control.Authors;
import org.memphisee.core.control.ControlFixture;
import org.memphisee.core.control.FakeApi;
import org.memphisee.core.control.PlaneFixture;

/** Keys with which programs use the management API. */
class ApiKeysTest {

    private PlaneFixture plane = new PlaneFixture();

    @BeforeEach
    void people() {
        user("ann", "management");
        user("app", "application");
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    private void user(String name, String type) {
        FakeApi.await(users().createUser(Authors.of("root"), new NewUser(name, type, "Secret-1x", UserProfile.EMPTY,
            PermissionPatterns.NONE)));
    }

    private Users users() {
        return plane.plane.users();
    }

    private NewApiKey make(String user, String name) {
        return FakeApi.await(users().apiKeys().make(Authors.of(user), name, 30));
    }

    private Optional<String> whose(String secret) {
        return users().byApiKey(secret).map(User::name);
    }

    private static String refusal(CompletableFuture<?> change) {
        return assertThrows(ExecutionException.class, () -> change.get(10, TimeUnit.SECONDS)).getCause().getMessage();
    }

    private void restart() {
        plane.close();
        plane = new PlaneFixture(plane.log, ControlFixture.settings());
    }

    @Test
    void shouldKnowTheUserOfAKeyAlsoAfterARestart() {
        NewApiKey made = make("ann", "build");
        assertEquals(Optional.of("ann"), whose(made.secret()));
        assertTrue(made.secret().matches("mak_\\d+_[A-Za-z0-9_-]{43}"), made.secret());

        restart();

        assertEquals(Optional.of("ann"), whose(made.secret()));
        assertEquals(List.of(made.key()), users().apiKeys().list("ann"));
    }

    @Test
    void shouldStoreAndShowNoSecret() {
        NewApiKey made = make("ann", "build");
        String secret = made.secret().substring(made.secret().lastIndexOf('_') + 1);
        plane.log.events.values().forEach(event ->
            assertFalse(new String(event, StandardCharsets.UTF_8).contains(secret)));
        assertFalse(made.toString().contains(secret));
    }

    @Test
    void shouldTakeNothingElseForAKey() {
        String secret = make("ann", "build").secret();
        String id = secret.substring(4, secret.indexOf('_', 4));
        for (String wrong : new String[] {"", "mak_", secret + "x", secret.substring(0, secret.length() - 1), secret.toUpperCase(),
            "mak_" + (Long.parseLong(id) + 1) + secret.substring(secret.indexOf('_', 4)), "mak_999999999999999999999_a",
            secret.substring(0, secret.length() - 1) + (secret.endsWith("A") ? "B" : "A")}) {
            assertEquals(Optional.empty(), whose(wrong), wrong);
        }
    }

    @Test
    void shouldEndAKeyThatIsRevokedAndThoseOfAUserThatGoes() {
        NewApiKey first = make("ann", "a");
        NewApiKey second = make("ann", "b");
        FakeApi.await(users().apiKeys().revoke(Authors.of("ann"), first.key().id()));
        assertEquals(Optional.empty(), whose(first.secret()));
        assertEquals(Optional.of("ann"), whose(second.secret()));

        FakeApi.await(users().removeUser(Authors.of("root"), "ann"));
        user("ann", "management");

        assertEquals(Optional.empty(), whose(second.secret()), "another user of that name");
        assertEquals(List.of(), users().apiKeys().list("root"));
    }

    @Test
    void shouldEndAKeyWhenItsTimeIsOver() {
        ApiKey key = make("ann", "a").key();
        assertFalse(key.expired(key.createdNanos() + 29 * 86_400_000_000_000L));
        assertTrue(key.expired(key.createdNanos() + 30 * 86_400_000_000_000L));
        assertFalse(FakeApi.await(users().apiKeys().make(Authors.of("ann"), "for ever", 0)).key().expired(Long.MAX_VALUE));
    }

    @Test
    void shouldLetOnlyTheUserAndRootSeeAndRevoke() {
        NewApiKey made = make("ann", "a");
        user("bob", "management");
        assertEquals(List.of(), users().apiKeys().list("bob"));
        assertEquals("Key " + made.key().id() + " does not exist",
            refusal(users().apiKeys().revoke(Authors.of("bob"), made.key().id())));
        assertEquals(List.of(made.key()), users().apiKeys().list("root"));
        FakeApi.await(users().apiKeys().revoke(Authors.of("root"), made.key().id()));
        assertEquals(Optional.empty(), whose(made.secret()));
    }

    @Test
    void shouldRefuseWhatMakesNoKey() {
        assertEquals("A key needs a name of at most 60 characters", refusal(users().apiKeys().make(Authors.of("ann"), " ", 1)));
        assertEquals("A key needs a name of at most 60 characters",
            refusal(users().apiKeys().make(Authors.of("ann"), "n".repeat(61), 1)));
        assertEquals("A key ends after 1 to 3650 days, or never with 0", refusal(users().apiKeys().make(Authors.of("ann"), "n", -1)));
        assertEquals("A key ends after 1 to 3650 days, or never with 0",
            refusal(users().apiKeys().make(Authors.of("ann"), "n", 3_651)));
        assertEquals("User does not exist", refusal(users().apiKeys().make(Authors.of("app"), "n", 1)), "it may not sign in");
        for (int i = 0; i < ApiKeys.MOST; i++) {
            make("ann", "k" + i);
        }
        assertEquals("A user can have at most 50 keys, revoke one first", refusal(users().apiKeys().make(Authors.of("ann"), "n", 1)));
    }
}
