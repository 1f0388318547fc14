package org.memphisee.core.control;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import org.memphisee.core.log.StoreException;
import org.memphisee.core.time.World;

/** An engine on fakes that survives restarts of its log. */
public final class ControlFixture implements AutoCloseable {

    public final FakeSystemLog log;
    public final FakeApi api = new FakeApi();
    public final FakePartitions partitions = new FakePartitions();
    public final ControlLoop loop;
    public final ControlEngine engine;
    public final CopyOnWriteArrayList<Throwable> failures = new CopyOnWriteArrayList<>();

    public ControlFixture() {
        this(new FakeSystemLog(), settings());
    }

    public ControlFixture(FakeSystemLog log, ControlSettings settings) {
        this.log = log;
        World world = World.of(Thread::new);
        this.loop = new ControlLoop(world, settings.loopCapacity(), failures::add);
        log.attach(loop);
        this.engine = new ControlEngine(settings, log, partitions, api, world, loop);
    }

    public static ControlSettings settings() {
        return ControlSettings.of("memphis", ControlSettings.AuthMode.USER_PASSWORD, "", "memphis-0")
            .withPasswordIterations(1_000);
    }

    public ControlFixture start() {
        log.recover(engine.recovery());
        loop.start();
        FakeApi.await(engine.start());
        return this;
    }

    /** Has the event appended, and waits until it is in effect. */
    public void change(SystemEvent event) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        engine.resume(() -> engine.change(Authors.of("root"), event, new ChangeResult() {
            @Override
            public void effective() {
                done.complete(null);
            }

            @Override
            public void failed(StoreException cause) {
                done.completeExceptionally(cause);
            }
        }));
        FakeApi.await(done);
    }

    public DefinitionsSnapshot definitions() {
        return FakeApi.await(engine.snapshot());
    }

    @Override
    public void close() {
        engine.close();
        partitions.close();
        if (!failures.isEmpty()) {
            throw new AssertionError("a task of the control loop failed", failures.get(0));
        }
    }
}
