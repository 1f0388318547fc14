package org.memphisee.config;

import java.util.ArrayList;
import java.util.List;

/** The tables of docs/configuration.md as {@link Settings} wants them. */
public final class SettingsTable {

    private SettingsTable() { }

    /** One section per group of settings, one row per setting. */
    public static List<String> lines() {
        List<String> lines = new ArrayList<>();
        Settings.sections().forEach((section, settings) -> {
            lines.add("### " + section);
            lines.add("");
            lines.add("| Setting | Environment | Default | Allowed | Meaning |");
            lines.add("|---|---|---|---|---|");
            settings.forEach(setting -> lines.add(row(setting)));
            lines.add("");
        });
        return lines;
    }

    /** Variables of the reference broker that are known and mean nothing here. */
    public static List<String> ignoredVariables() {
        List<String> lines = new ArrayList<>(List.of("| Variable | Why it has no effect |", "|---|---|"));
        Settings.ignoredVariables().forEach((variable, why) -> lines.add("| `" + variable + "` | " + why + " |"));
        return lines;
    }

    private static String row(Setting<?> setting) {
        StringBuilder variables = new StringBuilder("`" + setting.variable() + "`");
        setting.aliases().stream().map(Setting.Alias::variable).distinct()
            .forEach(variable -> variables.append(", `").append(variable).append('`'));
        String standard = setting.defaultText().isEmpty() ? "nothing" : "`" + setting.defaultText() + "`";
        return "| `" + setting.key() + "` | " + variables + " | " + standard + " | " + cell(setting.kind().allowed())
            + " | " + cell(setting.description()) + " |";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
