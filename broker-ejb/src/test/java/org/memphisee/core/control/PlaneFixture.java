package org.memphisee.core.control;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

import com.fasterxml.jackson.databind.JsonNode;

import org.memphisee.core.access.AuthResult;
import org.memphisee.core.api.ClientIdentity;
import org.memphisee.core.Beginning;
import org.memphisee.core.ControlPlane;
import org.memphisee.core.schema.StationCheck;
import org.memphisee.core.settings.RuntimeDefaults;
import org.memphisee.core.time.World;
import org.memphisee.port.ConnectOptions;
import org.memphisee.port.SessionInfo.Transport;
import org.memphisee.schema.Languages;

/** A whole control plane on fakes. */
public final class PlaneFixture implements AutoCloseable {

    public static final ClientIdentity SDK = new ClientIdentity("root", "uuid-1", "nats.js", "$memphis");

    public final FakeSystemLog log;
    public final FakeApi api = new FakeApi();
    public final FakePartitions partitions = new FakePartitions();
    public final ControlPlane plane;
    /** What is done with messages of partitions. */
    public final Map<Long, StationCheck> checks = new ConcurrentHashMap<>();
    private final CopyOnWriteArrayList<Throwable> failures = new CopyOnWriteArrayList<>();

    public PlaneFixture() {
        this(new FakeSystemLog(), ControlFixture.settings());
    }

    public PlaneFixture(FakeSystemLog log, ControlSettings settings) {
        this(log, settings, Beginning.EMPTY);
    }

    public PlaneFixture(FakeSystemLog log, ControlSettings settings, Beginning beginning) {
        this.log = log;
        World world = World.of(Thread::new);
        ControlLoop loop = new ControlLoop(world, 1_000_000, failures::add);
        log.attach(loop);
        plane = new ControlPlane(settings, RuntimeDefaults.NONE, log, partitions, api, api, world, loop, new Languages(),
            this::check);
        plane.beginWith(beginning);
        log.recover(plane.recovery());
        FakeApi.await(plane.start());
    }

    private void check(long partitionId, StationCheck check) {
        if (check == null) {
            checks.remove(partitionId);
        } else {
            checks.put(partitionId, check);
        }
    }

    public FakeApi.Answer ask(ClientIdentity client, String subject, String json) {
        return api.ask(client, subject, json.replace('\'', '"'));
    }

    /** The answer's payload. */
    public String ask(String subject, String json) {
        return ask(SDK, subject, json).payload();
    }

    public JsonNode js(String operation, String json) {
        return api.js(operation, json);
    }

    public DefinitionsSnapshot definitions() {
        return FakeApi.await(plane.engine().snapshot());
    }

    public AuthResult connect(String user, String password, String name) {
        return connect(user, password, "", name, Transport.TCP);
    }

    public AuthResult connect(String user, String password, String token, String name, Transport transport) {
        CompletableFuture<AuthResult> result = new CompletableFuture<>();
        plane.authenticator().authenticate(new ConnectOptions(false, false, true, true, true, 1, user, password, token,
            name, "nats.js", "2", false), transport, result::complete);
        return FakeApi.await(result);
    }

    public static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("did not become true in time");
            }
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        plane.close();
        partitions.close();
        if (!failures.isEmpty()) {
            throw new AssertionError("a task of the control loop failed", failures.get(0));
        }
    }
}
