package org.memphisee.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

/** The change log begins with the version that is built: nothing is released without an entry. */
class ChangesPageTest {

    @Test
    void shouldBeginWithTheVersionThatIsBuilt() throws IOException {
        var version = Pattern.compile("<artifactId>memphis-ee</artifactId>\\s*<version>([^<]+)</version>")
            .matcher(Files.readString(GeneratedPart.docs().getParent().resolve("pom.xml")));
        assertTrue(version.find());
        String number = version.group(1).replace("-SNAPSHOT", "");
        List<String> headings = Files.readAllLines(GeneratedPart.docs().resolve("guide/changes.md")).stream()
            .filter(line -> line.startsWith("## ")).toList();

        String wanted = version.group(1).endsWith("-SNAPSHOT") ? "## " + number + " (not released yet)" : "## " + number + " (20";
        assertEquals(wanted, headings.get(0).substring(0, Math.min(wanted.length(), headings.get(0).length())));
    }
}
