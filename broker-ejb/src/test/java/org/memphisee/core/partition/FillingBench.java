package org.memphisee.core.partition;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import org.memphisee.core.append.LogWriter;
import org.memphisee.core.append.Shard;
import org.memphisee.core.append.ShardCommand;
import org.memphisee.core.append.SoloGroup;
import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.consumer.Inbox;
import org.memphisee.core.consumer.MessageView;
import org.memphisee.core.consumer.PartitionView;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.partition.index.IndexBudget;
import org.memphisee.core.partition.log.BatchCache;
import org.memphisee.core.partition.log.BatchLoader;
import org.memphisee.core.partition.log.ShardResources;
import org.memphisee.core.partition.log.StorageGuard;
import org.memphisee.core.partition.publish.PublishOutcome;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.core.time.BrokerClock;
import org.memphisee.core.time.Timings;
import org.memphisee.core.time.World;
import org.memphisee.port.PublishRequest;
import org.memphisee.store.je.JeLogStore;
import org.memphisee.store.je.JeStoreSettings;

/**
 * Fills one partition on the real store until it is large, opens it anew and reads it back through a filtered consumer,
 * under the heap that is shipped. Says rates, heap and times (docs/benchmarks.md). Not a test; arguments: what to fill
 * ({@code ids}, {@code subjects} or {@code one}), how many messages, and a directory.
 */
public final class FillingBench {

    private static final int CHUNK = 256;
    private static final int WINDOW = 16_384;
    private static final long SECOND = 1_000_000_000L;

    private final Path directory;
    private final StreamConfig config;
    private final IndexBudget index = new IndexBudget(Runtime.getRuntime().maxMemory() / 100 * 40);
    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final Semaphore window = new Semaphore(WINDOW);
    private JeLogStore store;
    private LogWriter writer;
    private ExecutorService readers;
    private World.Running thread;
    private Shard shard;
    private Partition partition;

    private FillingBench(Path directory, boolean perSubject) {
        this.directory = directory;
        this.config = PartitionFixture.config(c -> {
            c.perSubject = perSubject ? 1 : -1;
            c.durability = StreamConfig.Durability.INTERVAL;
            return c;
        });
    }

