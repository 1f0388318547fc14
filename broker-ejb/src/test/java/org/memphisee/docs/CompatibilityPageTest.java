package org.memphisee.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

/** The page of compatibility says what is built against and what is registered, not what once was. */
class CompatibilityPageTest {

    private static final String CORE = "broker-ejb/src/main/java/org/memphisee/core/";
    private static final Pattern NODE = Pattern.compile("\"((?:@nats-io/)?[a-z.-]+)\": \"([0-9.]+)\"");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `?([^`|]+?)`?(?: \\([^|]*\\)| for Node)? \\| ([0-9.]+) \\|.*\\| ([^|]+) \\|$");

    private final Path root = GeneratedPart.docs().getParent();

    private String page() throws IOException {
        return Files.readString(GeneratedPart.docs().resolve("guide/compatibility.md"));
    }

    private String part(String heading) throws IOException {
        String text = page();
        int from = text.indexOf("\n## " + heading + "\n");
        assertTrue(from >= 0, heading);
        int to = text.indexOf("\n## ", from + 4);
        return to < 0 ? text.substring(from) : text.substring(from, to);
    }

    @Test
    void shouldNameTheVersionsOfClientsThatAreTried() throws IOException {
        Map<String, String> tried = new TreeMap<>();
        Matcher node = NODE.matcher(Files.readString(root.resolve("it/clients/node/package.json")).replaceAll("(?s)^.*\"dependencies\"", ""));
        while (node.find()) {
            if (node.group(1).contains("nats") || node.group(1).contains("memphis")) {
                tried.put(node.group(1), node.group(2));
            }
        }
        Matcher java = Pattern.compile("<jnats.version>([0-9.]+)<").matcher(Files.readString(root.resolve("pom.xml")));
        assertTrue(java.find());
        tried.put("jnats", java.group(1));

        Map<String, String> told = ROW.matcher(part("Client libraries")).results()
            .collect(Collectors.toMap(row -> row.group(1), row -> row.group(2), (a, b) -> a, TreeMap::new));

        assertEquals(tried, told);
    }

    @Test
    void shouldNameTestsThatExist() throws IOException {
        Set<String> named = Pattern.compile("`([A-Z]\\w+(?:IT|Test))`").matcher(page()).results().map(found -> found.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
        assertTrue(named.size() > 5, named::toString);
        for (String tests : new String[] {"it/src/test/java", "broker-ejb/src/test/java"}) {
            try (Stream<Path> files = Files.walk(root.resolve(tests))) {
                files.map(file -> file.getFileName().toString().replace(".java", "")).forEach(named::remove);
            }
        }
        assertEquals(Set.of(), named);
    }

    @Test
    void shouldListEachRequestOfJetStreamAndWhetherItIsRefused() throws IOException {
        String code = Files.readString(root.resolve(CORE + "jetstream/JetStreamApi.java"));
        String refusing = code.substring(0, code.indexOf("private final ControlEngine engine"));
        Map<String, Boolean> registered = new TreeMap<>();
        put(registered, Pattern.compile("\"([A-Z][A-Z_.]*[A-Z](?:\\.[*>])*)\", ?\"[a-z_]+\"").matcher(refusing), false);
        put(registered, Pattern.compile("serve\\(registry, \"([^\"]+)\"").matcher(code), true);
        put(registered, Pattern.compile("registry\\.serve\\(API \\+ \"([^\"]+)\"").matcher(code), true);
        assertTrue(registered.size() > 30, registered::toString);
        registered.put("CONSUMER.MSG.NEXT.*.*", true); // not of this class: it is part of the data path

        Map<String, Boolean> told = new TreeMap<>();
        Matcher row = Pattern.compile("(?m)^\\| `([A-Z][^`]+)` \\|[^|]*\\| (yes|refused)[^|]* \\|$").matcher(part("Requests of JetStream clients"));
        while (row.find()) {
            told.put(row.group(1), row.group(2).equals("yes"));
        }
        assertEquals(registered, told);
    }

    private static void put(Map<String, Boolean> requests, Matcher found, boolean served) {
        while (found.find()) {
            requests.put(found.group(1), served);
        }
    }

    @Test
    void shouldListEachRequestOfMemphisClients() throws IOException {
        String code = Files.readString(root.resolve(CORE + "memphis/MemphisApi.java"));
        Set<String> registered = names(Pattern.compile("serve\\((?:registry, )?\"(\\$memphis_[a-z_]+)\"").matcher(code));
        assertTrue(registered.size() > 10, registered::toString);

        assertEquals(registered, names(Pattern.compile("(?m)^\\| `(\\$memphis_[a-z_]+)` \\|[^|]*\\| yes \\|$")
            .matcher(part("Requests of Memphis clients"))));
    }

    private static Set<String> names(Matcher found) {
        return found.results().map(one -> one.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }
}
