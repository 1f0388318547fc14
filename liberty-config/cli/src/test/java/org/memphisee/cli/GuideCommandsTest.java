package org.memphisee.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.memphisee.cli.manual.ManualPages;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Every command of this program in the guide's shell blocks is one that there is, with options that it has. */
class GuideCommandsTest {

    private static final Path GUIDE = Path.of("../../docs/guide");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^ *```sh\\n(.*?)^ *```");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");

    @Test
    void shouldNameOnlyCommandsAndOptionsThatThereAre() throws IOException {
        CommandLine all = ManualPages.commands();
        List<String> wrong = new ArrayList<>();
        int tried = 0;
        try (Stream<Path> pages = Files.list(GUIDE)) {
            for (Path page : pages.filter(file -> file.toString().endsWith(".md")).sorted().toList()) {
                for (String line : commands(Files.readString(page))) {
                    tried++;
                    try {
                        all.parseArgs(words(line).toArray(String[]::new));
                    } catch (ParameterException e) {
                        wrong.add(page.getFileName() + ": " + line + ": " + e.getMessage());
                    }
                }
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(tried > 20, "only " + tried + " commands were found");
    }

    private static List<String> commands(String page) {
        List<String> found = new ArrayList<>();
        Matcher block = BLOCK.matcher(page);
        while (block.find()) {
            block.group(1).replace("\\\n", " ").lines().map(String::strip).filter(line -> line.startsWith("memphisee "))
                .forEach(found::add);
        }
        return found;
    }

    /** The arguments: to the end of the line, a comment, or what the shell does with the rest. */
    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(line.substring("memphisee ".length()));
        while (word.find() && !word.group().matches("#.*|[|<>&].*|\\d>.*")) {
            words.add(word.group(1) != null ? word.group(1) : word.group(2) != null ? word.group(2) : word.group(3));
        }
        return words;
    }
}