    /** Runs one filling. */
    public static void main(String[] arguments) throws Exception {
        String what = arguments[0];
        long messages = Long.parseLong(arguments[1]);
        Path directory = Files.createDirectories(Path.of(arguments[2]));
        FillingBench bench = new FillingBench(directory, what.equals("subjects"));
        bench.open();
        bench.fill(what, messages, messages / 10);
        if (what.equals("subjects")) {
            bench.overwrite(messages, messages / 10);
        }
        bench.say("heap after filling");
        bench.close();
        bench.open();
        bench.say("heap after restart");
        bench.read(what.equals("one") ? "s.1" : "s.>");
        if (what.equals("subjects")) {
            bench.overwrite(messages, messages / 10);
            bench.count("s.*.7");
        }
        bench.say("heap at the end");
        bench.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private void open() throws Exception {
        long begin = System.nanoTime();
        ThreadFactory threads = task -> {
            Thread t = new Thread(task);
            t.setDaemon(true);
            return t;
        };
        store = JeLogStore.open(new JeStoreSettings(directory, 96 << 20, 0, threads));
        long opened = System.nanoTime();
        BrokerClock clock = BrokerClock.SYSTEM;
        writer = new LogWriter(store, clock, SECOND / 10);
        readers = Executors.newFixedThreadPool(2, threads);
        shard = new Shard(0, clock, () -> { }, (s, e) -> e.printStackTrace(), 64 << 20);
        Random random = new Random(7);
        ShardResources resources = new ShardResources(shard, new SoloGroup(shard, writer),
            new BatchCache(16 << 20), index, new BatchLoader(store, readers), new StorageGuard(), (s, h, p) -> { },
            new Counting(), random::nextLong, SECOND / 10, (p, c) -> { }, false, new Timings());
        partition = new Partition(1, clock.wallNanos(), config, resources, new IgnoringListener());
        partition.recover(store);
        partition.opened(); // nobody consumed before
        System.out.printf("store opened in %.1f s, partition recovered in %.1f s: %d messages, %d subjects%n",
            (opened - begin) / 1e9, (System.nanoTime() - opened) / 1e9, partition.state().messages(),
            partition.state().numSubjects());
        World world = World.of(threads);
        writer.start(world);
        thread = world.run("shard", shard);
    }

    private void close() throws StoreException {
        CompletableFuture<Void> stored = new CompletableFuture<>();
        partition.shutdown(() -> stored.complete(null));
        stored.join();
        CompletableFuture<Void> given = new CompletableFuture<>();
        shard.execute(() -> {
            partition.giveBack();
            given.complete(null);
        });
        given.join();
        thread.close();
        writer.close();
        readers.shutdown();
        store.close();
    }

    private void fill(String what, long messages, long part) throws InterruptedException {
        long begin = System.nanoTime();
        for (long done = 0; done < messages; done += part) {
            long end = Math.min(messages, done + part);
            long from = System.nanoTime();
            for (long i = done; i < end; i += CHUNK) {
                ShardCommand.Batch batch = new ShardCommand.Batch();
                int n = (int) Math.min(CHUNK, end - i);
                for (int k = 0; k < n; k++) {
                    long number = i + k;
                    String subject = what.equals("subjects") ? subject(number) : "s.1";
                    add(batch, subject, what.equals("ids")
                        ? "NATS/1.0\r\nNats-Msg-Id: " + String.format("%036d", number) + "\r\n\r\n" : "");
                }
                window.acquire(n);
                shard.submit(batch, ShardCommand.Reader.NONE);
            }
            settle();
            System.out.printf("%,d messages: %,.0f/s, refused %d, index %d MiB, heap %d MiB%n", end,
                (end - done) * 1e9 / (System.nanoTime() - from), refused.get(), index.used() >> 20, heap() >> 20);
        }
        System.out.printf("filled in %.0f s%n", (System.nanoTime() - begin) / 1e9);
    }

    private static String subject(long number) {
        return "s." + number + "." + number % 10;
    }

    private void overwrite(long subjects, long messages) throws InterruptedException {
        Random random = new Random(3);
        long from = System.nanoTime();
        for (long i = 0; i < messages; i += CHUNK) {
            ShardCommand.Batch batch = new ShardCommand.Batch();
            for (int k = 0; k < CHUNK; k++) {
                add(batch, subject(random.nextLong(subjects)), "");
            }
            window.acquire(CHUNK);
            shard.submit(batch, ShardCommand.Reader.NONE);
        }
        settle();
        System.out.printf("overwrites: %,.0f/s, messages %d, subjects %d%n", messages * 1e9 / (System.nanoTime() - from),
            partition.state().messages(), partition.state().numSubjects());
    }

    private void add(ShardCommand.Batch batch, String subject, String header) {
        byte[] s = (subject + "r" + header + "payload8").getBytes(StandardCharsets.US_ASCII);
        int reply = subject.length();
        PublishRequest r = new PublishRequest(s, 0, reply, reply, 1, reply + 1, header.length(), 8);
        batch.add(() -> partition.publish(r, (request, outcome) -> {
            if (outcome instanceof PublishOutcome.Refused) {
                refused.incrementAndGet();
            }
            window.release();
        }), s.length);
    }

    private void settle() throws InterruptedException {
        window.acquire(WINDOW);
        window.release(WINDOW);
    }

    private void read(String filter) throws InterruptedException {
        delivered.set(0);
        long expected = partition.state().messages();
        long from = System.nanoTime();
        ConsumerConfig c = new ConsumerConfig("c", false, "", ConsumerConfig.DeliverPolicy.LAST_PER_SUBJECT, 0, 0,
            ConsumerConfig.AckPolicy.NONE, 30 * SECOND, -1, List.of(), List.of(filter), true, false, 0, 0, 512, -1, 0, false,
            false, 0, 0, 0, "deliver", "", 0, 1, true, Map.of());
        ConsumerConfig all = filter.equals("s.>") ? c : new ConsumerConfig("c", false, "",
            ConsumerConfig.DeliverPolicy.ALL, 0, 0, ConsumerConfig.AckPolicy.NONE, 30 * SECOND, -1, List.of(),
            List.of(filter), true, false, 0, 0, 512, -1, 0, false, false, 0, 0, 0, "deliver", "", 0, 1, true, Map.of());
        shard.execute(() -> partition.operations().resolveStart(all, new PartitionView.Answer<>() {
            @Override
            public void known(Long start) {
                partition.operations().addConsumer(5, all, 0, start, () -> { });
            }

            @Override
            public void unknown(String why) {
                throw new IllegalStateException(why);
            }
        }));
        long until = System.nanoTime() + 300 * SECOND;
        long want = filter.equals("s.>") ? partition.state().numSubjects() : expected;
        while (delivered.get() < want && System.nanoTime() < until) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        System.out.printf("read %,d of %,d in %.1f s%n", delivered.get(), want, (System.nanoTime() - from) / 1e9);
        CompletableFuture<Void> gone = new CompletableFuture<>();
        shard.execute(() -> {
            partition.operations().removeConsumer("c");
            gone.complete(null);
        });
        gone.join();
    }

    private void count(String filter) {
        CompletableFuture<Long> counted = new CompletableFuture<>();
        long from = System.nanoTime();
        shard.execute(() -> partition.view().count(1, Partition.filter(filter), new PartitionView.Tally() {
            private long sum;

            @Override
            public void add(long upTo, long matching) {
                sum += matching;
            }

            @Override
            public void done() {
                counted.complete(sum);
            }

            @Override
            public boolean wanted() {
                return true;
            }
        }));
        System.out.printf("%s: %,d messages, counted in %.1f s%n", filter, counted.join(), (System.nanoTime() - from) / 1e9);
    }

    private static long heap() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private void say(String what) throws IOException {
        System.gc();
        String status = Files.readString(Path.of("/proc/self/status"));
        String resident = status.lines().filter(l -> l.startsWith("VmRSS")).findFirst().orElse("");
        System.out.printf("%s: %d MiB, index %d MiB, %s%n", what, heap() >> 20, index.used() >> 20, resident);
    }

    private final class Counting implements ShardResources.Inboxes {
        @Override
        public Inbox inbox(String subject, String queueGroup) {
            return new Inbox() {
                @Override
                public boolean hasInterest() {
                    return true;
                }

                @Override
                public boolean congested() {
                    return false;
                }

                @Override
                public int deliver(MessageView message, boolean headersOnly, byte[] reply, int replyLength) {
                    delivered.incrementAndGet();
                    return message.subjectLength + message.payloadLength + replyLength;
                }

                @Override
                public void status(byte[] headerBlock, String reply) { }
            };
        }

        @Override
        public AutoCloseable watch(String subject, Shard on, Runnable changed) {
            return () -> { };
        }
    }
}
