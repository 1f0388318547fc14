package org.memphisee.core.integrations;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.memphisee.core.api.Author;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.Definitions;
import org.memphisee.core.control.IntegrationDefinition;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.integrations.Messenger.Answer;
import org.memphisee.core.integrations.Messenger.Outcome;
import org.memphisee.core.integrations.Messenger.Target;
import org.memphisee.core.notices.Alert;
import org.memphisee.core.tiering.ObjectStore;
import org.memphisee.core.tiering.ObjectStore.Bucket;
import org.memphisee.core.tiering.TierFigures;
import org.memphisee.core.time.TimedLoop;

/**
 * The integrations of the installation: made, changed, tried and removed by people, and told of alerts. Any thread. What fails
 * does so with an {@link IntegrationRefusal} for people, a {@link org.memphisee.core.control.ControlLoop.LoopFullException} or a
 * {@link org.memphisee.core.log.StoreException}.
 */
public final class Integrations {

    /** Time between two looks whether the credentials are still good. */
    private static final long HEALTH_NANOS = 15 * 60_000_000_000L;
    private static final long DAY_NANOS = 24 * 3_600_000_000_000L;
    private static final int NOTE_DAYS = 7;
    private static final String HELLO = "Alerts of this broker will come here.";

    /**
     * The other sides.
     *
     * @param messenger what alerts go to
     * @param objects what the second tier is in
     */
    public record Services(Messenger messenger, ObjectStore objects) { }

    /** An integration that is there. */
    private record Active(IntegrationDefinition defined, Optional<Target> target, boolean valid) {
        Active valid(boolean now) {
            return new Active(defined, target, now);
        }
    }

    private final ControlEngine engine;
    private final TimedLoop loop;
    private final Messenger messenger;
    private final SecretBox secrets;
    private final Supplier<String> uiHost;
    private final IntegrationLog log;
    private final AlertQueue queue;
    private final S3Integration s3;
    private final long healthNanos;
    /** Control loop puts what is defined, the background loop what became of it. */
    private final AtomicReference<Active> slack = new AtomicReference<>();
    private volatile boolean muted;

    /**
     * Integrations that are not yet working.
     *
     * @param loop for background work, the caller's
     * @param services the network
     * @param secrets seals what must not be read in the log
     * @param uiHost where people reach the dashboard, empty when nobody knows
     * @param tier what went to the second tier
     */
    public Integrations(ControlEngine engine, TimedLoop loop, Services services, SecretBox secrets, Supplier<String> uiHost,
                        Supplier<TierFigures> tier) {
        this(engine, loop, services, secrets, uiHost, tier, HEALTH_NANOS);
    }

    /** The same with another time between looks. */
    Integrations(ControlEngine engine, TimedLoop loop, Services services, SecretBox secrets, Supplier<String> uiHost,
                 Supplier<TierFigures> tier, long healthNanos) {
        this.engine = engine;
        this.loop = loop;
        this.messenger = services.messenger();
        this.secrets = secrets;
        this.uiHost = uiHost;
        this.healthNanos = healthNanos;
        this.log = new IntegrationLog(engine);
        this.s3 = new S3Integration(services.objects(), secrets, log, tier);
        this.queue = new AlertQueue(loop, engine.clock(), messenger, () -> target(slack.get()), this::answered);
    }

    /** Takes over what the definitions know, and follows them. Before clients are served. */
    public CompletableFuture<Void> start() {
        CompletableFuture<Void> ready = new CompletableFuture<>();
        engine.resume(() -> {
            engine.listen((index, event) -> {
                if (event instanceof SystemEvent.IntegrationSaved || event instanceof SystemEvent.IntegrationRemoved) {
                    takeOver();
                }
            });
            takeOver();
            loop.execute(() -> loop.after(healthNanos, this::look));
            ready.complete(null);
        });
        return ready;
    }

    /** Control loop. */
    private void takeOver() {
        slack.set(engine.definitions().integrations().find(Slack.NAME).map(defined -> {
            Optional<Target> target = target(defined);
            return new Active(defined, target, target.isPresent());
        }).orElse(null));
        s3.takeOver(engine.definitions().integrations().find(S3.NAME));
        loop.execute(queue::next);
    }

    /** Empty when the secret cannot be opened, or another release allowed what this one does not. */
    private Optional<Target> target(IntegrationDefinition defined) {
        try {
            return Optional.ofNullable(defined.sealed().get(Slack.TOKEN))
                .flatMap(sealed -> secrets.open(label(Slack.TOKEN), sealed)).map(token -> Slack.target(defined.keys(), token));
        } catch (IntegrationRefusal refusal) {
            return Optional.empty();
        }
    }

