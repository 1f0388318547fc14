package org.memphisee.dashboard.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LoginLimiterTest {

    private long millis = 1_000_000;
    private final LoginLimiter limiter = new LoginLimiter(() -> millis);

    private void fail(int times, String address, String user) {
        for (int i = 0; i < times; i++) {
            limiter.failed(address, user);
        }
    }

    @Test
    void shouldAllowSomeTriesAndForgiveWithTime() {
        fail(9, "10.0.0.1", "root");
        assertEquals(0, limiter.waitSeconds("10.0.0.1", "root"));
        fail(1, "10.0.0.1", "Root");
        assertEquals(30, limiter.waitSeconds("10.0.0.1", "root"));
        millis += 30_000;
        assertEquals(0, limiter.waitSeconds("10.0.0.1", "root"));
        millis += 3_600_000;
        fail(9, "10.0.0.1", "root");
        assertEquals(0, limiter.waitSeconds("10.0.0.1", "root"));
    }

    @Test
    void shouldNotLockOutOtherUsersOrAddresses() {
        fail(50, "10.0.0.1", "root");
        assertTrue(limiter.waitSeconds("10.0.0.1", "root") > 0);
        assertEquals(0, limiter.waitSeconds("10.0.0.1", "ann"));
        assertEquals(0, limiter.waitSeconds("10.0.0.2", "root"));
    }

    @Test
    void shouldLimitWhoTriesManyNames() {
        for (int i = 0; i < 60; i++) {
            fail(1, "10.0.0.1", "user" + i);
        }
        assertEquals(5, limiter.waitSeconds("10.0.0.1", "another"));
        assertEquals(0, limiter.waitSeconds("10.0.0.2", "another"));
    }

    @Test
    void shouldTakeAWholeIpv6NetworkForOneAddress() {
        for (int i = 0; i < 60; i++) {
            fail(1, "2001:db8:1:2:0:0:0:" + Integer.toHexString(i), "root");
        }
        assertTrue(limiter.waitSeconds("2001:db8:1:2:ffff:0:0:1", "root") > 0);
        assertEquals(0, limiter.waitSeconds("2001:db8:1:3:0:0:0:1", "root"));
        assertEquals(0, limiter.waitSeconds("::1", "root"));
    }

    @Test
    void shouldStayWithinItsBudgetAndForgetTheOldestFirst() {
        fail(20, "10.0.0.1", "root");
        for (int i = 0; i < 10_000; i++) {
            limiter.failed("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255), "x".repeat(10_000) + i);
            if (i % 1_000 == 0) {
                assertTrue(limiter.waitSeconds("10.0.0.1", "root") > 0, "still in use");
            }
        }
        assertTrue(limiter.size() <= 8_192, "counters: " + limiter.size());
    }
}
