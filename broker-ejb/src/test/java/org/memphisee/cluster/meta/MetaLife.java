package org.memphisee.cluster.meta;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

import org.memphisee.cluster.node.NodeGroups;
import org.memphisee.cluster.node.NodeReport;
import org.memphisee.cluster.raft.ReplicaSettings;
import org.memphisee.core.api.Author;
import org.memphisee.core.append.LogWriter;
import org.memphisee.core.append.SideLogs;
import org.memphisee.core.append.SystemLogWriter;
import org.memphisee.core.cluster.UndecidedException;
import org.memphisee.core.cluster.journal.JournalException;
import org.memphisee.core.cluster.journal.JournalFiles;
import org.memphisee.core.cluster.journal.JournalSettings;
import org.memphisee.core.cluster.journal.RaftJournal;
import org.memphisee.core.control.ChangeResult;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.ControlFixture;
import org.memphisee.core.control.ControlLoop;
import org.memphisee.core.control.Definitions;
import org.memphisee.core.control.DefinitionsReader;
import org.memphisee.core.control.DefinitionsSnapshot;
import org.memphisee.core.control.FakeApi;
import org.memphisee.core.control.FakePartitions;
import org.memphisee.core.control.NameLock;
import org.memphisee.core.control.SampleEvents;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.control.UserEvent;
import org.memphisee.core.control.format.FormatException;
import org.memphisee.core.control.format.SystemEventCodec;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.SystemLog;
import org.memphisee.core.replication.GroupPosition;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.core.time.World;

/** One life of a node with definitions: its loops, its journal and its store, from the start of a process to its end. */
public final class MetaLife implements AutoCloseable {

    private static final JournalSettings JOURNAL = new JournalSettings(16 << 10, 512, 8 << 10, 16 << 10, 2 << 10, 64 << 10, 0, 4);

    public final String name;
    public final NodeGroups groups;
    public final MetaNode meta;
    public final CopyOnWriteArrayList<String> reports = new CopyOnWriteArrayList<>();
    public final CopyOnWriteArrayList<Throwable> failures = new CopyOnWriteArrayList<>();
    final RaftJournal journal;
    final MetaLog log;
    final Formation formation;
    volatile ControlEngine engine;
    volatile boolean serving;
    /** It has seen everything that was there when it came. */
    volatile boolean current;
    private final List<String> members;
    private final World world;
    private final LogStore store;
    private final LogWriter writer;
    private final SystemLogWriter systemLog;
    private final ControlLoop loop;
    private final FakePartitions partitions;
    private final Applied applied;
    private final Supplier<String> ids;

    /** Told of each event that this life folded. */
    interface Applied {
        void event(long index, SystemEvent event);
    }

    MetaLife(String name, List<String> members, World world, LogStore store, JournalFiles files, Applied applied)
        throws JournalException, StoreException {
        this(name, members, world, store, files, applied, MetaSettings.DEFAULT);
    }

    MetaLife(String name, List<String> members, World world, LogStore store, JournalFiles files, Applied applied, MetaSettings settings)
        throws JournalException, StoreException {
        this.name = name;
        this.members = members;
        this.world = world;
        this.store = store;
        this.applied = applied;
        this.ids = world::newId;
        journal = RaftJournal.open(files, JOURNAL, world.clock(), world.random());
        groups = new NodeGroups(name, world.clock(), journal, ReplicaSettings.DEFAULT, world.random(), new NodeReport() {
            @Override
            public void notUnderstood(String peer, String why) {
                failures.add(new AssertionError(peer + ": " + why));
            }

            @Override
            public void groupFailed(long group, String why, Throwable cause) {
                reports.add("group " + group + " failed: " + why);
            }

            @Override
            public void unexpected(Throwable cause) {
                failures.add(cause);
            }
        });
        loop = new ControlLoop(world, 100_000, failures::add);
        partitions = new FakePartitions(world.readers(1));
        writer = new LogWriter(store, world.clock(), 1_000_000_000L);
        systemLog = new SystemLogWriter(writer, new SideLogs(store, writer, Runnable::run, world.clock()));
        systemLog.begin(Runnable::run, 0);
        log = new MetaLog(systemLog, loop::resume);
        MetaReport report = new Reports();
        meta = new MetaNode(groups, members, log, loop::resume, settings, world.clock(), journal,
            world.random().nextLong(), report);
        formation = new Formation(groups, members, journal, seed(store), (beginning, position, done) ->
            systemLog.begin(beginning.index(), beginning.snapshot(), position, new SystemLog.Outcome() {
                @Override
                public void durable() {
                    done.accept(null);
                }

                @Override
                public void failed(StoreException cause) {
                    done.accept(cause);
                }
            }), ids, this::formed, report);
        journal.start(world);
        writer.start(world);
        groups.start(world);
    }

    private final class Reports implements MetaReport {
        @Override
        public void formed(String cluster) {
            reports.add("formed " + cluster);
        }

        @Override
        public void waits(String why) {
            reports.add("waits: " + why);
        }

        @Override
        public void behind() {
            reports.add("behind");
        }

        @Override
        public void failed(String why) {
            reports.add("failed: " + why);
        }
    }

