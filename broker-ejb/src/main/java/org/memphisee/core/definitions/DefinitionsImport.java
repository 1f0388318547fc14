package org.memphisee.core.definitions;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

import org.memphisee.core.access.UserProfile;
import org.memphisee.core.api.Author;
import org.memphisee.core.definitions.DefinitionsChange.Action;
import org.memphisee.core.definitions.DefinitionsChange.Kind;
import org.memphisee.core.definitions.DefinitionsChange.Result;
import org.memphisee.core.letters.RetryPolicy;
import org.memphisee.core.settings.RuntimeSetting;
import org.memphisee.core.stations.GroupRequest;
import org.memphisee.core.stations.StationAdministration;
import org.memphisee.core.stations.StationChange;
import org.memphisee.core.stations.StationRequest;
import org.memphisee.core.stations.Tag;

/**
 * Brings a planned document in, one change after the other, each through the use case of its own. The first that is refused ends it:
 * what was done stays, and the report tells. Used once; any thread starts it, it goes on where results complete.
 */
final class DefinitionsImport {

    private record Step(int index, Supplier<CompletableFuture<?>> work) { }

    private final Doors doors;
    private final Author by;
    private final Comparison comparison;
    private final List<DefinitionsChange> changes;
    private final List<Step> steps = new ArrayList<>();
    /** Steps of each change that are not done yet, by its place in the plan. */
    private final int[] open;
    private final boolean[] begun;
    private final CompletableFuture<DefinitionsReport> finished = new CompletableFuture<>();

    DefinitionsImport(Doors doors, Author by, Comparison comparison, List<DefinitionsChange> plan) {
        this.doors = doors;
        this.by = by;
        this.comparison = comparison;
        this.changes = new ArrayList<>(plan);
        this.open = new int[plan.size()];
        this.begun = new boolean[plan.size()];
    }

    /** Starts; done when all is, or something was refused. Fails only with what is nobody's fault but ours. */
    CompletableFuture<DefinitionsReport> run() {
        List<Step> afterwards = new ArrayList<>(); // stations that name each other as dead-letter stations: all must be there
        for (int i = 0; i < changes.size(); i++) {
            DefinitionsChange change = changes.get(i);
            if (i > 0 && changes.get(i - 1).kind() == Kind.STATION && change.kind() != Kind.STATION) {
                steps.addAll(afterwards);
                afterwards.clear();
            }
            if (change.toDo()) {
                plan(i, change, afterwards);
            }
        }
        steps.addAll(afterwards);
        steps.forEach(step -> open[step.index()]++);
        next(0);
        return finished;
    }

    private void plan(int index, DefinitionsChange change, List<Step> afterwards) {
        Piece piece = comparison.wanted(change);
        Piece before = comparison.present(change);
        switch (change.kind()) {
            case SETTING -> step(index, () -> doors.runtime().change(by, Map.of(setting(piece.name()), (String) piece.item())));
            case USER -> user(index, (UserItem) piece.item(), before == null ? null : (UserItem) before.item());
            case TAG -> step(index, () -> doors.stations().tags().create(by, (Tag) piece.item()));
            case SCHEMA -> schema(index, (SchemaItem) piece.item(), before == null ? null : (SchemaItem) before.item());
            case STATION -> station(index, (StationItem) piece.item(), before == null ? null : (StationItem) before.item(), afterwards);
            case ATTACHMENT -> {
                StationItem.Pin pin = (StationItem.Pin) piece.item();
                step(index, () -> doors.schemas().attach(by, piece.name(), pin.schema(), pin.version(), pin.enforcement()));
            }
            case RETRY -> step(index, () -> retry(piece.name(), (RetryPolicy) piece.item()));
            case GROUP -> step(index, () -> doors.stations().groups().define(by,
                piece.name().substring(0, piece.name().lastIndexOf('/')), (GroupRequest) piece.item()));
            case INTEGRATION -> integration(index, (IntegrationItem) piece.item());
        }
    }

    private CompletableFuture<Void> retry(String station, RetryPolicy policy) {
        return doors.stations().queries().find(station).thenCompose(found -> doors.retries().set(by,
            found.orElseThrow(() -> StationAdministration.unknown(station)), policy));
    }

    private void step(int index, Supplier<CompletableFuture<?>> work) {
        steps.add(new Step(index, work));
    }

    private static RuntimeSetting setting(String key) {
        return Arrays.stream(RuntimeSetting.values()).filter(setting -> setting.key().equals(key)).findFirst().orElseThrow();
    }

