package org.memphisee.it.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.marcnuri.helm.Helm;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The chart's package, and its values in the guide (HLM-06); {@code -Dmemphisee.docs.write=true} writes the table. */
final class ChartValuesIT {
    private static final Path PAGE = Path.of("../docs/guide/kubernetes-values.md");
    private static final String BEGIN = "<!-- values: begin -->\n";
    private static final String END = "<!-- values: end -->\n";
    private static final Pattern KEY = Pattern.compile("^( *)([A-Za-z_]\\w*):(.*)$");
    private static final int BLOCK = 512;

    /** Each value that has a meaning written above it, in the order of the file. */
    private static List<String> rows() throws IOException {
        List<String> rows = new ArrayList<>();
        List<String> path = new ArrayList<>();
        String meaning = "";
        for (String line : Files.readAllLines(Chart.DIRECTORY.resolve("values.yaml"))) {
            String text = line.strip();
            Matcher key = KEY.matcher(line);
            if (text.startsWith("# -- ")) {
                meaning = text.substring(5);
            } else if (text.startsWith("#") && !meaning.isEmpty()) {
                meaning += ' ' + text.substring(1).strip();
            } else if (key.matches()) {
                int depth = key.group(1).length() / 2;
                path.subList(Math.min(depth, path.size()), path.size()).clear();
                path.add(key.group(2));
                if (!meaning.isEmpty()) {
                    String value = key.group(3).strip();
                    rows.add("| `" + String.join(".", path) + "` | " + (value.isEmpty() ? "" : '`' + value + '`') + " | " + meaning + " |");
                }
                meaning = "";
            }
        }
        return rows;
    }

    @Test
    void shouldBeListedInTheGuide() throws IOException {
        String table = "| Value | Default | Meaning |\n|---|---|---|\n" + String.join("\n", rows()).replace("<release>", "RELEASE") + "\n";
        String page = Files.readString(PAGE);
        int from = page.indexOf(BEGIN) + BEGIN.length();
        int to = page.indexOf(END);
        assertTrue(from >= BEGIN.length() && to >= from, "the page has no place for the table");
        if (Boolean.getBoolean("memphisee.docs.write")) {
            Files.writeString(PAGE, page.substring(0, from) + table + page.substring(to));
            return;
        }
        assertEquals(table, page.substring(from, to), "the page differs from values.yaml; -Dmemphisee.docs.write=true writes it anew");
    }

    /** What a repository of charts would give out: everything that is shipped, the same each time. */
    @Test
    void shouldBePackedWholeAndAlike(@TempDir Path work) throws IOException {
        Map<String, String> first = packed(Files.createDirectories(work.resolve("first")));
        Map<String, String> shipped = new TreeMap<>();
        try (Stream<Path> files = Files.walk(Chart.DIRECTORY)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                shipped.put(Chart.DIRECTORY.getFileName() + "/" + Chart.DIRECTORY.relativize(file), Files.readString(file));
            }
        }
        assertEquals(shipped.keySet(), first.keySet());
        shipped.remove("memphisee/Chart.yaml"); // written anew, with the same members
        Map<String, String> texts = new HashMap<>(first);
        texts.keySet().retainAll(shipped.keySet());
        assertEquals(shipped, texts);
        assertEquals(first, packed(Files.createDirectories(work.resolve("second"))));
    }

    /** The files of the package by name: a tar of short names. */
    private static Map<String, String> packed(Path directory) throws IOException {
        new Helm(Chart.DIRECTORY).packageIt().withDestination(directory).call();
        try (Stream<Path> files = Files.list(directory);
             GZIPInputStream in = new GZIPInputStream(Files.newInputStream(files.findFirst().orElseThrow()))) {
            Map<String, String> contents = new TreeMap<>();
            byte[] header = in.readNBytes(BLOCK);
            while (header.length == BLOCK && header[0] != 0) {
                String name = new String(header, 0, 100, StandardCharsets.UTF_8).replaceAll("\0.*", "");
                int size = Integer.parseInt(new String(header, 124, 11, StandardCharsets.US_ASCII).strip(), 8);
                ByteArrayOutputStream content = new ByteArrayOutputStream();
                content.writeBytes(in.readNBytes(size));
                in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
                contents.put(name, content.toString(StandardCharsets.UTF_8));
                header = in.readNBytes(BLOCK);
            }
            return contents;
        }
    }
}
