package org.memphisee.core.definitions;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.deadletters.LetterRetries;
import org.memphisee.core.definitions.DefinitionsChange.Action;
import org.memphisee.core.definitions.DefinitionsChange.Kind;
import org.memphisee.core.letters.RetryPolicy;
import org.memphisee.core.settings.RuntimeSetting;
import org.memphisee.core.stations.Target;

/**
 * Looks before anything is changed whether what a plan makes can be made: settings in their ranges, schemas that are there and can be read,
 * names that are free, room for streams. What only shows while it is done (a full disk) is told of by the report. Any thread.
 */
final class PlanCheck {

    private final ControlEngine engine;
    private final Doors doors;
    private final Problems problems = new Problems();

    PlanCheck(ControlEngine engine, Doors doors) {
        this.engine = engine;
        this.doors = doors;
    }

    private record Text(SchemaItem schema, int number) { }

    /** Done when all is well; fails with a {@link DocumentRefusal}. */
    CompletableFuture<Void> check(DefinitionsDocument wanted, DefinitionsDocument here, Comparison comparison,
                                  List<DefinitionsChange> plan) {
        List<DefinitionsChange> toDo = plan.stream().filter(DefinitionsChange::toDo).toList();
        wanted.settings().forEach((key, value) -> {
            String problem = doors.runtime().problem(key, value);
            if (!problem.isEmpty()) {
                problems.add("setting " + key, problem);
            }
        });
        attachments(wanted, here, toDo, comparison);
        retries(wanted, toDo, comparison);
        List<Text> texts = new ArrayList<>();
        toDo.stream().filter(change -> change.kind() == Kind.SCHEMA).forEach(change -> {
            SchemaItem schema = (SchemaItem) comparison.wanted(change).item();
            Piece before = comparison.present(change);
            int known = before == null ? 0 : ((SchemaItem) before.item()).versions().size();
            for (int number = known + 1; number <= schema.versions().size(); number++) {
                texts.add(new Text(schema, number));
            }
        });
        CompletableFuture<Void> read = new CompletableFuture<>();
        return names(toDo, comparison).thenCompose(done -> {
            read(texts, 0, read);
            return read;
        }).thenRun(() -> problems.refuse("Nothing was imported, because not all of it can be"));
    }

    /** A schema has the versions that it has here or in the document, whichever are more. */
    private void attachments(DefinitionsDocument wanted, DefinitionsDocument here, List<DefinitionsChange> toDo, Comparison comparison) {
        Map<String, Integer> versions = new HashMap<>();
        here.schemas().forEach(schema -> versions.put(schema.name(), schema.versions().size()));
        wanted.schemas().forEach(schema -> versions.merge(schema.name(), schema.versions().size(), Math::max));
        toDo.stream().filter(change -> change.kind() == Kind.ATTACHMENT).forEach(change -> {
            StationItem.Pin pin = (StationItem.Pin) comparison.wanted(change).item();
            Integer there = versions.get(pin.schema());
            if (there == null) {
                problems.add("station " + change.name(), "its schema " + pin.schema() + " is neither here nor in the document; add it");
            } else if (pin.version() > there) {
                problems.add("station " + change.name(), "schema " + pin.schema() + " has no version " + pin.version());
            }
        });
    }

    /** Dead letters are kept as the document says, when it does. */
    private void retries(DefinitionsDocument wanted, List<DefinitionsChange> toDo, Comparison comparison) {
        String said = wanted.settings().getOrDefault(RuntimeSetting.DEAD_LETTER_HOURS.key(), "");
        long hours = said.matches("[0-9]{1,4}") ? Long.parseLong(said) : doors.runtime().number(RuntimeSetting.DEAD_LETTER_HOURS);
        toDo.stream().filter(change -> change.kind() == Kind.RETRY).forEach(change -> {
            String problem = LetterRetries.problem((RetryPolicy) comparison.wanted(change).item(), hours);
            if (!problem.isEmpty()) {
                problems.add("station " + change.name() + ", dls_retry", problem);
            }
        });
    }

    private CompletableFuture<Void> names(List<DefinitionsChange> toDo, Comparison comparison) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        engine.resume(() -> {
            try {
                long streams = 0;
                for (DefinitionsChange change : toDo) {
                    if (change.kind() == Kind.STATION) {
                        streams += streams(change, comparison);
                    }
                }
                if (streams > Integer.MAX_VALUE || !engine.claims().roomForStreams((int) streams)) {
                    problems.add("stations", "there is no room for " + streams + " partitions more; remove stations, or import fewer");
                }
                done.complete(null);
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    /** How many streams it takes. */
    private int streams(DefinitionsChange change, Comparison comparison) {
        StationItem station = (StationItem) comparison.wanted(change).item();
        if (change.action() == Action.UPDATE) {
            return station.request().partitions() - ((StationItem) comparison.present(change).item()).request().partitions();
        }
        if (Target.find(engine.definitions(), station.name()).isPresent()) {
            problems.add("station " + station.name(), "a stream of a plain client has this name; give the station another one");
        }
        return station.request().partitions();
    }

    private void read(List<Text> texts, int next, CompletableFuture<Void> done) {
        if (next == texts.size()) {
            done.complete(null);
            return;
        }
        Text text = texts.get(next);
        SchemaItem.Version version = text.schema().versions().get(text.number() - 1);
        doors.schemas().validate(text.schema().type().word(), version.content(), version.messageName()).whenComplete((fine, failure) -> {
            if (failure != null) {
                problems.add("schema " + text.schema().name() + ", version " + text.number(), String.valueOf(failure.getMessage()));
            }
            read(texts, next + 1, done);
        });
    }
}