    /** What a store has of before. */
    static Formation.Beginning seed(LogStore store) throws StoreException {
        DefinitionsReader reader = new DefinitionsReader();
        long last = recover(store, new LogStore.SystemLogVisitor() {
            @Override
            public void snapshot(long index, byte[] snapshot) {
                try {
                    reader.snapshot(index, snapshot);
                } catch (FormatException e) {
                    throw new IllegalStateException(e);
                }
            }

            @Override
            public void event(long index, byte[] event) {
                try {
                    reader.event(event);
                } catch (FormatException e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        return last == 0 ? null : new Formation.Beginning(last, SystemEventCodec.encodeSnapshot(reader.snapshot(last)));
    }

    /** Last index. */
    private static long recover(LogStore store, LogStore.SystemLogVisitor visitor) throws StoreException {
        long[] last = new long[1];
        store.recoverSystemLog(new LogStore.SystemLogVisitor() {
            @Override
            public void snapshot(long index, byte[] snapshot) {
                last[0] = index;
                visitor.snapshot(index, snapshot);
            }

            @Override
            public void event(long index, byte[] event) {
                if (index > last[0]) {
                    last[0] = index;
                    visitor.event(index, event);
                }
            }
        });
        return last[0];
    }

    private void formed(String cluster) {
        try {
            engine = new ControlEngine(ControlFixture.settings().withSnapshots(20, 5), log, partitions, new FakeApi(), world,
                loop);
            engine.listen((index, event) -> applied.event(index, event));
            long last = recover(store, engine.recovery());
            systemLog.begin(loop::resume, last);
            meta.begin(last, GroupPosition.read(store, GroupPosition.DEFINITIONS), new MetaEngine() {
                @Override
                public void append(byte[] event, ChangeResult result) {
                    engine.changeOf(event, result);
                }

                @Override
                public CompletableFuture<DefinitionsSnapshot> snapshot() {
                    return engine.snapshot();
                }
            }, () -> current = true);
            loop.start();
            engine.start().thenRun(() -> serving = true);
        } catch (StoreException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Where its log of definitions is, for people. */
    String standing() {
        try {
            return meta + ", " + journal.group(Formation.IDENTITY) + " ";
        } catch (JournalException e) {
            return e.getMessage();
        }
    }

    Definitions definitions() {
        return engine.definitions();
    }

    DefinitionsSnapshot snapshot() {
        return FakeApi.await(engine.snapshot());
    }

    /** Asks here; the request is a word and a name. */
    public void ask(String request, MetaAnswer answer) {
        loop.resume(() -> decide(request, answer));
    }

    // ---- what a door does

    private void decide(String request, MetaAnswer answer) {
        String[] words = request.split(" ");
        String thing = words[1];
        boolean user = words[0].endsWith("user");
        if (user) {
            engine.lockUsers(lock -> decide(words[0], thing, lock, ending(answer, lock::release)));
        } else {
            engine.lock(thing, lock -> decide(words[0], thing, lock, ending(answer, lock::release)));
        }
    }

    private static MetaAnswer ending(MetaAnswer answer, Runnable release) {
        return new MetaAnswer() {
            @Override
            public void answered(byte[] bytes) {
                answer.answered(bytes);
                release.run();
            }

            @Override
            public void failed(UndecidedException why) {
                answer.failed(why);
                release.run();
            }
        };
    }

    private void decide(String word, String thing, NameLock lock, MetaAnswer answer) {
        if (lock.refused().isPresent()) {
            answer.failed((UndecidedException) lock.refused().get());
            return;
        }
        Definitions now = engine.definitions();
        switch (word) {
            case "station" -> change(now.station(thing).isPresent(), "there is", () ->
                SampleEvents.station(engine.allocateId(), thing,
                SystemEvent.RetentionType.BYTES, 4096, StreamConfig.Storage.FILE, 1, 60_000, List.of(engine.allocateId()),
                true, false,
                "", false, true, "root", world.clock().wallNanos(), 2, List.of(), Map.of()), "made", answer);
            case "nostation" -> change(now.station(thing).isEmpty(), "there is none",
                () -> new SystemEvent.StationDeleted(now.station(thing).orElseThrow().id()), "gone", answer);
            case "user" -> change(now.user(thing).isPresent(), "there is", () ->
                new UserEvent.UserCreated(engine.allocateId(), thing,
                UserEvent.UserType.APPLICATION, "pbkdf2-sha256$1$x$y", Map.of(), world.clock().wallNanos(),
                UserEvent.StationPatterns.NONE), "made", answer);
            case "nouser" -> change(now.user(thing).isEmpty(), "there is none", () -> new UserEvent.UserRemoved(thing),
                "gone", answer);
            default -> throw new IllegalArgumentException(word);
        }
    }

    private void change(boolean not, String otherwise, Supplier<SystemEvent> event, String done, MetaAnswer answer) {
        if (not) {
            answer.answered(otherwise.getBytes(StandardCharsets.UTF_8));
            return;
        }
        engine.change(Author.named("root"), event.get(), new ChangeResult() {
            @Override
            public void effective() {
                answer.answered(done.getBytes(StandardCharsets.UTF_8));
            }

            @Override
            public void failed(StoreException cause) {
                answer.failed(cause instanceof UndecidedException why ? why
                    : new UndecidedException(UndecidedException.Outcome.UNKNOWN, "the store of the leader failed: " + cause));
            }
        });
    }

    @Override
    public void close() {
        groups.close();
        if (engine != null) {
            engine.close();
        }
        writer.close();
        partitions.close();
        try {
            journal.close();
        } catch (JournalException e) {
            failures.add(e);
        }
    }
}
