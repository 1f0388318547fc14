package org.memphisee.core.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.access.AccessRefusal.Reason;
import org.memphisee.core.control.Authors;
import org.memphisee.core.control.ControlFixture;
import org.memphisee.core.control.FakeApi;
import org.memphisee.core.control.FakeSystemLog;
import org.memphisee.core.control.PlaneFixture;

/** Viewers, and rights that change. */
class UserRightsTest {

    private static final String GOOD = "Secret-1x";
    private static final PermissionPatterns ORDERS = new PermissionPatterns(List.of("orders.*"), List.of("orders.*"), List.of(), List.of());
    private static final PermissionPatterns ORDERS_EU =
        new PermissionPatterns(List.of("orders.eu*"), List.of("orders.eu*"), List.of(), List.of());

    private final FakeSystemLog log = new FakeSystemLog();
    private PlaneFixture plane = new PlaneFixture(log, ControlFixture.settings());

    @AfterEach
    void stop() {
        plane.close();
    }

    private Users users() {
        return plane.plane.users();
    }

    private static NewUser user(String name, String type, String role, PermissionPatterns permissions) {
        return new NewUser(name, type, GOOD, UserProfile.EMPTY, permissions, role);
    }

    private void add(String name, String type, String role, PermissionPatterns permissions) {
        FakeApi.await(users().createUser(Authors.of("root"), user(name, type, role, permissions)));
    }

    private static String refusal(CompletableFuture<Void> change) {
        AccessRefusal refusal = (AccessRefusal) assertThrows(ExecutionException.class, () -> change.get(10, TimeUnit.SECONDS)).getCause();
        return refusal.reason() + " " + refusal.getMessage();
    }

    private StationAccess access() {
        return new StationAccess(users());
    }

    @Test
    void shouldLetViewersSeeEverythingAndChangeNothing() {
        add("vera", "management", "viewer", PermissionPatterns.NONE);
        Permissions vera = users().permissions("vera");
        assertTrue(vera.mayRead("orders") && vera.mayUse("orders"));
        assertFalse(vera.mayWrite("orders") || vera.restricted());
        access().requireEverything("vera", "see the server's log");
        AccessRefusal refusal = assertThrows(AccessRefusal.class, () -> access().requireChanges("vera"));
        assertEquals("user vera is not allowed to change anything, its role is viewer", refusal.getMessage());
        assertEquals(Reason.NOT_ALLOWED, refusal.reason());
        access().requireChanges("root");
        assertThrows(AccessRefusal.class, () -> access().requireCreate("vera", "new"));
    }

    @Test
    void shouldHoldViewersToTheirPatternsToo() {
        add("vera", "management", "viewer", ORDERS);
        assertTrue(users().permissions("vera").mayRead("orders.eu"));
        assertFalse(users().permissions("vera").mayRead("payroll"));
        assertFalse(users().permissions("vera").mayWrite("orders.eu"));
    }

    @Test
    void shouldLetViewersMakeAndRemoveAndChangeNobody() {
        add("vera", "management", "viewer", PermissionPatterns.NONE);
        add("app", "application", "", ORDERS);
        add("other", "management", "viewer", PermissionPatterns.NONE);
        assertEquals("NOT_ALLOWED user vera is not allowed to give permissions that it does not have",
            refusal(users().createUser(Authors.of("vera"), user("x", "management", "viewer", PermissionPatterns.NONE))));
        assertEquals("NOT_ALLOWED user vera is not allowed to remove user other",
            refusal(users().removeUser(Authors.of("vera"), "other")));
        assertEquals("NOT_ALLOWED user vera is not allowed to change the rights of user app",
            refusal(users().changeRights(Authors.of("vera"), "app", "", PermissionPatterns.NONE)));
        assertEquals("NOT_ALLOWED You can not change your own rights",
            refusal(users().changeRights(Authors.of("vera"), "vera", "full", PermissionPatterns.NONE)));
        FakeApi.await(users().changePassword(Authors.of("vera"), "vera", "Other-2yz"));
    }