    private static String label(String key) {
        return "integration/" + Slack.NAME + '/' + key;
    }

    private static Target target(Active active) {
        return active == null ? null : active.target().orElse(null);
    }

    // ---- alerts

    /** Whether an integration that is defined takes alerts of a kind. Control loop. */
    public static boolean wanted(Definitions definitions, Alert.Kind kind) {
        return definitions.integrations().find(Slack.NAME).filter(slack -> on(slack, kind)).isPresent();
    }

    private static boolean on(IntegrationDefinition slack, Alert.Kind kind) {
        return slack.on().contains(Slack.switchOf(kind));
    }

    /** Whether alerts of a kind are wanted and can be sent now. */
    boolean wants(Alert.Kind kind) {
        Active active = slack.get();
        return active != null && active.target().isPresent() && on(active.defined(), kind);
    }

    /** Sends an alert on its way, if it is wanted. Any thread; never waits. */
    public void alert(Alert alert) {
        if (!muted && wants(alert.kind())) {
            String host = uiHost.get();
            String link = host.isEmpty() || alert.station().isEmpty() ? "" : (host.contains("://") ? host : "http://" + host)
                + "/stations/" + alert.station() + (alert.deadLetter() == 0 ? "" : "/" + alert.deadLetter());
            queue.add(alert.kind().title(), (alert.station().isEmpty() ? "" : "Station " + alert.station() + ": ") + alert.text()
                + (alert.detail().isEmpty() ? "" : "\n" + alert.detail()), link);
        }
    }

    /** Sends nothing from now on: the broker stops, and all clients are about to leave. */
    public void mute() {
        muted = true;
    }

    private void answered(Answer answer) {
        boolean valid = answer.outcome() == Outcome.DONE;
        boolean known = valid || answer.outcome() == Outcome.BAD_TOKEN || answer.outcome() == Outcome.BAD_CHANNEL;
        Active active = slack.get();
        if (known && active != null && active.valid() != valid && slack.compareAndSet(active, active.valid(valid))) {
            log.note(Slack.NAME, valid ? "[INF] Slack takes messages again" : "[ERR] Slack refuses messages: " + answer.reason());
        }
    }

    private void look() {
        Target target = target(slack.get());
        if (target != null && !muted) {
            messenger.check(target).whenComplete((answer, failure) -> loop.execute(() -> {
                if (answer != null && target.equals(target(slack.get()))) {
                    answered(answer);
                }
            }));
        }
        if (!muted) {
            s3.look();
        }
        loop.after(healthNanos, this::look);
    }

    // ---- tiered storage

    /** Where the second tier is; empty when nobody said, or its secret cannot be opened. Any thread. */
    public Optional<Bucket> bucket() {
        return s3.bucket();
    }

    /** What came of using a bucket. Any thread. */
    public void stored(Bucket bucket, ObjectStore.Answer answer) {
        s3.answered(bucket, answer);
    }

    // ---- people

    /** All that are there. */
    public List<IntegrationView> list() {
        return Stream.of(Slack.NAME, S3.NAME).flatMap(name -> find(name).stream()).toList();
    }

    /** One of them; a refusal for a name that there cannot be. */
    public Optional<IntegrationView> find(String name) {
        requireKnown(name);
        Active active = slack.get();
        if (name.equals(S3.NAME)) {
            return s3.find();
        }
        if (active == null) {
            return Optional.empty();
        }
        Map<String, String> keys = new LinkedHashMap<>(active.defined().keys());
        keys.put(Slack.TOKEN, Slack.MASKED);
        Map<String, Boolean> on = new LinkedHashMap<>();
        active.defined().on().forEach(key -> on.put(key, true));
        return Optional.of(new IntegrationView(Slack.NAME, keys, Slack.switches(on), active.valid(), queue.state()));
    }

    /** What happened to an integration in the last week, the newest first. */
    public CompletableFuture<List<IntegrationNote>> notes(String name) {
        requireKnown(name);
        CompletableFuture<List<IntegrationNote>> notes = new CompletableFuture<>();
        long since = engine.clock().wallNanos() - NOTE_DAYS * DAY_NANOS;
        engine.resume(() -> notes.complete(engine.definitions().integrations().notes(name).stream()
            .filter(note -> note.atNanos() >= since)
            .map(note -> new IntegrationNote(note.text(), note.atNanos())).toList()));
        return notes;
    }