    private void user(int index, UserItem user, UserItem before) {
        if (before == null) {
            step(index, () -> doors.users().imports().create(by, user.wanted(), user.passwordHash()));
            return;
        }
        UserProfile profile = user.profile();
        if (!profile.equals(before.profile())) {
            step(index, () -> doors.users().changeProfile(by, user.name(), now -> profile));
        }
        if (!user.passwordHash().isEmpty() && !user.passwordHash().equals(before.passwordHash())) {
            step(index, () -> doors.users().imports().givePassword(by, user.name(), user.passwordHash()));
        }
    }

    private void schema(int index, SchemaItem schema, SchemaItem before) {
        int known = before == null ? 1 : before.versions().size();
        if (before == null) {
            step(index, () -> doors.schemas().create(by, schema.order(1)));
        }
        for (int number = known + 1; number <= schema.versions().size(); number++) {
            int version = number;
            step(index, () -> doors.schemas().addVersion(by, schema.order(version)));
        }
        boolean bare = before == null && !schema.compatibility().word().equals("none");
        boolean edited = before != null && !(schema.compatibility() == before.compatibility() && schema.tags().equals(before.tags()));
        if (bare || edited) {
            step(index, () -> doors.schemas().edit(by, schema.name(), schema.compatibility(), schema.tags()));
        }
        if (schema.active() != (before == null ? 1 : before.active())) {
            step(index, () -> doors.schemas().activate(by, schema.name(), schema.active()));
        }
    }

    private void station(int index, StationItem station, StationItem before, List<Step> afterwards) {
        StationRequest wanted = station.request();
        if (before == null) {
            step(index, () -> doors.stations().create(by, station.order(), station.schema().map(StationItem.Pin::schema).orElse("")));
            if (!wanted.dlsStation().isEmpty() && !wanted.dlsStation().equals(wanted.name())) {
                afterwards.add(new Step(index, () -> doors.stations().change(by,
                    StationChange.deadLetterStation(wanted.name(), wanted.dlsStation()))));
            }
            return;
        }
        StationRequest now = before.request();
        if (wanted.partitions() > now.partitions()) {
            step(index, () -> doors.stations().grow(by, wanted.name(), wanted.partitions(), true));
        }
        if (!names(wanted.tags()).equals(names(now.tags()))) {
            Set<String> stay = names(wanted.tags());
            step(index, () -> doors.stations().tags().change(by, wanted.name(), wanted.tags(),
                names(now.tags()).stream().filter(name -> !stay.contains(name)).toList()));
        }
        afterwards.add(new Step(index, () -> doors.stations().change(by, changed(wanted))));
    }

    private static Set<String> names(List<Tag> tags) {
        return new HashSet<>(tags.stream().map(Tag::name).toList());
    }

    /** What is so already is no change. */
    private static StationChange changed(StationRequest r) {
        return new StationChange(r.name(), Optional.of(StationItem.retention(r)), Optional.of(r.retentionValue()),
            Optional.of(r.windowMillis()), Optional.of(r.dlsPoison()), Optional.of(r.dlsSchemaverse()), Optional.of(r.dlsStation()),
            Optional.of(StationItem.durability(r)), Optional.of(r.tieredStorage()));
    }

    /** Without its secret, which stays as it is. */
    private void integration(int index, IntegrationItem integration) {
        Map<String, Boolean> on = new HashMap<>();
        integration.on().forEach(name -> on.put(name, true));
        step(index, () -> doors.integrations().orElseThrow().update(by, integration.name(), integration.keys(), on));
    }

    private void next(int number) {
        if (number == steps.size()) {
            finished.complete(new DefinitionsReport(changes));
            return;
        }
        Step step = steps.get(number);
        CompletableFuture<?> done;
        try {
            done = step.work().get();
        } catch (RuntimeException e) {
            done = CompletableFuture.failedFuture(e);
        }
        done.whenComplete((value, failure) -> {
            if (failure == null) {
                begun[step.index()] = true;
                if (--open[step.index()] == 0) {
                    set(step.index(), Result.DONE, "");
                }
                next(number + 1);
            } else {
                fail(number, failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure);
            }
        });
    }

    private void fail(int number, Throwable cause) {
        int failed = steps.get(number).index();
        for (int i = 0; i < open.length; i++) {
            if (i == failed) {
                set(i, Result.FAILED, String.valueOf(cause.getMessage()));
            } else if (open[i] > 0) {
                set(i, begun[i] ? Result.FAILED : Result.NOT_TRIED, begun[i] ? "it was begun and not completed" : "");
            }
        }
        finished.complete(new DefinitionsReport(changes));
    }

    private void set(int index, Result result, String error) {
        changes.set(index, changes.get(index).with(result, error));
    }
}