    @Test
    void shouldRefuseRolesThatThereAreNot() {
        assertEquals("INVALID role has to be full/viewer and not admin",
            refusal(users().createUser(Authors.of("root"), user("x", "management", "admin", PermissionPatterns.NONE))));
        assertEquals("INVALID only management users can be viewers, application users have permissions",
            refusal(users().createUser(Authors.of("root"), user("x", "application", "viewer", PermissionPatterns.NONE))));
        add("app", "application", "full", ORDERS);
        assertEquals("INVALID only management users can be viewers, application users have permissions",
            refusal(users().changeRights(Authors.of("root"), "app", "viewer", ORDERS)));
    }

    @Test
    void shouldChangeRightsAtOnceAndCutWhoIsConnected() {
        List<String> cut = Collections.synchronizedList(new ArrayList<>());
        users().whenRevoked(cut::add);
        add("app", "application", "", PermissionPatterns.NONE);
        User before = users().find("app").orElseThrow();
        FakeApi.await(users().changeRights(Authors.of("root"), "app", "", ORDERS));
        assertEquals(List.of("app"), cut);
        assertFalse(users().permissions("app").mayWrite("payroll"));
        assertEquals(ORDERS, users().find("app").orElseThrow().patterns());
        assertTrue(users().current(before), "its password and its tokens are good still");
    }

    @Test
    void shouldKeepRightsOverARestartAndASnapshot() {
        add("vera", "management", "viewer", PermissionPatterns.NONE);
        add("max", "management", "", PermissionPatterns.NONE);
        add("app", "application", "", PermissionPatterns.NONE);
        FakeApi.await(users().changeRights(Authors.of("root"), "max", "viewer", ORDERS));
        FakeApi.await(users().changeRights(Authors.of("root"), "app", "", ORDERS_EU));
        plane.close();
        plane = new PlaneFixture(log, ControlFixture.settings().withSnapshots(1, 0));
        FakeApi.await(users().changeProfile(Authors.of("root"), "root", p -> p.withAvatar(3)));
        PlaneFixture.until(log::hasSnapshot);
        plane.close();
        plane = new PlaneFixture(log, ControlFixture.settings());
        assertEquals(List.of("full", "viewer", "full", "viewer"), users().list().stream().map(User::role).toList());
        assertEquals(ORDERS, users().find("max").orElseThrow().patterns());
        assertEquals(ORDERS_EU, users().find("app").orElseThrow().patterns());
        assertFalse(users().permissions("max").mayWrite("orders.eu"));
    }

    @Test
    void shouldNotLetPeopleWithLimitsRaiseAnybody() {
        add("lim", "management", "", ORDERS);
        add("wide", "application", "", PermissionPatterns.NONE);
        add("eu", "application", "", ORDERS_EU);
        assertEquals("NOT_ALLOWED user lim is not allowed to change the rights of user wide",
            refusal(users().changeRights(Authors.of("lim"), "wide", "", ORDERS_EU)));
        assertEquals("NOT_ALLOWED user lim is not allowed to give permissions that it does not have",
            refusal(users().changeRights(Authors.of("lim"), "eu", "", PermissionPatterns.NONE)));
        FakeApi.await(users().changeRights(Authors.of("lim"), "eu", "", ORDERS));
        assertTrue(users().permissions("eu").mayWrite("orders.us"));
        assertEquals("NOT_ALLOWED The rights of the root user can not be changed",
            refusal(users().changeRights(Authors.of("lim"), "root", "", ORDERS)));
        assertEquals("UNKNOWN_USER User does not exist", refusal(users().changeRights(Authors.of("root"), "nobody", "", ORDERS)));
    }

    @Test
    void shouldCoverViewersByWhoMayLookAsFar() {
        Permissions looks = Permissions.of(ORDERS, true);
        assertTrue(Permissions.of(ORDERS).cover(looks));
        assertTrue(Permissions.of(new PermissionPatterns(List.of("orders.*"), List.of(), List.of(), List.of())).cover(looks));
        assertFalse(Permissions.of(ORDERS_EU).cover(looks));
        assertFalse(looks.cover(Permissions.of(ORDERS_EU)));
        assertTrue(looks.cover(Permissions.of(ORDERS_EU, true)));
        assertFalse(Permissions.of(PermissionPatterns.NONE, true).cover(Permissions.UNRESTRICTED));
    }
}
