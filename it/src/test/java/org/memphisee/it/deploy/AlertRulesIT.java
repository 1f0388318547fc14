package org.memphisee.it.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The alert rules as shipped (deploy.md 7.5): each fires when it should and is silent when it should not. */
final class AlertRulesIT {
    private static final Path RULES = Shipped.COMPOSE.resolve("monitoring/alerts.yaml");
    private static final Path CASES = Path.of("src/test/prometheus/alerts-test.yaml").toAbsolutePath();
    private static final Path GUIDE = Shipped.SERVER.resolve("doc/guide/alerts.md");

    private static List<JsonNode> rules() throws IOException {
        List<JsonNode> rules = new ArrayList<>();
        Shipped.yaml(RULES).path("groups").forEach(group -> group.path("rules").forEach(rules::add));
        return rules;
    }

    private static Set<String> names() throws IOException {
        Set<String> names = new TreeSet<>();
        rules().forEach(rule -> names.add(rule.path("alert").asText()));
        return names;
    }

    private static Shipped.Ended promtool(Path directory, String... arguments) throws IOException, InterruptedException {
        assumeTrue(Shipped.present("promtool"), "promtool is absent");
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        return Shipped.run(directory, Map.of(), command);
    }

    @Test
    void shouldSayWhatHappenedAndWhatToDo() throws IOException {
        for (JsonNode rule : rules()) {
            String name = rule.path("alert").asText();
            assertTrue(Set.of("critical", "warning").contains(rule.at("/labels/severity").asText()), name);
            assertTrue(rule.at("/annotations/summary").asText().length() > 20, name);
            assertTrue(rule.at("/annotations/description").asText().length() > 20, name);
        }
    }

    @Test
    void shouldHaveASectionOfTheGuideForEachRule() throws IOException {
        Set<String> sections = new TreeSet<>();
        Files.readAllLines(GUIDE).stream().filter(line -> line.startsWith("## Memphis")).forEach(line -> sections.add(line.substring(3)));
        assertEquals(names(), sections);
    }

    @Test
    void shouldHaveACaseInWhichEachRuleFiresAndOneInWhichItIsSilent() throws IOException {
        Set<String> fires = new TreeSet<>();
        Set<String> silent = new TreeSet<>();
        Pattern alert = Pattern.compile("alertname=\"(\\w+)\"");
        for (JsonNode test : Shipped.yaml(CASES).path("tests")) {
            for (JsonNode asked : test.path("promql_expr_test")) {
                Matcher name = alert.matcher(asked.path("expr").asText());
                assertTrue(name.find(), asked::toString);
                (asked.path("exp_samples").isEmpty() ? silent : fires).add(name.group(1));
            }
        }
        assertEquals(names(), fires);
        assertEquals(names(), silent);
    }

    @Test
    void shouldFireAndBeSilentAsTheCasesSay(@TempDir Path directory) throws IOException, InterruptedException {
        Files.copy(RULES, directory.resolve("alerts.yaml"));
        Files.copy(CASES, directory.resolve("alerts-test.yaml"));
        Shipped.Ended checked = promtool(directory, "check", "rules", "alerts.yaml");
        assertEquals(0, checked.status(), checked.text());
        Shipped.Ended tested = promtool(directory, "test", "rules", "alerts-test.yaml");
        assertEquals(0, tested.status(), tested.text());
    }

    @Test
    void shouldBeLoadedByTheShippedConfiguration() throws IOException, InterruptedException {
        Shipped.Ended checked = promtool(RULES.getParent(), "check", "config", "prometheus.yml");
        assertEquals(0, checked.status(), checked.text());
        assertTrue(checked.text().contains("rule files found"), checked.text());
    }
}
