package org.memphisee.cluster.jgroups;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import org.memphisee.core.cluster.link.LinkEnd;
import org.memphisee.core.cluster.link.LinkSettings;
import org.memphisee.core.cluster.link.PeerFrame;
import org.memphisee.core.cluster.link.PeerIdentity;
import org.memphisee.core.cluster.link.PeerLinks;
import org.memphisee.core.cluster.link.PeerListener;
import org.memphisee.core.cluster.link.Traffic;
import org.memphisee.core.time.BrokerClock;

/**
 * What a link between two nodes in one process carries over loopback, and which threads that costs. {@code java -cp …
 * org.memphisee.cluster.jgroups.LinkBench [seconds for each row]}; the rows are in docs/design/links.md.
 */
public final class LinkBench {

    private static final double MIB = 1 << 20;
    private static final double NANOS = 1e9;

    private LinkBench() { }

    /** Counts what arrives, and answers what is to be answered. */
    private static final class End implements PeerListener {
        private final AtomicLong frames = new AtomicLong();
        private final AtomicLong bytes = new AtomicLong();
        private final AtomicLong links = new AtomicLong();

        @Override
        public void linked(String peer, PeerIdentity who) {
            links.incrementAndGet();
        }

        @Override
        public void unlinked(String peer, LinkEnd end) {
            System.out.println("unlinked: " + end);
        }

        @Override
        public void received(String peer, Traffic traffic, PeerFrame frame) {
            bytes.addAndGet(frame.bytes().length);
            frames.incrementAndGet();
            frame.done();
        }

        @Override
        public void room(String peer, Traffic traffic) { }

        @Override
        public void gone(String peer) { }
    }

    public static void main(String[] args) throws Exception {
        long nanos = (args.length == 0 ? 4 : Long.parseLong(args[0])) * 1_000_000_000L;
        End endA = new End();
        End endB = new End();
        try (ChannelLinks b = ChannelLinks.start(ChannelCluster.identity("b"), new ChannelSettings(ChannelCluster.loopback(0), null,
                Map.of("a", ChannelCluster.loopback(1)), new byte[0], Optional.empty()),
                LinkSettings.DEFAULT, BrokerClock.SYSTEM, Thread::new, endB);
             ChannelLinks a = ChannelLinks.start(ChannelCluster.identity("a"), new ChannelSettings(ChannelCluster.loopback(0), null,
                Map.of("b", ChannelCluster.loopback(b.port())), new byte[0], Optional.empty()),
                LinkSettings.DEFAULT, BrokerClock.SYSTEM, Thread::new, endA)) {
            ChannelCluster.await("linked", () -> endA.links.get() > 0 && endB.links.get() > 0);
            System.out.println("| frames of | each | frames/s | MiB/s | µs of processor a frame | of them JGroups | beats: median, worst |");
            for (int round = 0; round < 2; round++) { // the first one warms up
                for (int size : new int[] {128, 1_024, 16_384, 65_536, 262_144}) {
                    row(a.links(), endB, Traffic.REQUESTS, size, nanos, round > 0);
                }
            }
            row(a.links(), endB, Traffic.BULK, 262_144, nanos, true);
        }
    }

    private static void row(PeerLinks links, End to, Traffic traffic, int size, long nanos, boolean print) {
        long[] before = cpu();
        long begin = System.nanoTime();
        long frames = to.frames.get();
        long bytes = to.bytes.get();
        long[] rtts = new long[100_000];
        int looks = 0;
        long nextLook = begin;
        while (System.nanoTime() - begin < nanos) {
            if (links.send("b", traffic, new byte[size]) != PeerLinks.Sent.TAKEN) {
                LockSupport.parkNanos(20_000);
            }
            if (System.nanoTime() > nextLook && looks < rtts.length) {
                rtts[looks++] = links.health("b").rttNanos();
                nextLook += 100_000_000;
            }
        }
        double seconds = (System.nanoTime() - begin) / NANOS;
        frames = to.frames.get() - frames;
        bytes = to.bytes.get() - bytes;
        long[] after = cpu();
        Arrays.sort(rtts, 0, looks);
        if (print) {
            System.out.printf(Locale.ROOT, "| %s | %d B | %,.0f | %,.0f | %.2f | %.0f %% | %.2f ms, %.2f ms |%n", traffic, size,
                frames / seconds, bytes / MIB / seconds, (after[0] - before[0]) / 1e3 / frames,
                100.0 * (after[1] - before[1]) / (after[0] - before[0]), rtts[looks / 2] / 1e6, rtts[Math.max(0, looks - 1)] / 1e6);
        }
    }

    /** Nanoseconds of all threads, and of those that JGroups has for the connection. */
    private static long[] cpu() {
        var threads = ManagementFactory.getThreadMXBean();
        Map<Long, Long> all = new TreeMap<>();
        long jgroups = 0;
        for (ThreadInfo info : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (info != null) {
                long used = Math.max(0, threads.getThreadCpuTime(info.getThreadId()));
                all.put(info.getThreadId(), used);
                jgroups += info.getThreadName().contains("Connection.") ? used : 0;
            }
        }
        return new long[] {all.values().stream().mapToLong(Long::longValue).sum(), jgroups};
    }
}
