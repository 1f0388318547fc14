package org.memphisee.core.integrations;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import org.memphisee.core.api.Author;
import org.memphisee.core.control.IntegrationDefinition;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.tiering.ObjectStore;
import org.memphisee.core.tiering.ObjectStore.Answer;
import org.memphisee.core.tiering.ObjectStore.Bucket;
import org.memphisee.core.tiering.ObjectStore.Outcome;
import org.memphisee.core.tiering.TierFigures;

/** The integration with S3-compatible storage. It is tried by storing and removing an object before it is kept. Any thread. */
final class S3Integration {

    private static final String THERE = "s3 integration already exists";
    private static final String MISSING = "s3 integration does not exist";
    private static final String TRIAL = "memphis";

    /** An integration that is there. */
    private record Active(IntegrationDefinition defined, Optional<Bucket> bucket, boolean valid) { }

    private final ObjectStore store;
    private final SecretBox secrets;
    private final IntegrationLog log;
    private final Supplier<TierFigures> figures;
    private final AtomicReference<Active> active = new AtomicReference<>();

    S3Integration(ObjectStore store, SecretBox secrets, IntegrationLog log, Supplier<TierFigures> figures) {
        this.store = store;
        this.secrets = secrets;
        this.log = log;
        this.figures = figures;
    }

    /** Takes over what is defined. Control loop. */
    void takeOver(Optional<IntegrationDefinition> defined) {
        active.set(defined.map(d -> {
            Optional<Bucket> bucket = bucket(d);
            return new Active(d, bucket, bucket.isPresent());
        }).orElse(null));
    }

    private Optional<Bucket> bucket(IntegrationDefinition defined) {
        try {
            return Optional.ofNullable(defined.sealed().get(S3.SECRET)).flatMap(sealed -> secrets.open(label(), sealed))
                .map(secret -> S3.bucket(defined.keys(), secret));
        } catch (IntegrationRefusal refusal) {
            return Optional.empty(); // another release allowed what this one does not
        }
    }

    private static String label() {
        return "integration/" + S3.NAME + '/' + S3.SECRET;
    }

    /** Where to; empty when nobody said, or the secret cannot be opened. */
    Optional<Bucket> bucket() {
        return Optional.ofNullable(active.get()).flatMap(Active::bucket);
    }

    /** What came of the last time that a bucket was used. */
    void answered(Bucket bucket, Answer answer) {
        Active now = active.get();
        boolean valid = answer.outcome() == Outcome.DONE;
        boolean refused = !valid && answer.outcome() != Outcome.FAILED && answer.outcome() != Outcome.NO_OBJECT;
        if (now != null && now.bucket().equals(Optional.of(bucket)) && (valid || refused) && now.valid() != valid
            && active.compareAndSet(now, new Active(now.defined(), now.bucket(), valid))) {
            log.note(S3.NAME, valid ? "[INF] The bucket takes objects again" : "[ERR] The bucket takes no objects: "
                + answer.reason());
        }
    }

    /** Looks whether it still works. */
    void look() {
        bucket().ifPresent(bucket -> trial(bucket).thenAccept(answer -> answered(bucket, answer)));
    }

    private CompletableFuture<Answer> trial(Bucket bucket) {
        return store.put(bucket, TRIAL, "memphis".getBytes(StandardCharsets.UTF_8)).thenCompose(put ->
            put.outcome() == Outcome.DONE ? store.delete(bucket, TRIAL) : CompletableFuture.completedFuture(put));
    }

    Optional<IntegrationView> find() {
        return Optional.ofNullable(active.get()).map(now -> {
            Map<String, String> keys = new LinkedHashMap<>(now.defined().keys());
            keys.put(S3.SECRET, S3.masked(now.bucket().map(Bucket::secretKey).orElse("")));
            TierFigures f = figures.get();
            return new IntegrationView(S3.NAME, keys, Map.of(), now.valid(),
                new IntegrationView.State(f.messages(), 0, f.lost(), f.lastUploadNanos(), f.problem()));
        });
    }

    CompletableFuture<IntegrationView> create(Author by, Map<String, String> keys) {
        if (active.get() != null) {
            throw new IntegrationRefusal(THERE);
        }
        Bucket bucket = S3.bucket(keys, keys.getOrDefault(S3.SECRET, ""));
        return tried(bucket).thenCompose(done -> save(by, bucket, "created", () -> active.get() == null, THERE));
    }

    CompletableFuture<IntegrationView> update(Author by, Map<String, String> keys) {
        Active now = requireThere();
        String secret = keys.getOrDefault(S3.SECRET, "");
        boolean keep = secret.isEmpty() || secret.startsWith("****");
        Bucket bucket = S3.bucket(keys, keep ? now.bucket().map(Bucket::secretKey).orElse("") : secret);
        return tried(bucket).thenCompose(done -> save(by, bucket, "changed", () -> active.get() != null, MISSING));
    }

    CompletableFuture<Void> remove(Author by) {
        requireThere();
        return log.append(by, () -> {
            requireThere();
            return new SystemEvent.IntegrationRemoved(S3.NAME);
        }).thenRun(() -> log.note(S3.NAME, "[INF] S3 integration has been removed by user " + by.user()));
    }

    CompletableFuture<Void> test() {
        Bucket bucket = requireThere().bucket()
            .orElseThrow(() -> new IntegrationRefusal("The stored secret key cannot be read, enter it again"));
        return trial(bucket).thenAccept(answer -> {
            answered(bucket, answer);
            S3.require(answer);
        });
    }

    private CompletableFuture<Void> tried(Bucket bucket) {
        return trial(bucket).thenAccept(S3::require);
    }

    private CompletableFuture<IntegrationView> save(Author by, Bucket bucket, String what, BooleanSupplier still,
        String otherwise) {
        Map<String, String> sealed = Map.of(S3.SECRET, secrets.seal(label(), bucket.secretKey()));
        return log.append(by, () -> {
            if (!still.getAsBoolean()) {
                throw new IntegrationRefusal(otherwise);
            }
            return new SystemEvent.IntegrationSaved(S3.NAME, S3.keys(bucket), sealed, List.of());
        }).thenApply(done -> {
            log.note(S3.NAME, "[INF] S3 integration has been " + what + " by user " + by.user());
            return find().orElseThrow(() -> new IntegrationRefusal(MISSING));
        });
    }

    private Active requireThere() {
        Active now = active.get();
        if (now == null) {
            throw new IntegrationRefusal(MISSING);
        }
        return now;
    }
}
