package org.memphisee.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

/** Links of the pages for users lead to files that there are and to headings that they have; each page of the guide is in its index. */
class GuideLinksTest {

    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern CODE = Pattern.compile("(?ms)^ *```.*?^ *```|`[^`\\n]*`");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.*)$");

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("README.md"), ROOT.resolve("it/example/README.md")));
        for (String directory : List.of("docs", "docs/guide")) {
            try (Stream<Path> files = Files.list(ROOT.resolve(directory))) {
                files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
            }
        }
        return pages;
    }

    @Test
    void shouldLeadSomewhere() throws IOException {
        List<String> wrong = new ArrayList<>();
        int seen = 0;
        for (Path page : pages()) {
            Matcher link = LINK.matcher(CODE.matcher(Files.readString(page)).replaceAll("x"));
            while (link.find()) {
                String to = link.group(1);
                if (to.matches("[a-z]+:.*")) {
                    continue;
                }
                seen++;
                int at = to.indexOf('#');
                Path file = at == 0 ? page : page.resolveSibling(at < 0 ? to : to.substring(0, at)).normalize();
                if (!Files.exists(file)) {
                    wrong.add(ROOT.relativize(page) + ": " + to + " is not there");
                } else if (at >= 0 && !headings(file).contains(to.substring(at + 1))) {
                    wrong.add(ROOT.relativize(page) + ": " + to + " has no such heading");
                }
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(seen > 100, "only " + seen + " links were found");
    }

    /** As web sites that show Markdown name them. */
    private static Set<String> headings(Path page) throws IOException {
        Set<String> names = new TreeSet<>();
        Matcher heading = HEADING.matcher(Files.readString(page).replaceAll("(?ms)^ *```.*?^ *```", ""));
        while (heading.find()) {
            names.add(heading.group(1).strip().toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'));
        }
        return names;
    }

    @Test
    void shouldListEachPageOfTheGuide() throws IOException {
        String index = Files.readString(ROOT.resolve("docs/guide/README.md"));
        List<String> missing = pages().stream().filter(page -> page.getParent().endsWith("guide")).map(page -> page.getFileName().toString())
            .filter(name -> !name.equals("README.md") && !index.contains("](" + name)).toList();
        assertEquals(List.of(), missing);
    }
}
