package org.memphisee.core.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.cluster.link.PeerFrame;
import org.memphisee.core.cluster.link.Traffic;
import org.memphisee.core.routing.frame.RouteFrame;
import org.memphisee.core.routing.frame.RouteKind;

/** What a peer sends that makes no sense is reported and harms nobody. */
class DamagedFramesTest extends RoutesFixture {

    private int done;

    @BeforeEach
    void begin() {
        start(1);
        linkAll();
        define(7, "S");
    }

    private void receive(byte[] frame) {
        nodes.get("a").routes.received("b", Traffic.PLAIN, new PeerFrame() {
            @Override
            public byte[] bytes() {
                return frame;
            }

            @Override
            public void done() {
                done++;
            }
        });
        settle();
    }

    @Test
    void shouldReportWhatIsNoFrameAndGoOn() {
        Client a = nodes.get("a").client().subscribe("x", "");
        settle();
        receive(new byte[0]);
        receive(new byte[] {9, 48});
        receive(new byte[] {1, 63});
        receive(RouteFrame.of(RouteKind.INTEREST).u8(9).take());
        receive(RouteFrame.of(RouteKind.INTEREST).u8(2).text("").text("a..b").i32(1).take());
        receive(RouteFrame.of(RouteKind.PUBLISHES).i64(1).i64(7).u8(0).text("S.x").i32(50).text("short").take());
        receive(RouteFrame.of(RouteKind.OUTCOMES).i64(1).u8(77).take());

        assertEquals(7, reported.size(), reported::toString);
        assertTrue(reported.stream().allMatch(r -> r.startsWith("a does not understand b: ")));
        assertEquals(7, done);
        nodes.get("b").client().publish("x", "", "still");
        settle();
        assertEquals(List.of("x x still"), a.frames());
    }

    @Test
    void shouldIgnoreWhatIsAboutNothingThatIsKnown() {
        receive(RouteFrame.of(RouteKind.OUTCOMES).i64(1).u8(PeerOrigin.STORED).text("S").i64(1).u8(0).take());
        receive(RouteFrame.of(RouteKind.DELIVERIES).i64(5).text("S.x").text("").i32(0).text("m").take());
        receive(RouteFrame.of(RouteKind.REPLIES).i64(5).u8(0).text("").text("{}").take());
        receive(RouteFrame.of(RouteKind.PULLS).i64(5).u8(1).take());
        receive(RouteFrame.of(RouteKind.PUBLISHES).i64(1).i64(99).u8(0).text("S.x").i32(0).text("m").take());
        receive(RouteFrame.of(RouteKind.INTEREST).u8(2).text("").text("never.told").i32(0).take());

        assertEquals(List.of(), reported);
        assertEquals(6, done);
    }

    /** Frames of all kinds with bytes of chance, and real ones with one of them changed. */
    @Test
    void shouldOutliveAnyBytes() {
        serve("a", 7);
        Random random = new Random(4);
        byte[][] real = {RouteFrame.of(RouteKind.INTEREST).u8(2).text("q").text("a.*").i32(1).take(),
            RouteFrame.of(RouteKind.MESSAGES).u8(1).u8(1).text("q").text("x").text("").text("r").i32(0).text("m").take(),
            RouteFrame.of(RouteKind.PUBLISHES).i64(1).i64(7).u8(0).text("S.x").i32(0).text("m").take(),
            RouteFrame.of(RouteKind.TRAFFIC).u8(1).i64(3).i64(7).text("c").u8(1).text("{}").take(),
            RouteFrame.of(RouteKind.ERRANDS).i64(3).i64(7).u8(5).text("12345678").take(),
            RouteFrame.of(RouteKind.ERRAND_ANSWERS).i64(3).u8(1).text("no").take(),
            RouteFrame.of(RouteKind.REQUESTS).i64(3).i64(7).u8(1).text("u").text("").text("").text("").text("").text("x").text("")
                .text("").take()};
        int sent = 0;
        for (int i = 0; i < 3_000; i++) {
            byte[] frame;
            if (random.nextBoolean()) {
                frame = real[random.nextInt(real.length)].clone();
                frame[random.nextInt(frame.length)] = (byte) random.nextInt();
            } else {
                frame = new byte[random.nextInt(60)];
                random.nextBytes(frame);
                if (frame.length > 1) {
                    frame[0] = 1;
                    frame[1] = (byte) (random.nextInt(5) > 0 ? 48 + random.nextInt(9) : 64 + random.nextInt(2));
                }
            }
            receive(frame);
            sent++;
        }
        assertEquals(sent, done, "each frame's budget is given back");
        Client a = nodes.get("a").client().subscribe("fine", "");
        settle();
        nodes.get("c").client().publish("fine", "", "1");
        settle();
        assertEquals(List.of("fine fine 1"), a.frames());
    }
}
