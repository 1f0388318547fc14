package org.memphisee.cli.commands;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.cli.bench.Load;
import org.memphisee.cli.bench.Outcome;
import org.memphisee.cli.bench.Plan;
import org.memphisee.cli.bench.Times;
import org.memphisee.cli.link.Broker;
import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Loads. */
@Command(name = "bench", description = "load on a broker, and what it takes")
public final class BenchCommands {

    private static final double DEFAULT_SECONDS = 5;
    private static final double DEFAULT_WARMUP = 1;
    private static final int DEFAULT_WINDOW = 1_000;
    private static final int MAX_CONNECTIONS = 1_000;
    private static final int MAX_WINDOW = 1_000_000;

    private final Tools tools;

    public BenchCommands(Tools tools) {
        this.tools = tools;
    }

    /** What all loads understand. */
    public static final class Common {
        @Option(names = "--station", paramLabel = "STATION", defaultValue = "benchmark-station",
            description = "made with the defaults of SDKs if it is not there, and left; default ${DEFAULT-VALUE}")
        String station;

        @Option(names = {"--partition", "--partition-number"}, paramLabel = "NUMBER", defaultValue = "0",
            description = "only this one, from 1; without it all in turn")
        int partition;

        @Option(names = {"--connections", "--concurrency"}, paramLabel = "NUMBER", defaultValue = "1",
            description = "connections that send, or that share reading; default ${DEFAULT-VALUE}")
        int connections;

        @Option(names = {"--size", "--message-size"}, paramLabel = "SIZE", defaultValue = "128",
            description = "bytes of a payload: 128, 16k, 1m; default ${DEFAULT-VALUE}")
        String size;

        @Option(names = "--message", paramLabel = "TEXT", defaultValue = "", description = "the payload instead of letters")
        String message;

        @Option(names = "--count", paramLabel = "NUMBER", description = "end after so many messages")
        Long count;

        @Option(names = "--duration", paramLabel = "SECONDS", description = "measure so long; 5 without --count")
        Double duration;

        @Option(names = "--warmup", paramLabel = "SECONDS",
            description = "not measured at the beginning; 1 without --count, 0 with it")
        Double warmup;

        @Option(names = "--csv", description = "a line of names and a line of values, with commas")
        boolean csv;

        @Option(names = "--account-id", hidden = true)
        int account;
    }

    @Command(aliases = "producer", description = "stores messages as fast as the broker acknowledges them: each acknowledged one is on disk")
    int produce(@Mixin Common common,
                @Option(names = "--in-flight", paramLabel = "NUMBER", description = "messages a connection may have unacknowledged; "
                    + "1000, or 1 with --sync-produce") Integer inFlight,
                @Option(names = "--sync-produce", description = "wait for each message's acknowledgement") boolean sync,
                @Option(names = "--rate", paramLabel = "NUMBER", defaultValue = "0", description = "messages a second; times then count "
                    + "from when a message was due") double rate,
                @Option(names = "--producer-name", hidden = true) String ignored) {
        return run(common, plan(common, window(inFlight, sync), rate, 1, ""), Load::produce);
    }

    @Command(aliases = "consumer", description = {"reads messages as a group and acknowledges them",
        "Without --count and --duration all that are there. A group that was not there is removed at the end."})
    int consume(@Mixin Common common,
                @Option(names = "--group", paramLabel = "GROUP", defaultValue = "cg-bench", description = "default ${DEFAULT-VALUE}") String group,
                @Option(names = "--batch", paramLabel = "NUMBER", defaultValue = "500", description = "messages asked for at a time; default ${DEFAULT-VALUE}") int batch,
                @Option(names = "--fill", description = "store --count messages first") boolean fill,
                @Option(names = "--batch-size", hidden = true) Integer oldBatch,
                @Option(names = {"--batch-max-wait-time", "--consumer-name", "--producer-name"}, hidden = true) String ignored) {
        if (fill && common.count == null) {
            throw CliFailure.usage("--fill needs --count");
        }
        Plan plan = plan(common, DEFAULT_WINDOW, 0, oldBatch == null ? batch : oldBatch, group);
        if (common.count == null && common.duration == null) {
            plan = new Plan(plan.station(), plan.partition(), plan.connections(), plan.size(), plan.text(), plan.window(), 0, 0, 0,
                common.warmup == null ? 0 : common.warmup, plan.batch(), group, plan.patience());
        }
        if (fill) {
            try (Broker broker = tools.broker()) {
                new Load(broker, plan).fill();
            }
        }
        return run(common, plan, Load::consume);
    }

    @Command(description = "stores and reads at the same time; counts what was read")
    int both(@Mixin Common common,
             @Option(names = "--in-flight", paramLabel = "NUMBER", description = "messages a connection may have unacknowledged; 1000") Integer inFlight,
             @Option(names = "--rate", paramLabel = "NUMBER", defaultValue = "0", description = "messages a second") double rate,
             @Option(names = "--batch", paramLabel = "NUMBER", defaultValue = "500", description = "default ${DEFAULT-VALUE}") int batch,
             @Option(names = "--group", paramLabel = "GROUP", defaultValue = "cg-bench", description = "default ${DEFAULT-VALUE}") String group) {
        return run(common, plan(common, window(inFlight, false), rate, batch, group), Load::both);
    }

