package org.memphisee.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

class FeatureMatrixTest {

    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w+(?:Test|IT|Contract)|[a-z-]+\\.mjs|\\w+_test\\.ts)`");
    private static final int MODULE_TO_FILE = 12;

    @Test
    void shouldNameOnlyTestsThatExist() throws IOException {
        Path docs = GeneratedPart.docs();
        Set<String> named = NAMED.matcher(Files.readString(docs.resolve("feature-matrix.md"))).results()
            .map(found -> found.group(1)).collect(Collectors.toCollection(TreeSet::new));
        assertTrue(named.size() > 20, () -> "found only " + named);
        named.removeAll(testsOf(docs.getParent()));
        assertEquals(Set.of(), named);
    }

    private static Set<String> testsOf(Path root) throws IOException {
        Set<String> names = new TreeSet<>();
        for (String tests : new String[] {"broker-ejb/src/test/java", "resource-adapter/src/test/java",
            "dashboard-war/src/test/java", "gateway-war/src/test/java", "liberty-config/cli/src/test/java", "it/src/test/java"}) {
            if (!Files.isDirectory(root.resolve(tests))) {
                continue;
            }
            try (Stream<Path> files = Files.walk(root.resolve(tests), MODULE_TO_FILE)) {
                files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".java"))
                    .forEach(name -> names.add(name.substring(0, name.length() - ".java".length())));
            }
        }
        for (String programs : new String[] {"it/clients/node", "dashboard-war/src/test/web"}) {
            try (Stream<Path> files = Files.list(root.resolve(programs))) {
                files.forEach(file -> names.add(file.getFileName().toString()));
            }
        }
        return names;
    }
}
