package org.memphisee.cli.migrate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;

import com.fasterxml.jackson.databind.JsonNode;

import org.memphisee.cli.run.CliFailure;

/** Reads a stream at both servers and holds one against the other. */
final class Comparison {

    /** Messages that become too old while they are read make the two differ; then it is looked again. */
    private static final int TRIES = 3;

    /**
     * What came of it.
     *
     * @param source what the source has
     * @param target what the target has
     * @param differences in what they differ, for people; none if they are the same
     */
    record Verdict(Totals source, Totals target, List<String> differences) { }

    private final Source source;
    private final Source target;
    private final Progress progress;

    Comparison(Source source, Source target, Progress progress) {
        this.source = source;
        this.target = target;
        this.progress = progress;
    }

    Verdict compare(Migration.Plan plan) {
        Verdict verdict = null;
        for (int i = 0; i < TRIES; i++) {
            JsonNode here = info(target, plan.name(), "target");
            JsonNode there = info(source, plan.name(), "source");
            verdict = compare(plan, there, here);
            boolean ages = there.path("config").path("max_age").asLong() > 0;
            if (verdict.differences().isEmpty() || !ages) {
                break;
            }
        }
        return verdict;
    }

    private static JsonNode info(Source server, String stream, String which) {
        return server.stream(stream).orElseThrow(() -> CliFailure.notFound("The " + which + " does not have stream " + stream));
    }

    private Verdict compare(Migration.Plan plan, JsonNode there, JsonNode here) {
        long from = there.path("config").path("max_age").asLong() == 0 ? 1
            : Math.max(number(there, "first_seq"), number(here, "first_seq"));
        progress.begins(plan.name() + " (comparing)", number(there, "messages") + number(here, "messages"));
        long to = number(there, "last_seq"); // what was published here since is no difference
        AtomicBoolean inVain = new AtomicBoolean();
        CompletableFuture<Totals> other = CompletableFuture.supplyAsync(() ->
            totals(target, here, from, Math.min(to, number(here, "last_seq")), inVain));
        Totals a;
        try {
            a = totals(source, there, from, to, new AtomicBoolean());
        } catch (RuntimeException e) {
            inVain.set(true);
            other.handle((totals, why) -> totals).join();
            throw e;
        }
        Totals b = joined(other);
        List<String> differences = new ArrayList<>();
        Optional.of(Totals.difference(a, b)).filter(text -> !text.isEmpty()).ifPresent(differences::add);
        if (number(there, "last_seq") > number(here, "last_seq")) {
            differences.add("the source has given out sequences up to " + number(there, "last_seq") + ", the target up to "
                + number(here, "last_seq"));
        }
        groups(plan, differences);
        progress.ends(differences.isEmpty() ? "the same" : "they differ");
        return new Verdict(a, b, differences);
    }

    /** A group may be ahead here when it has gone on meanwhile; it is never behind. */
    private void groups(Migration.Plan plan, List<String> differences) {
        List<JsonNode> there = target.consumers(plan.name());
        for (Translation.Consumer wanted : plan.consumers()) {
            Optional<JsonNode> found = there.stream().filter(c -> c.path("name").asText().equals(wanted.name())).findFirst();
            if (found.isEmpty()) {
                differences.add("consumer " + wanted.name() + " is missing");
            } else {
                JsonNode c = found.get();
                long floor = c.path(c.path("config").path("ack_policy").asText().equals("none") ? "delivered" : "ack_floor")
                    .path("stream_seq").asLong();
                if (floor < wanted.floor()) {
                    differences.add("consumer " + wanted.name() + " has acknowledged up to " + wanted.floor()
                        + " at the source, up to "
                        + floor + " at the target");
                }
            }
        }
    }

    private Totals totals(Source server, JsonNode info, long from, long to, AtomicBoolean inVain) {
        return Totals.of(server.read(info, from, to), () -> {
            if (inVain.get()) {
                throw new CancellationException();
            }
            progress.moved();
        });
    }

    private static Totals joined(CompletableFuture<Totals> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static long number(JsonNode info, String name) {
        return info.path("state").path(name).asLong();
    }
}
