package org.memphisee.ejb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

/** How clients are sent away; time passes in numbers only. */
final class LameDuckTest implements LameDuck.Clients {

    private final List<String> seen = new ArrayList<>();
    private long now;
    private long hurryAt = Long.MAX_VALUE;
    private int clients = 100;
    private boolean stubborn;

    private boolean within(long millis) {
        now += millis;
        return now >= hurryAt;
    }

    @Override
    public int count() {
        return clients;
    }

    @Override
    public void tell() {
        seen.add("told at " + now);
    }

    @Override
    public void dismiss(int most) {
        seen.add(now + ": " + most);
        clients -= stubborn ? 0 : most;
    }

    @Test
    void shouldSendThemAwayOneAfterTheOtherAfterAGrace() throws InterruptedException {
        new LameDuck(30_000, 10_000).send(this, this::within);
        assertEquals("told at 0", seen.get(0));
        assertEquals("10000: 1", seen.get(1));
        assertEquals(0, clients);
        assertTrue(now > 29_000 && now <= 30_000, "over the rest of the time: " + now);
        assertTrue(seen.stream().skip(1).allMatch(s -> s.endsWith(": 1") || s.endsWith(": 0")), seen.toString());
    }

    @Test
    void shouldSendAllWhenTheyAreMoreThanSteps() throws InterruptedException {
        clients = 10_007;
        new LameDuck(1_000, 0).send(this, this::within);
        assertEquals(0, clients);
    }

    @Test
    void shouldEndWhenTheTimeIsOverAlsoWithClientsThatStay() throws InterruptedException {
        stubborn = true;
        new LameDuck(2_000, 5_000).send(this, this::within);
        assertEquals(2_100, now, "a grace that is longer than all is all");
        assertEquals(List.of("told at 0", "2000: 100"), seen);
    }

    @Test
    void shouldNotWaitForNobodyNorInAHurry() throws InterruptedException {
        hurryAt = 300;
        new LameDuck(30_000, 10_000).send(this, this::within);
        assertEquals(300, now);
        clients = 0;
        new LameDuck(30_000, 10_000).send(this, this::within);
        assertEquals(300, now);
    }
}
