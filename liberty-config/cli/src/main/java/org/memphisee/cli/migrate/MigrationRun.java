package org.memphisee.cli.migrate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;

/** The commands over all streams, and what they answer: an object for each stream. */
public final class MigrationRun {

    private final Target target;
    private final Migration migration;
    private final Comparison comparison;
    private final List<ObjectNode> items = new ArrayList<>();
    private int code = ExitCode.DONE;

    public MigrationRun(Source source, Target target, Progress progress) {
        this.target = target;
        migration = new Migration(source, target, progress);
        comparison = new Comparison(source, target, progress);
    }

    /** What was answered so far. */
    public List<ObjectNode> items() {
        return List.copyOf(items);
    }

    /** The exit code. */
    public int code() {
        return code;
    }

    /** What would be done. */
    public void plan(Glob wanted) {
        List<JsonNode> there = target.streams();
        for (Migration.Plan plan : migration.plan(wanted)) {
            List<String> problems = plan.there() ? List.of() : overlaps(plan, there);
            items.add(item(plan, plan.there() ? "compare" : problems.isEmpty() ? "copy" : "refused", problems));
        }
    }

    private static List<String> overlaps(Migration.Plan plan, List<JsonNode> there) {
        List<String> problems = new ArrayList<>();
        for (JsonNode stream : there) {
            boolean overlaps = texts(plan.stream().config().path("subjects")).stream()
                .anyMatch(a -> texts(stream.path("config").path("subjects")).stream().anyMatch(b -> Overlap.of(a, b)));
            if (overlaps) {
                problems.add("its subjects overlap with those of stream " + stream.path("config").path("name").asText()
                    + " of the target");
            }
        }
        return problems;
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
    }

    /**
     * Copies what is not there, and compares.
     *
     * @param prepare leave what is copied open
     * @param verify compare afterwards
     */
    public void run(Glob wanted, boolean prepare, boolean verify) {
        List<Migration.Plan> plans = migration.plan(wanted);
        for (int from = 0, to; from < plans.size(); from = to) {
            to = from + 1;
            while (to < plans.size() && station(plans.get(from)).isPresent()
                && station(plans.get(from)).equals(station(plans.get(to)))) {
                to++; // a station is there with its last partition
            }
            List<ObjectNode> copied = plans.subList(from, to).stream().map(plan -> copied(plan, prepare)).toList();
            for (int i = 0; verify && i < copied.size(); i++) {
                Migration.Plan plan = plans.get(from + i);
                ObjectNode item = copied.get(i);
                if (item.path("complete").asBoolean()) {
                    each(item, done -> compare(plan, done));
                }
            }
        }
    }

    private static Optional<String> station(Migration.Plan plan) {
        return plan.place().map(StationPlace::station);
    }

    private ObjectNode copied(Migration.Plan plan, boolean prepare) {
        ObjectNode item = item(plan, "", List.of());
        items.add(item);
        each(item, done -> {
            Optional<Migration.Copy> copy = plan.there() ? Optional.empty() : Optional.of(migration.copy(plan, prepare));
            copy.ifPresent(c -> done.put("copied", c.copied()).put("copiedBefore", c.before()));
            boolean complete = copy.map(Migration.Copy::complete).orElse(true);
            done.put("result", !complete ? "prepared" : plan.there() ? "present" : "copied").put("complete", complete);
        });
        return item;
    }

    /** Compares what is at both. */
    public void verify(Glob wanted) {
        for (Migration.Plan plan : migration.plan(wanted)) {
            ObjectNode item = item(plan, "", List.of());
            items.add(item);
            each(item, done -> {
                done.put("result", "same").put("complete", true);
                compare(plan, done);
            });
        }
    }

    private void compare(Migration.Plan plan, ObjectNode item) {
        Comparison.Verdict verdict = comparison.compare(plan);
        Totals source = verdict.source();
        item.put("messages", source.messages()).put("firstSeq", source.first()).put("lastSeq", source.last())
            .put("bytes", source.bytes()).put("digest", source.digest()).put("targetDigest", verdict.target().digest())
            .put("verified", verdict.differences().isEmpty());
        if (!verdict.differences().isEmpty()) {
            item.put("result", "differs");
            add(item.withArray("problems"), verdict.differences());
            code = Math.max(code, ExitCode.REFUSED);
        }
    }

    /** What a server refuses ends one stream, what cannot be reached all. */
    private void each(ObjectNode item, Consumer<ObjectNode> work) {
        try {
            work.accept(item);
        } catch (CliFailure e) {
            item.put("result", "failed").withArray("problems").add(e.getMessage());
            code = Math.max(code, e.code());
            if (e.code() == ExitCode.UNREACHABLE || e.code() == ExitCode.INTERRUPTED) {
                throw e;
            }
        }
    }

    private static ObjectNode item(Migration.Plan plan, String result, List<String> problems) {
        ObjectNode item = JetStreamServer.object().put("stream", plan.name())
            .put("station", station(plan).orElse("")).put("result", result).put("complete", false)
            .put("messages", plan.state().path("messages").asLong()).put("bytes", plan.state().path("bytes").asLong())
            .put("firstSeq", plan.state().path("first_seq").asLong()).put("lastSeq", plan.state().path("last_seq").asLong())
            .put("copied", 0).put("copiedBefore", 0).put("verified", false).put("digest", "").put("targetDigest", "")
            .put("consumers", plan.consumers().size());
        add(item.putArray("changes"), plan.changes());
        add(item.putArray("leftOut"), plan.left());
        add(item.putArray("problems"), problems);
        return item;
    }

    private static void add(ArrayNode to, List<String> texts) {
        texts.forEach(to::add);
    }
}
