package org.memphisee.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.memphisee.cli.commands.HelpCommands;
import org.memphisee.cli.commands.MemNames;
import org.memphisee.cli.manual.ManualPages;

import picocli.CommandLine;

class UsageTest extends CliFixture {

    @Test
    void shouldEndWithWrongUsageAndSayWhereHelpIs() {
        shouldEnd(64);
        shouldEnd(64, "station");
        shouldEnd(64, "statoin", "ls");
        assertTrue(err.contains("Did you mean station"), err);
        shouldEnd(64, "station", "ls", "--nonsense");
        assertTrue(err.contains("\"memphisee station ls --help\" says more"), err);
        shouldEnd(64, "station", "consume", "orders");
        assertTrue(err.contains("--group"), err);
        assertEquals("", out);
    }

    @Test
    void shouldHelpEverywhere() {
        shouldEnd(0, "--help");
        assertTrue(out.contains("station") && out.contains("--context"), out);
        shouldEnd(0, "station", "create", "--help");
        assertTrue(out.contains("--max-age"), out);
        shouldEnd(0, "help", "station");
        shouldEnd(0, "--version");
        assertTrue(out.startsWith("memphisee "), out);
    }

    /** Each example is understood: it names commands and options that there are. */
    @Test
    void shouldGiveExamplesThatAreUnderstood() {
        CommandLine all = ManualPages.commands();
        HelpCommands.cheats().forEach((group, lines) -> lines.forEach(line -> {
            List<String> words = new ArrayList<>(List.of(line.replace("'", "").split(" ")));
            assertEquals("memphisee", words.remove(0));
            assertEquals(group, words.get(0));
            String quoted = line.contains("'first order'") ? line : "";
            if (!quoted.isEmpty()) {
                words.remove("order");
            }
            List<String> meant = words.get(0).equals("mem") ? MemNames.translated(words.subList(1, words.size())) : words;
            assertDoesNotThrow(() -> all.parseArgs(meant.toArray(String[]::new)), line);
        }));
        shouldEnd(0, "cheat", "bench");
        assertTrue(out.startsWith("# bench\nmemphisee bench produce"), out);
        shouldEnd(66, "cheat", "nonsense");
    }

    @Test
    void shouldWriteACompletionScriptThatBashTakes() throws IOException, InterruptedException {
        shouldEnd(0, "completion");
        Path script = Files.writeString(home.resolve("completion"), out);
        Process bash = new ProcessBuilder("bash", "-c", "source '" + script + "' && complete -p memphisee").redirectErrorStream(true).start();
        String said = new String(bash.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertTrue(bash.waitFor(10, TimeUnit.SECONDS));
        assertEquals(0, bash.exitValue(), said);
        assertTrue(said.contains("_complete_memphisee"), said);
    }

    @Test
    void shouldWriteAManualPageForEachCommand() throws IOException {
        ManualPages.main(new String[] {home.resolve("man1").toString()});
        String page = Files.readString(home.resolve("man1/memphisee-station-create.1"));
        assertTrue(page.startsWith(".TH \"MEMPHISEE\\-STATION\\-CREATE\" 1\n.SH NAME\n"), page);
        assertTrue(page.contains(".B \\-\\-max\\-age DURATION\nkeep messages so long"), page);
        assertTrue(page.contains("memphisee station create orders \\-\\-max\\-age 7d"), page);
        assertFalse(page.contains("--"), "a minus sign, not a hyphen");
        for (String name : List.of("memphisee", "memphisee-context-add", "memphisee-server-check", "memphisee-station-message-get",
            "memphisee-bench-latency")) {
            assertTrue(Files.exists(home.resolve("man1").resolve(name + ".1")), name);
        }
    }

    @Test
    void shouldSayWhereTheStoreToolShouldBe() throws IOException {
        environment.put("MEMPHISEE_CLI_TOOLS", home.toString());
        shouldEnd(66, "data", "verify");
        assertTrue(err.contains(home.toString()), err);
        Files.writeString(home.resolve("memphis-store"), "exit 1\n");
        shouldEnd(65, "data", "verify", "--data", "d");
        Files.writeString(home.resolve("memphis-store"), "test \"$*\" = 'export orders$1 --data d --out f'\n");
        shouldEnd(0, "data", "export", "orders$1", "--data", "d", "--out", "f");
        Files.writeString(home.resolve("memphis-store"), "exit 2\n");
        shouldEnd(1, "data", "verify");
    }
}
