package org.memphisee.it.support;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads Prometheus text 0.0.4 as strictly as its description: whatever a scraper would refuse is an error here. */
public final class PrometheusText {
    private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
    private static final Pattern META = Pattern.compile("# (HELP|TYPE) (" + NAME + ")(?: (.*))?");
    private static final Pattern SAMPLE = Pattern.compile("(" + NAME + ")(?:\\{(.*)})? (\\S+)(?: (-?\\d+))?");
    private static final Pattern LABEL = Pattern.compile("\\G([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\\n]|\\\\[\\\\\"n])*)\"(,|$)");
    private static final Set<String> TYPES = Set.of("counter", "gauge", "histogram", "summary", "untyped");
    private static final List<String> SUFFIXES = List.of("_bucket", "_sum", "_count", "");

    private final List<Sample> samples = new ArrayList<>();
    private final Map<String, String> types = new HashMap<>();

    /** One value. */
    public record Sample(String name, Map<String, String> labels, double value) {
    }

    private PrometheusText() {
    }

    /** Reads a whole answer; throws on the first line that is wrong. */
    public static PrometheusText parse(String text) {
        if (!text.endsWith("\n")) {
            throw new IllegalArgumentException("the last line has no end");
        }
        PrometheusText parsed = new PrometheusText();
        Set<String> seen = new HashSet<>();
        Set<String> finished = new HashSet<>();
        String[] family = {""};
        text.lines().forEach(line -> {
            if (line.startsWith("#")) {
                parsed.meta(line);
            } else if (!line.isBlank()) {
                Sample sample = sample(line);
                if (!seen.add(sample.name() + new TreeMap<>(sample.labels()))) {
                    throw new IllegalArgumentException("twice: " + line);
                }
                String own = parsed.family(sample.name());
                if (!own.equals(family[0])) {
                    if (!finished.add(own)) {
                        throw new IllegalArgumentException("not together: " + line);
                    }
                    family[0] = own;
                }
                parsed.samples.add(sample);
            }
        });
        return parsed;
    }

    private void meta(String line) {
        Matcher m = META.matcher(line);
        if (m.matches() && m.group(1).equals("TYPE")) {
            String name = m.group(2);
            if (!TYPES.contains(m.group(3)) || types.put(name, m.group(3)) != null
                    || samples.stream().anyMatch(s -> s.name().equals(name))) {
                throw new IllegalArgumentException("wrong type line: " + line);
            }
        }
    }

    /** A histogram or summary is several names. */
    private String family(String name) {
        for (String suffix : SUFFIXES) {
            if (name.endsWith(suffix)) {
                String base = name.substring(0, name.length() - suffix.length());
                String type = types.get(base);
                if (type != null && (suffix.isEmpty() || type.equals("histogram") || type.equals("summary"))) {
                    return base;
                }
            }
        }
        return name;
    }

    private static Sample sample(String line) {
        Matcher m = SAMPLE.matcher(line);
        if (!m.matches()) {
            throw new IllegalArgumentException("no sample: " + line);
        }
        Map<String, String> labels = new HashMap<>();
        String inside = m.group(2) == null ? "" : m.group(2);
        Matcher label = LABEL.matcher(inside);
        int end = 0;
        while (end < inside.length() && label.find()) {
            if (labels.put(label.group(1), label.group(2).replace("\\\"", "\"").replace("\\n", "\n")
                    .replace("\\\\", "\\")) != null) {
                throw new IllegalArgumentException("label twice: " + line);
            }
            end = label.end();
        }
        if (end < inside.length()) {
            throw new IllegalArgumentException("wrong labels: " + line);
        }
        String number = m.group(3).replace("+Inf", "Infinity").replace("-Inf", "-Infinity");
        return new Sample(m.group(1), Map.copyOf(labels), Double.parseDouble(number));
    }

    public List<Sample> samples() {
        return samples;
    }

    /** Samples of a series that have these labels among theirs. */
    public List<Sample> find(String name, Map<String, String> labels) {
        return samples.stream().filter(s -> s.name().equals(name)
                && s.labels().entrySet().containsAll(labels.entrySet())).toList();
    }

    /** Type of a series, empty when not told. */
    public String type(String name) {
        return types.getOrDefault(name, "");
    }
}
