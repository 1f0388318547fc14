package org.memphisee.cli.migrate;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;

import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;

/**
 * Copies one stream after the other. A stream that is there already is left alone; one that was begun is gone on with behind its
 * last message. Before a stream is finished, what was sent is counted against what the source has: when messages went
 * there meanwhile, it is begun anew.
 */
public final class Migration {

    /** Streams that grow are followed so often. */
    private static final int ROUNDS = 20;
    /** A stream of which messages go is begun so often. */
    private static final int BEGINNINGS = 3;
    private static final String INTERNAL = "$memphis";

    /**
     * What becomes of a stream.
     *
     * @param name its name
     * @param info what the source says of it
     * @param stream how it will be here
     * @param consumers its consumers that come with it
     * @param left names of its consumers that do not
     * @param place the station that it is a partition of, empty for none
     * @param there whether the target has a stream of this name
     */
    record Plan(String name, JsonNode info, Translation.Stream stream, List<Translation.Consumer> consumers, List<String> left,
                Optional<StationPlace> place, boolean there) {

        JsonNode state() {
            return info.path("state");
        }

        List<String> changes() {
            List<String> all = new ArrayList<>(stream.changes());
            consumers.forEach(consumer -> all.addAll(consumer.changes()));
            return all;
        }
    }

    /**
     * How a copy went.
     *
     * @param copied messages that this run copied
     * @param before messages that an earlier run had copied
     * @param complete whether it is a stream now
     */
    record Copy(long copied, long before, boolean complete) { }

    private final Source source;
    private final Target target;
    private final Progress progress;

    public Migration(Source source, Target target, Progress progress) {
        this.source = source;
        this.target = target;
        this.progress = progress;
    }

    /** The streams whose names fit, in the order of their names. Nothing is changed. */
    List<Plan> plan(Glob wanted) {
        List<JsonNode> all = source.streams();
        Set<String> names = all.stream().map(Migration::name).collect(Collectors.toSet());
        return all.stream().filter(info -> !name(info).startsWith(INTERNAL))
            .map(info -> Map.entry(info, StationPlace.of(info.path("config"), names)))
            .filter(e -> wanted.fits(e.getValue().map(StationPlace::station).orElse(name(e.getKey())))
            || wanted.fits(name(e.getKey())))
            .sorted(Comparator.comparing((Map.Entry<JsonNode, Optional<StationPlace>> e) ->
            e.getValue().map(StationPlace::station)
                .orElse(name(e.getKey()))).thenComparing(e -> e.getValue().map(StationPlace::number).orElse(0)))
            .map(e -> plan(e.getKey(), e.getValue())).toList();
    }

    private Plan plan(JsonNode info, Optional<StationPlace> place) {
        List<Translation.Consumer> consumers = new ArrayList<>();
        List<String> left = new ArrayList<>();
        for (JsonNode consumer : source.consumers(name(info))) {
            Translation.consumer(consumer).ifPresentOrElse(consumers::add, () -> left.add(consumer.path("name").asText()));
        }
        return new Plan(name(info), info, Translation.stream(info), List.copyOf(consumers), List.copyOf(left),
            place, target.stream(name(info)).isPresent());
    }

    private static String name(JsonNode info) {
        return info.path("config").path("name").asText();
    }

    // ---- copying

    /**
     * Copies a stream that the target does not have.
     *
     * @param prepare copy what there is and leave it open, so that another run has little to do
     */
    Copy copy(Plan plan, boolean prepare) {
        for (int beginning = 1; beginning <= BEGINNINGS; beginning++) {
            Optional<Copy> copy = attempt(plan, prepare, beginning > 1);
            if (copy.isPresent()) {
                return copy.get();
            }
        }
        throw new CliFailure(ExitCode.TRY_AGAIN, "Messages of stream " + plan.name() + " were removed while it was copied, "
            + BEGINNINGS + " times: let its consumers rest, and run the command again");
    }

    /** Empty when messages went meanwhile, so that it has to be begun anew. */
    private Optional<Copy> attempt(Plan plan, boolean prepare, boolean restart) {
        JsonNode info = info(plan.name());
        Target.Intake to = target.begin(plan.name(), plan.stream().config(), plan.place(), id(plan.info()), restart);
        long before = to.messages();
        long sent = before;
        long last = to.last();
        long first = state(info, "first_seq");
        if (to.complete()) {
            boolean still = before == state(info, "messages") && !source.read(info, last + 1, state(info, "last_seq")).any();
            return still ? Optional.of(new Copy(0, before, true)) : Optional.empty();
        }
        progress.begins(plan.name(), Math.max(0, state(info, "messages") - before));
        to.entry("state.json", Translation.figures(info.path("state"), plan.consumers().size()));
        plan.consumers().forEach(consumer -> to.entry("consumers/" + consumer.name(), consumer.entry()));
        for (int round = 1; ; round++) {
            long end = state(info, "last_seq");
            try (MessageReader reader = source.read(info, last + 1, end)) {
                for (StoredMessage m = reader.next(); m != null; m = reader.next()) {
                    to.message(m);
                    last = m.sequence();
                    sent++;
                    progress.moved();
                }
            }
            info = info(plan.name());
            if (state(info, "last_seq") == end || prepare) {
                break;
            }
            if (round == ROUNDS) {
                to.pause();
                throw new CliFailure(ExitCode.TRY_AGAIN, "Stream " + plan.name()
                    + " is still published to: stop its producers, and run "
                    + "the command again; it goes on behind sequence " + last);
            }
        }
        to.pause();
        if (prepare) {
            progress.ends("prepared up to sequence " + last);
            return Optional.of(new Copy(sent - before, before, false));
        }
        if (sent != state(info, "messages") && (before > 0 || !aged(info, first))) {
            progress.ends("messages were removed in the source meanwhile, once more from the beginning");
            return Optional.empty();
        }
        to.finish();
        progress.ends("");
        return Optional.of(new Copy(sent - before, before, true));
    }

    /** Whether the oldest messages left meanwhile, as they will here. */
    private static boolean aged(JsonNode info, long first) {
        return info.path("config").path("max_age").asLong() > 0 && state(info, "first_seq") > first;
    }

    private JsonNode info(String stream) {
        return source.stream(stream).orElseThrow(() -> CliFailure.notFound("Stream " + stream + " was removed at the source"));
    }

    private static long state(JsonNode info, String number) {
        return info.path("state").path(number).asLong();
    }

    /** What an import is called: the same for each run, another one for a stream that was made anew. */
    private static String id(JsonNode info) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest((name(info) + "\n"
                + info.path("created").asText())
                .getBytes(StandardCharsets.UTF_8)), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
