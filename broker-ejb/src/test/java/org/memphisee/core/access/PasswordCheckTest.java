package org.memphisee.core.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.memphisee.core.access.PasswordCheck.Outcome;
import org.memphisee.core.control.FakeApi;
import org.memphisee.core.control.PlaneFixture;
import org.memphisee.core.time.World;

/** Sign-ins that come all at once after a start. */
class PasswordCheckTest {

    private static final String HASH = PasswordHash.encode("right", 1_000);

    private final CountDownLatch hashing = new CountDownLatch(1);
    private final PasswordCheck check = new PasswordCheck(World.of(task -> new Thread(() -> {
        awaitHashing();
        task.run();
    }, "hashing")), (user, password, hash) -> { });

    @AfterEach
    void close() {
        check.close();
    }

    private void awaitHashing() {
        try {
            hashing.await();
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private CompletableFuture<Outcome> verify(String user, String password) {
        CompletableFuture<Outcome> result = new CompletableFuture<>();
        check.verify(user, password, HASH, result::complete);
        return result;
    }

    @Test
    void shouldSayThatItIsBusyWhereItDidNotLook() {
        List<CompletableFuture<Outcome>> waiting = new ArrayList<>();
        for (int i = 0; i < 257; i++) { // one in work
            waiting.add(verify("user" + i, "right"));
        }
        assertEquals(Outcome.BUSY, verify("late", "right").getNow(null));
        CompletableFuture<Outcome> again = verify("user3", "right"); // the same question needs no place of its own
        hashing.countDown();
        waiting.forEach(w -> assertEquals(Outcome.RIGHT, FakeApi.await(w)));
        assertEquals(Outcome.RIGHT, FakeApi.await(again));
        assertEquals(Outcome.RIGHT, FakeApi.await(verify("late", "right")));
        assertEquals(Outcome.WRONG, FakeApi.await(verify("other", "wrong")));
    }

    @Test
    void shouldSaySoToOneUserWithTooManyPasswordsAndToNobodyElse() {
        for (int i = 0; i < 8; i++) {
            verify("app", "wrong" + i);
        }
        assertEquals(Outcome.BUSY, verify("app", "right").getNow(null));
        CompletableFuture<Outcome> other = verify("other", "right");
        hashing.countDown();
        assertEquals(Outcome.RIGHT, FakeApi.await(other));
        assertEquals(Outcome.RIGHT, FakeApi.await(verify("app", "right")));
    }

    /** What a client on the wire and a person at a door hear who come too late. */
    @Test
    void shouldTellWhoComesTooLateToTryAgain() throws InterruptedException {
        try (PlaneFixture plane = new PlaneFixture()) {
            FakeApi.await(plane.plane.users().createUser("app", "application", "Secret-1x", Map.of()));
            Users users = plane.plane.users();
            CountDownLatch held = new CountDownLatch(1);
            users.verify(users.find("app").orElseThrow(), "Wrong", outcome -> {
                held.countDown();
                awaitHashing(); // on the hashing thread, which now has nothing of this user in work
            });
            assertTrue(held.await(10, TimeUnit.SECONDS));
            for (int i = 0; i < 8; i++) {
                users.authenticate("app", "Wrong-" + i);
            }
            assertEquals(new AuthResult.Refused("Authentication Timeout"), plane.connect("app", "Secret-1x", ""));
            ExecutionException refused = assertThrows(ExecutionException.class,
                () -> users.authenticate("app", "Secret-1x").get(10, TimeUnit.SECONDS));
            assertEquals(AccessRefusal.Reason.BUSY, assertInstanceOf(AccessRefusal.class, refused.getCause()).reason());
            hashing.countDown();
        }
    }
}
