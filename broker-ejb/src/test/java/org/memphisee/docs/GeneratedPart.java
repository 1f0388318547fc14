package org.memphisee.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A part of a page that follows from the code: the lines between {@code <!-- name: begin -->} and its end. */
record GeneratedPart(Path page, String name) {

    static GeneratedPart of(String page, String name) {
        return new GeneratedPart(docs().resolve(page), name);
    }

    /** Holds the page to these lines, or writes them when that was asked for. */
    void shouldRead(List<String> expected) throws IOException {
        String text = Files.readString(page);
        String begin = "<!-- " + name + ": begin -->\n";
        String end = "<!-- " + name + ": end -->";
        int from = text.indexOf(begin) + begin.length();
        int to = text.indexOf(end);
        if (!text.contains(begin) || to < from) {
            throw new AssertionError(page + " has no part \"" + name + "\"");
        }
        String lines = String.join("\n", expected).strip() + "\n";
        if (Boolean.getBoolean("memphisee.docs.write")) {
            Files.writeString(page, text.substring(0, from) + lines + text.substring(to));
            return;
        }
        List<String> wanted = lines.lines().toList();
        List<String> found = text.substring(from, to).lines().toList();
        String hint = page.getFileName() + " differs from the code; -Dmemphisee.docs.write=true writes it anew";
        for (int i = 0; i < Math.min(wanted.size(), found.size()); i++) {
            assertEquals(wanted.get(i), found.get(i), hint);
        }
        assertEquals(wanted.size(), found.size(), hint);
    }

    /** The directory of the documentation, from a module's directory or the root. */
    static Path docs() {
        Path here = Path.of("").toAbsolutePath();
        for (Path directory = here; directory != null; directory = directory.getParent()) {
            if (Files.isRegularFile(directory.resolve("docs/architecture.md"))) {
                return directory.resolve("docs");
            }
        }
        throw new AssertionError("no docs directory above " + here);
    }
}