    /**
     * Makes an integration after it was tried: a message is sent, an object stored and removed.
     *
     * @param by who asks
     */
    public CompletableFuture<IntegrationView> create(Author by, String name, Map<String, String> keys,
                                                     Map<String, Boolean> switches) {
        requireKnown(name);
        if (name.equals(S3.NAME)) {
            return s3.create(by, keys);
        }
        if (slack.get() != null) {
            throw new IntegrationRefusal("slack integration already exists");
        }
        Target target = Slack.target(keys, keys.getOrDefault(Slack.TOKEN, ""));
        return tried(target).thenCompose(done -> save(by, target, switches, "created", () -> slack.get() == null,
            "slack integration already exists"));
    }

    /** Changes an integration; an empty or masked secret stays as it is. It is tried when who is spoken to changes. */
    public CompletableFuture<IntegrationView> update(Author by, String name, Map<String, String> keys,
                                                     Map<String, Boolean> switches) {
        requireKnown(name);
        if (name.equals(S3.NAME)) {
            return s3.update(by, keys);
        }
        Active active = requireThere();
        String token = keys.getOrDefault(Slack.TOKEN, "");
        boolean keep = token.isEmpty() || token.equals(Slack.MASKED);
        Target target = Slack.target(keys, keep ? active.target().map(Target::token).orElse("") : token);
        CompletableFuture<Void> tried = active.target().equals(Optional.of(target)) && active.valid()
            ? CompletableFuture.completedFuture(null) : tried(target);
        return tried.thenCompose(done -> save(by, target, switches, "changed", () -> slack.get() != null,
            "slack integration does not exist"));
    }

    /** Removes an integration; what waits for it is dropped. */
    public CompletableFuture<Void> remove(Author by, String name) {
        requireKnown(name);
        if (name.equals(S3.NAME)) {
            return s3.remove(by);
        }
        requireThere();
        return log.append(by, () -> {
            requireThere();
            return new SystemEvent.IntegrationRemoved(Slack.NAME);
        }).thenRun(() -> log.note(Slack.NAME, "[INF] Slack integration has been removed by user " + by.user()));
    }

    /** Sends a message now, past those that wait, or stores an object; fails with a refusal that says why when it does not arrive. */
    public CompletableFuture<Void> test(String name) {
        requireKnown(name);
        if (name.equals(S3.NAME)) {
            return s3.test();
        }
        Target target = requireThere().target()
            .orElseThrow(() -> new IntegrationRefusal("The stored token cannot be read, enter it again"));
        return messenger.send(target, "Memphis", HELLO, "").thenCompose(answer -> {
            CompletableFuture<Void> noted = new CompletableFuture<>();
            loop.execute(() -> {
                answered(answer);
                noted.complete(null);
            });
            return noted.thenRun(() -> Slack.require(answer));
        });
    }

    private CompletableFuture<Void> tried(Target target) {
        return messenger.check(target).thenCompose(answer -> {
            Slack.require(answer);
            return messenger.send(target, "Memphis", HELLO, "");
        }).thenAccept(Slack::require);
    }

    private CompletableFuture<IntegrationView> save(Author by, Target target, Map<String, Boolean> switches, String what,
                                                    Supplier<Boolean> still, String otherwise) {
        List<String> on = Slack.switches(switches).entrySet().stream().filter(Map.Entry::getValue).map(Map.Entry::getKey).toList();
        Map<String, String> keys = new LinkedHashMap<>(Map.of(Slack.CHANNEL, target.channel()));
        if (!target.url().isEmpty()) {
            keys.put(Slack.URL, target.url());
        }
        Map<String, String> sealed = Map.of(Slack.TOKEN, secrets.seal(label(Slack.TOKEN), target.token()));
        return log.append(by, () -> {
            if (!still.get()) {
                throw new IntegrationRefusal(otherwise);
            }
            return new SystemEvent.IntegrationSaved(Slack.NAME, keys, sealed, on);
        }).thenApply(done -> {
            log.note(Slack.NAME, "[INF] Slack integration has been " + what + " by user " + by.user());
            return find(Slack.NAME).orElseThrow(() -> new IntegrationRefusal("slack integration does not exist"));
        });
    }

    private Active requireThere() {
        Active active = slack.get();
        if (active == null) {
            throw new IntegrationRefusal("slack integration does not exist");
        }
        return active;
    }

    private static void requireKnown(String name) {
        if (!name.equals(Slack.NAME) && !name.equals(S3.NAME)) {
            throw new IntegrationRefusal("Unsupported integration type - " + name);
        }
    }
}
