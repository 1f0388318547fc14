package org.memphisee.core.definitions;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.access.AccessRefusal;
import org.memphisee.core.access.Users;
import org.memphisee.core.api.Author;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.definitions.DefinitionsChange.Action;
import org.memphisee.core.deadletters.LetterRetries;
import org.memphisee.core.integrations.Integrations;
import org.memphisee.core.settings.RuntimeSettings;
import org.memphisee.core.stations.RequestRefusal;
import org.memphisee.core.stations.SchemaAdministration;
import org.memphisee.core.stations.StationAdministration;

/**
 * Definitions out, compared, and in, for people without limits (deploy.md 6.3). Any thread. Results fail with a {@link DocumentRefusal} for
 * what is wrong in a document, an {@link AccessRefusal}, or a {@link RequestRefusal}; nothing was changed then.
 */
public final class DefinitionsTransfer {

    private static final String EXPORT = "export definitions";
    private static final String IMPORT = "import definitions";

    private final ControlEngine engine;
    private final Users users;
    private final RuntimeSettings runtime;
    private final StationAdministration stations;
    private final SchemaAdministration schemas;
    private final LetterRetries retries;
    private final Supplier<Optional<Integrations>> integrations;
    private final AtomicBoolean importing = new AtomicBoolean();

    /**
     * For one broker.
     *
     * @param integrations integrations, empty while there are none
     */
    public DefinitionsTransfer(ControlEngine engine, Users users, RuntimeSettings runtime, StationAdministration stations,
                               SchemaAdministration schemas, LetterRetries retries,
                               Supplier<Optional<Integrations>> integrations) {
        this.engine = engine;
        this.users = users;
        this.runtime = runtime;
        this.stations = stations;
        this.schemas = schemas;
        this.retries = retries;
        this.integrations = integrations;
    }

    private Doors doors() {
        return new Doors(users, runtime, stations, schemas, retries, integrations.get());
    }

    /**
     * The definitions of this moment as a document.
     *
     * @param user who asks
     * @param product the release that writes it
     * @param withHashes whether with the hashes of passwords, which is for root alone
     */
    public CompletableFuture<ObjectNode> export(String user, String product, boolean withHashes) {
        return refusing(() -> {
            stations.access().requireEverything(user, EXPORT);
            if (withHashes) {
                stations.access().requireRoot(user, "export the hashes of passwords");
            }
            return present(withHashes).thenApply(document -> DocumentWriter.write(document, product, engine.clock().wallNanos()));
        });
    }

    /** Whether nobody has defined anything here yet; root does not count. */
    public CompletableFuture<Boolean> empty() {
        return present(false).thenApply(DefinitionsDocument::empty);
    }

    /**
     * Where the definitions here and a document differ, with what is only here.
     *
     * @param user who asks
     */
    public CompletableFuture<List<DefinitionsChange>> differences(String user, byte[] document) {
        return refusing(() -> {
            stations.access().requireEverything(user, EXPORT);
            DefinitionsDocument wanted = read(document);
            return present(true).thenApply(here -> new Comparison(wanted, here).differences());
        });
    }

    /**
     * Brings a document in: looked at as a whole first, then thing by thing. Nothing is ever removed. One import at a time.
     *
     * @param by who asks
     * @param dryRun whether to tell only what would be done
     * @return what was done with each thing; one that failed is told of there, since those before it are done
     */
    public CompletableFuture<DefinitionsReport> bringIn(Author by, byte[] document, ConflictPolicy policy, boolean dryRun) {
        return refusing(() -> {
            stations.access().requireEverything(by.user(), IMPORT);
            if (!importing.compareAndSet(false, true)) {
                throw new RequestRefusal("Another import of definitions is going on, try again when it has ended");
            }
            CompletableFuture<DefinitionsReport> report = refusing(() -> planned(by, read(document), policy, dryRun));
            return report.whenComplete((done, failure) -> importing.set(false));
        });
    }

    private DefinitionsDocument read(byte[] document) {
        return DocumentReader.read(document, engine.settings().maxStationPartitions());
    }

    private CompletableFuture<DefinitionsReport> planned(Author by, DefinitionsDocument wanted, ConflictPolicy policy, boolean dryRun) {
        return present(true).thenCompose(here -> {
            Comparison comparison = new Comparison(wanted, here);
            List<DefinitionsChange> plan = comparison.plan(policy);
            DefinitionsReport report = new DefinitionsReport(plan);
            List<String> conflicts = plan.stream().filter(change -> change.action() == Action.CONFLICT).map(DefinitionsChange::line).toList();
            if (!conflicts.isEmpty() && !dryRun) {
                throw conflicts(policy, conflicts);
            }
            if (plan.stream().anyMatch(change -> givesPassword(comparison, change))) {
                stations.access().requireRoot(by.user(), "give users that are there other passwords");
            }
            return new PlanCheck(engine, doors()).check(wanted, here, comparison, plan)
                .thenCompose(sound -> dryRun ? CompletableFuture.completedFuture(report)
                    : new DefinitionsImport(doors(), by, comparison, plan).run());
        });
    }

    private static boolean givesPassword(Comparison comparison, DefinitionsChange change) {
        return change.action() == Action.UPDATE && comparison.wanted(change).item() instanceof UserItem user
            && !user.passwordHash().isEmpty()
            && !Users.samePassword(user.passwordHash(), ((UserItem) comparison.present(change).item()).passwordHash());
    }

    private static DocumentRefusal conflicts(ConflictPolicy policy, List<String> conflicts) {
        Problems problems = new Problems();
        conflicts.forEach(line -> problems.add(line.substring(0, line.contains(": ") ? line.indexOf(": ") : line.length()),
            line.contains(": ") ? line.substring(line.indexOf(": ") + 2) : "differs"));
        try {
            problems.refuse(policy == ConflictPolicy.UPDATE ? "Nothing was imported, because this can not be changed"
                : "Nothing was imported, because this is here already and is otherwise; import with the policy update to change it, or skip "
                + "to leave it");
        } catch (DocumentRefusal refusal) {
            return refusal;
        }
        throw new IllegalStateException("there are no conflicts");
    }

    private CompletableFuture<DefinitionsDocument> present(boolean withHashes) {
        CompletableFuture<DefinitionsDocument> document = new CompletableFuture<>();
        engine.resume(() -> {
            try {
                document.complete(new DefinitionsExport(engine.definitions(), users).document(withHashes));
            } catch (RuntimeException e) {
                document.completeExceptionally(e);
            }
        });
        return document;
    }

    /** Fails with the cause itself, never with what wraps it. */
    private static <T> CompletableFuture<T> refusing(Supplier<CompletableFuture<T>> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            work.get().whenComplete((value, failure) -> {
                if (failure == null) {
                    result.complete(value);
                } else {
                    result.completeExceptionally(failure instanceof java.util.concurrent.CompletionException && failure.getCause() != null
                        ? failure.getCause() : failure);
                }
            });
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
        }
        return result;
    }
}
