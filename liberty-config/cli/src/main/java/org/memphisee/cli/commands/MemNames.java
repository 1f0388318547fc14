package org.memphisee.cli.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.memphisee.cli.run.CliFailure;

/** The commands of the reference's {@code mem} tools in today's words. */
public final class MemNames {

    private static final String REMEDY = "; \"memphisee help\" lists what there is";

    private MemNames() { }

    /**
     * The same command in today's words.
     *
     * @param old what came after {@code mem}
     */
    public static List<String> translated(List<String> old) {
        if (old.isEmpty()) {
            throw CliFailure.usage("mem what? station, user, producer, consumer, cluster, bench or connect" + REMEDY);
        }
        List<String> rest = new ArrayList<>(old.subList(1, old.size()));
        return switch (old.get(0)) {
            case "connect" -> connect(rest);
            case "station" -> station(rest);
            case "user" -> user(rest);
            case "producer" -> clients(rest, "station", "producers", "producer");
            case "consumer" -> clients(rest, "group", "members", "consumer");
            case "cluster" -> only(rest, "info", "server", "info");
            case "bench", "benchmark" -> bench(rest);
            default -> throw CliFailure.usage("There is no \"mem " + old.get(0) + "\" here" + REMEDY);
        };
    }

    private static List<String> connect(List<String> rest) {
        List<String> args = new ArrayList<>(List.of("context", "add", "mem", "--select", "--ask-password"));
        args.addAll(renamed(rest, Map.of("-u", "--user", "-s", "--api", "--server", "--api", "-p", "--password")));
        for (int i = 0; i < args.size() - 1; i++) {
            if (args.get(i).equals("--api") && !args.get(i + 1).contains("://")) {
                args.set(i + 1, "http://" + args.get(i + 1));
            }
        }
        return args;
    }

    private static List<String> station(List<String> rest) {
        String action = rest.isEmpty() ? "" : rest.remove(0);
        return switch (action) {
            case "ls" -> with(List.of("station", "ls"), rest);
            case "info" -> with(List.of("station", "info"), rest);
            case "del" -> with(List.of("station", "rm"), rest);
            case "create" -> with(List.of("station", "create"), retention(renamed(rest, Map.of("-s", "--storage", "-r", "--replicas",
                "-dw", "--idempotency-window", "--dedupwindow", "--idempotency-window"))));
            default -> throw CliFailure.usage("mem station has ls, info, create, del" + REMEDY);
        };
    }

    /** Type and value of the retention are one option today; whether ids are remembered is no choice any more. */
    private static List<String> retention(List<String> args) {
        List<String> left = new ArrayList<>();
        String type = "";
        String value = "";
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            boolean known = List.of("-rt", "--retentiontype", "-rv", "--retentionvalue", "-de", "--dedupenabled").contains(arg);
            if (known && i + 1 == args.size()) {
                throw CliFailure.usage(arg + " needs a value");
            }
            if (arg.equals("-rt") || arg.equals("--retentiontype")) {
                type = args.get(++i);
            } else if (arg.equals("-rv") || arg.equals("--retentionvalue")) {
                value = args.get(++i);
            } else if (known) {
                i++;
            } else {
                left.add(arg);
            }
        }
        switch (type) {
            case "time", "message_age_sec" -> left.addAll(List.of("--max-age", value));
            case "messages" -> left.addAll(List.of("--max-messages", value));
            case "bytes" -> left.addAll(List.of("--max-bytes", value));
            case "ack_based" -> left.add("--ack-based");
            case "" -> {
                if (!value.isEmpty()) {
                    left.addAll(List.of("--max-age", value));
                }
            }
            default -> throw CliFailure.usage("A retention type is time, messages or bytes, not " + type);
        }
        return left;
    }

    private static List<String> user(List<String> rest) {
        String action = rest.isEmpty() ? "" : rest.remove(0);
        List<String> args = renamed(rest, Map.of("-p", "--password"));
        int name = Math.max(args.indexOf("-n"), args.indexOf("--name"));
        if (name >= 0) {
            args.remove(name); // what follows is the argument itself
        }
        return switch (action) {
            case "ls" -> with(List.of("user", "ls"), args);
            case "add" -> with(List.of("user", "add"), args.contains("-t") || args.contains("--type") ? args
                : with(args, List.of("--type", "management")));
            case "del" -> with(List.of("user", "rm"), args);
            default -> throw CliFailure.usage("mem user has ls, add, del" + REMEDY);
        };
    }

    private static List<String> clients(List<String> rest, String group, String command, String who) {
        List<String> args = only(rest, "ls", group, command);
        int station = Math.max(args.indexOf("-s"), args.indexOf("--station"));
        if (station < 0) {
            throw CliFailure.usage("mem " + who + " ls needs --station: the broker lists them by station");
        }
        args.remove(station);
        return args;
    }

    private static List<String> bench(List<String> rest) {
        String action = rest.isEmpty() ? "" : rest.remove(0);
        return switch (action) {
            case "producer", "produce" -> with(List.of("bench", "produce"), rest);
            case "consumer", "consume" -> with(List.of("bench", "consume", "--fill"), rest.contains("--count") ? rest
                : with(rest, List.of("--count", "1")));
            default -> throw CliFailure.usage("mem bench has producer, consumer" + REMEDY);
        };
    }

    private static List<String> only(List<String> rest, String action, String... today) {
        if (rest.isEmpty() || !rest.get(0).equals(action)) {
            throw CliFailure.usage("Only \"" + action + "\" is known there" + REMEDY);
        }
        return new ArrayList<>(with(List.of(today), rest.subList(1, rest.size())));
    }

    private static List<String> renamed(List<String> args, Map<String, String> names) {
        List<String> renamed = new ArrayList<>();
        args.forEach(arg -> renamed.add(names.getOrDefault(arg, arg)));
        return renamed;
    }

    private static List<String> with(List<String> first, List<String> more) {
        List<String> all = new ArrayList<>(first);
        all.addAll(more);
        return all;
    }
}