    @Command(description = {"how long a message takes from a producer to a reader, at a steady rate",
        "Times count from when a message was due, so that a pause of the broker is not hidden. \"late\" is this program's own delay."})
    int latency(@Mixin Common common,
                @Option(names = "--rate", paramLabel = "NUMBER", defaultValue = "10000", description = "messages a second; default ${DEFAULT-VALUE}") double rate,
                @Option(names = "--batch", paramLabel = "NUMBER", defaultValue = "500", description = "default ${DEFAULT-VALUE}") int batch,
                @Option(names = "--group", paramLabel = "GROUP", defaultValue = "cg-bench", description = "default ${DEFAULT-VALUE}") String group) {
        if (rate <= 0) {
            throw CliFailure.usage("--rate is more than 0 here");
        }
        Plan plan = plan(common, MAX_WINDOW / 10, rate, batch, group);
        if (plan.size() < Long.BYTES || !plan.text().isEmpty()) {
            throw CliFailure.usage("A payload of at least 8 bytes of its own carries the time: give --size, not --message");
        }
        return run(common, plan, Load::latency);
    }

    @Command(description = "requests and answers through the broker; nothing is stored")
    int request(@Mixin Common common,
                @Option(names = "--in-flight", paramLabel = "NUMBER", defaultValue = "1", description = "requests that may be unanswered; default ${DEFAULT-VALUE}") int inFlight,
                @Option(names = "--rate", paramLabel = "NUMBER", defaultValue = "0", description = "requests a second") double rate) {
        return run(common, plan(common, window(inFlight, false), rate, 1, ""), Load::request);
    }

    private static int window(Integer said, boolean sync) {
        int window = said != null ? said : sync ? 1 : DEFAULT_WINDOW;
        if (window < 1 || window > MAX_WINDOW) {
            throw CliFailure.usage("--in-flight is 1 to " + MAX_WINDOW);
        }
        return window;
    }

    private Plan plan(Common c, int window, double rate, int batch, String group) {
        long size = Quantities.bytes(c.size);
        if (c.connections < 1 || c.connections > MAX_CONNECTIONS || size > 64 << 20 || batch < 1 || rate < 0
            || c.count != null && c.count < 1 || c.partition < 0 || !c.message.isEmpty() && c.message.length() > 64 << 20) {
            throw CliFailure.usage("Connections are 1 to " + MAX_CONNECTIONS + ", a size at most 64m, counts, batches, rates and "
                + "partitions are not negative");
        }
        double seconds = c.duration != null ? c.duration : c.count == null ? DEFAULT_SECONDS : 0;
        double warmup = c.warmup != null ? c.warmup : c.count == null ? DEFAULT_WARMUP : 0;
        return new Plan(c.station, c.partition, c.connections, (int) size, c.message, window, rate, c.count == null ? 0 : c.count,
            seconds, warmup, batch, group, Math.max(tools.options().timeout, 1));
    }

    private int run(Common common, Plan plan, Function<Load, Outcome> load) {
        Outcome outcome;
        try (Broker broker = tools.broker()) {
            outcome = load.apply(new Load(broker, plan));
        }
        ObjectNode n = item(outcome, plan);
        if (common.csv) {
            StringBuilder names = new StringBuilder();
            StringBuilder values = new StringBuilder();
            n.properties().forEach(e -> {
                names.append(names.length() == 0 ? "" : ",").append(e.getKey());
                values.append(values.length() == 0 ? "" : ",").append(e.getValue().asText());
            });
            tools.line(names.toString());
            tools.line(values.toString());
        } else {
            tools.print("BenchList", List.of("mode", "messages", "seconds", "messagesPerSecond", "megabytesPerSecond", "p50Micros",
                "p99Micros", "p999Micros", "maxMicros"), List.of(n));
        }
        return ExitCode.DONE;
    }

    private static ObjectNode item(Outcome o, Plan plan) {
        ObjectNode n = Tools.object().put("mode", o.mode()).put("connections", plan.connections()).put("size", o.size())
            .put("inFlight", plan.window()).put("messages", o.messages()).put("seconds", rounded(o.seconds(), 3))
            .put("messagesPerSecond", Math.round(o.rate()))
            .put("megabytesPerSecond", rounded(o.rate() * o.size() / 1e6, 1));
        times(n, "", o.times());
        if (o.late().count() > 0) {
            times(n, "late", o.late());
        }
        return n.put("cpuSeconds", rounded(o.cpuSeconds(), 2)).put("coresUsed", rounded(o.busy(), 2));
    }

    private static void times(ObjectNode n, String of, Times times) {
        if (times.count() == 0) {
            return;
        }
        double[] shares = {0.5, 0.9, 0.99, 0.999};
        String[] names = {"p50Micros", "p90Micros", "p99Micros", "p999Micros"};
        for (int i = 0; i < shares.length; i++) {
            n.put(name(of, names[i]), rounded(times.micros(shares[i]), 1));
        }
        n.put(name(of, "maxMicros"), rounded(times.maxMicros(), 1));
    }

    private static String name(String of, String name) {
        return of.isEmpty() ? name : of + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    private static double rounded(double value, int digits) {
        double factor = Math.pow(10, digits);
        return Math.round(value * factor) / factor;
    }
}
