package org.memphisee.cli.commands;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Settings that are changed while the broker runs. */
@Command(name = "config", description = "settings that can be changed while the broker runs")
public final class ConfigCommands {

    private static final List<String> COLUMNS = List.of("key", "value", "unit", "initial", "source");

    private final Tools tools;

    public ConfigCommands(Tools tools) {
        this.tools = tools;
    }

    @Command(description = "shows the settings, where each value comes from, and what it may be")
    int show() {
        print(tools.api().get("v2/settings"));
        return ExitCode.DONE;
    }

    private void print(JsonNode settings) {
        tools.print("SettingList", COLUMNS, Tools.items(settings, setting -> {
            ObjectNode n = Tools.object().put("key", setting.path("key").asText()).put("value", setting.path("value").asText())
                .put("initial", setting.path("initial").asText()).put("source", setting.path("source").asText())
                .put("unit", setting.path("unit").asText());
            if (setting.has("min")) {
                n.put("min", setting.path("min").asLong()).put("max", setting.path("max").asLong());
            }
            return n;
        }));
    }

    @Command(description = "changes settings; the others stay as they are")
    int set(@Parameters(paramLabel = "KEY=VALUE", arity = "1..*") Map<String, String> wanted) {
        JsonNode config = tools.api().get("configurations/getClusterConfig");
        ObjectNode body = config.deepCopy();
        wanted.forEach((key, value) -> {
            if (!config.has(key)) {
                throw CliFailure.notFound("There is no setting " + key + "; \"memphisee config show\" lists them");
            }
            if (config.path(key).isTextual()) {
                body.put(key, value);
            } else {
                body.put(key, number(key, value));
            }
        });
        tools.api().put("configurations/editClusterConfig", body);
        return show();
    }

    private static long number(String key, String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw CliFailure.usage(key + " is a number, and \"" + value + "\" is none");
        }
    }

    @Command(description = "takes the change of a setting back: what is configured holds again")
    int reset(@Parameters(paramLabel = "KEY") String key) {
        print(tools.api().post("v2/settings/reset", Tools.object().put("key", key)));
        return ExitCode.DONE;
    }
}
