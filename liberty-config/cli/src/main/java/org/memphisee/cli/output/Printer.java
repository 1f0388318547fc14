package org.memphisee.cli.output;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.Options;
import org.memphisee.cli.run.Surroundings;

/** Writes listings in the form that was asked for: a table for people, tabs or JSON for programs. */
public final class Printer {

    /** Changes when a member is renamed or taken away; new ones may come at any time. */
    public static final String API_VERSION = "memphisee/v1";

    private static final String BOLD = "\u001b[1m";
    private static final String NORMAL = "\u001b[0m";

    private final Surroundings surroundings;
    private final Options options;

    public Printer(Surroundings surroundings, Options options) {
        this.surroundings = surroundings;
        this.options = options;
    }

    /** The form in force. */
    public Options.Form form() {
        return options.output != null ? options.output
            : surroundings.terminal() ? Options.Form.table : Options.Form.plain;
    }

    /** Writes all of it to the standard output. */
    public void print(Listing listing) {
        PrintStream out = surroundings.out();
        switch (form()) {
            case json -> out.println(json(listing));
            case plain -> rows(listing, true).forEach(row -> out.println(String.join("\t", row)));
            case table -> table(listing, out);
        }
        out.flush();
    }

    /** The whole as one JSON object, over several lines. */
    public static String json(Listing listing) {
        ObjectNode whole = JsonNodeFactory.instance.objectNode().put("kind", listing.kind()).put("apiVersion", API_VERSION);
        whole.putArray("items").addAll(listing.items());
        try {
            return JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(whole);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void table(Listing listing, PrintStream out) {
        List<List<String>> rows = rows(listing, false);
        int columns = rows.isEmpty() ? 0 : rows.get(0).size();
        int[] widths = new int[columns];
        rows.forEach(row -> {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).codePointCount(0, row.get(i).length()));
            }
        });
        boolean first = !options.noHeaders;
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                int missing = widths[i] - row.get(i).codePointCount(0, row.get(i).length());
                boolean number = !first && numeric(row.get(i));
                line.append(number ? " ".repeat(missing) : "").append(row.get(i));
                line.append(i + 1 == columns ? "" : (number ? "" : " ".repeat(missing)) + "  ");
            }
            String text = line.toString().stripTrailing();
            out.println(first && surroundings.colours() ? BOLD + text + NORMAL : text);
            first = false;
        }
    }

    private List<List<String>> rows(Listing listing, boolean oneLine) {
        List<String> shown = options.columns == null ? listing.columns() : options.columns;
        for (String column : shown) {
            if (!listing.columns().contains(column) && listing.items().stream().noneMatch(item -> item.has(column))) {
                throw CliFailure.usage("There is no column " + column + "; there are " + String.join(", ", known(listing)));
            }
        }
        List<List<String>> rows = new ArrayList<>();
        if (!options.noHeaders) {
            rows.add(shown.stream().map(Printer::title).toList());
        }
        listing.items().forEach(item -> rows.add(shown.stream().map(column -> text(item.path(column), oneLine)).toList()));
        return rows;
    }

    private static List<String> known(Listing listing) {
        List<String> names = new ArrayList<>(listing.columns());
        listing.items().stream().limit(1).forEach(item -> item.fieldNames().forEachRemaining(name -> {
            if (!names.contains(name)) {
                names.add(name);
            }
        }));
        return names;
    }

    private static String title(String column) {
        return column.replaceAll("([a-z])([A-Z])", "$1 $2").toUpperCase(Locale.ROOT);
    }

    private static boolean numeric(String text) {
        return text.matches("-?\\d[\\d.]*");
    }

    /** What a program must not meet within a field, nor a terminal obey, is written as an escape. */
    private static String text(JsonNode value, boolean oneLine) {
        String text = value.isMissingNode() || value.isNull() ? ""
            : value.isArray() ? joined(value) : value.isContainerNode() ? value.toString() : value.asText();
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c == '\t' || c == '\n' || c == '\r') {
                safe.append(c == '\t' ? "\\t" : c == '\n' ? "\\n" : "\\r");
            } else if (Character.isISOControl(c)) {
                safe.append(String.format("\\u%04x", c));
            } else {
                safe.appendCodePoint(c);
            }
        });
        return oneLine || safe.length() > 0 ? safe.toString() : "-";
    }

    private static String joined(JsonNode array) {
        List<String> parts = new ArrayList<>();
        array.forEach(part -> parts.add(part.isContainerNode() ? part.toString() : part.asText()));
        return String.join(",", parts);
    }
}
