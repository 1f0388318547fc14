package org.memphisee.dashboard.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Test;

/** What a browser loads before it shows anything, as the build has just made it (dashboard.md 3.9, U-115). */
final class BundleTest {

    private static final int BUDGET = 60 * 1024;
    private final Path output = Path.of(System.getProperty("ui.output"));

    private JsonNode outputs() throws IOException {
        return new ObjectMapper().readTree(output.resolveSibling("ui-meta.json").toFile()).path("outputs");
    }

    private static String fileName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The entry, its style sheet, and what they import without being asked later. */
    private Set<String> firstLoad() throws IOException {
        JsonNode outputs = outputs();
        Set<String> found = new HashSet<>();
        outputs.fields().forEachRemaining(file -> {
            if (file.getValue().path("entryPoint").asText().endsWith("app.ts")) {
                follow(outputs, file.getKey(), found);
                found.add(fileName(file.getValue().path("cssBundle").asText()));
            }
        });
        return found;
    }

    private static void follow(JsonNode outputs, String path, Set<String> found) {
        if (found.add(fileName(path))) {
            outputs.path(path).path("imports").forEach(imported -> {
                if (imported.path("kind").asText().equals("import-statement")) {
                    follow(outputs, imported.path("path").asText(), found);
                }
            });
        }
    }

    private int zipped(String asset) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
            Files.copy(output.resolve("assets").resolve(asset), zip);
        }
        return bytes.size();
    }

    @Test
    void shouldStayWithinTheBudgetOfTheFirstLoad() throws IOException {
        int total = 0;
        for (String asset : firstLoad()) {
            total += zipped(asset);
        }
        assertTrue(total > 10_000, "the files were found: " + firstLoad());
        assertTrue(total <= BUDGET, "first load is " + total + " bytes zipped, allowed are " + BUDGET);
    }

    @Test
    void shouldLoadChartsOnDemand() throws IOException {
        JsonNode outputs = outputs();
        Set<String> first = firstLoad();
        outputs.fields().forEachRemaining(file -> file.getValue().path("inputs").fieldNames().forEachRemaining(source -> {
            if (source.contains("uPlot.esm")) {
                assertFalse(first.contains(fileName(file.getKey())), source + " is in the first load");
            }
        }));
    }

    @Test
    void shouldLoadTheBundleByAbsoluteAddresses() throws IOException {
        Matcher address = Pattern.compile("(?:src|href)=\"([^\"]+)\"").matcher(Files.readString(output.resolve("index.html")));
        int found = 0;
        while (address.find()) {
            found++;
            assertTrue(Files.exists(output.resolve(address.group(1).substring(1))), address.group(1));
            assertEquals('/', address.group(1).charAt(0));
        }
        assertEquals(3, found);
    }

    /** The content security policy forbids them: they would be dead in the browser. */
    @Test
    void shouldHaveNoInlineScriptsAndStyles() throws IOException {
        Path sources = Path.of(System.getProperty("ui.sources"));
        Pattern inline = Pattern.compile("[\\s\"]style=[\"']|<style|\\son[a-z]+=[\"']|javascript:");
        try (var files = Files.walk(sources)) {
            for (Path file : (Iterable<Path>) files.filter(f -> f.toString().matches(".*\\.(ts|html)"))::iterator) {
                assertFalse(inline.matcher(Files.readString(file)).find(), file.toString());
            }
        }
    }
}
