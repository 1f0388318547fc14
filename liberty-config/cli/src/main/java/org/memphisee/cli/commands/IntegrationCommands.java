package org.memphisee.cli.commands;

import java.nio.file.Path;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.cli.context.Target;
import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Services that the broker speaks to by itself. */
@Command(name = "integration",
    description = "services that the broker speaks to by itself: alerts to a channel, tiered storage in a bucket")
public final class IntegrationCommands {

    private static final String KIND = "IntegrationList";
    private static final List<String> COLUMNS = List.of("name", "valid", "sent", "waiting", "dropped", "lastSent", "lastError");

    private final Tools tools;

    public IntegrationCommands(Tools tools) {
        this.tools = tools;
    }

    @Command(description = "lists integrations, whether they work, and what went through them since the start of the broker")
    int ls() {
        tools.print(KIND, COLUMNS, Tools.items(tools.api().get("integrations/getAllIntegrations"), IntegrationCommands::item));
        return ExitCode.DONE;
    }

    private static ObjectNode item(JsonNode integration) {
        ObjectNode n = Tools.object().put("name", integration.path("name").asText()).put("valid",
            integration.path("is_valid").asBoolean())
            .put("sent", integration.path("sent").asLong()).put("waiting", integration.path("waiting").asLong())
            .put("dropped", integration.path("dropped").asLong()).put("lastSent", integration.path("last_sent_at").asText())
            .put("lastError", integration.path("last_error").asText());
        n.set("keys", integration.path("keys"));
        n.set("alerts", integration.path("properties"));
        return n;
    }

    @Command(description = {"has alerts sent to a channel of Slack, or of what speaks like it",
        "The token is read from --slack-token-file, or asked for, "
        + "or the first line of the input. A message is sent before it is kept. What is there already is changed; without a token it keeps its own."})
    int slack(@Option(names = "--channel", paramLabel = "ID", required = true) String channel,
              @Option(names = "--url", paramLabel = "URL", description = "base of another service's API") String url,
              @Option(names = "--ui-url", paramLabel = "URL",
                  description = "where people reach the dashboard, for links") String ui,
              @Option(names = "--poison", description = "messages that groups gave up") boolean poison,
              @Option(names = "--schema", description = "messages that do not fit their schema") boolean schema,
              @Option(names = "--disconnections", description = "clients that went") boolean disconnections,
              @Option(names = "--slack-token-file", paramLabel = "FILE",
                  description = "a file whose first line is the token") Path file) {
        boolean there = there("slack");
        ObjectNode body = body("slack", ui);
        body.withObject("/keys").put("channel_id", channel).put("url", given(url)).put("auth_token", secret("Token",
            "--slack-token-file", file, there));
        body.withObject("/properties").put("poison_message_alert", poison).put("schema_validation_fail_alert", schema)
            .put("disconnection_events_alert", disconnections);
        return save(body, there);
    }

    @Command(description = {"has what leaves tiered stations stored in a bucket of S3, or of what speaks like it",
        "The secret key is read from "
        + "--secret-key-file, or asked for, or the first line of the input. An object is stored and removed before it is kept. What is there already "
        + "is changed; without a secret key it keeps its own."})
    int s3(@Option(names = "--bucket", paramLabel = "NAME", required = true) String bucket,
           @Option(names = "--access-key", paramLabel = "ID", required = true) String access,
           @Option(names = "--region", paramLabel = "NAME", description = "of the bucket; us-east-1 beside --url") String region,
           @Option(names = "--url", paramLabel = "URL", description = "address of another service than Amazon's") String url,
           @Option(names = "--path-style",
               description = "the name of the bucket is part of the path, not of the host") boolean path,
           @Option(names = "--secret-key-file", paramLabel = "FILE",
               description = "a file whose first line is the secret key") Path file) {
        boolean there = there("s3");
        ObjectNode body = body("s3", null);
        body.withObject("/keys").put("access_key", access).put("bucket_name", bucket).put("region", given(region)).put("url",
            given(url))
            .put("s3_path_style", Boolean.toString(path)).put("secret_key", secret("Secret key", "--secret-key-file", file,
                there));
        return save(body, there);
    }

    private boolean there(String name) {
        return tools.api().get("integrations/getIntegrationDetails", "name", name).isObject();
    }

    private static ObjectNode body(String name, String ui) {
        ObjectNode body = Tools.object().put("name", name).put("ui_url", given(ui));
        body.putObject("keys");
        body.putObject("properties");
        return body;
    }

    private static String given(String text) {
        return text == null ? "" : text;
    }

    private String secret(String what, String option, Path file, boolean there) {
        if (file != null) {
            return Target.firstLine(file);
        }
        String secret = tools.surroundings().secrets().ask(what + ": ").or(tools.surroundings()::line).orElse("");
        if (secret.isEmpty() && !there) {
            throw CliFailure.usage("No " + what.toLowerCase(java.util.Locale.ROOT) + " was given: name a file with " + option
                + ", or write it to the input");
        }
        return secret;
    }

    private int save(ObjectNode body, boolean there) {
        tools.print(KIND, COLUMNS, List.of(item(tools.api().post(there ? "integrations/updateIntegration"
            : "integrations/createIntegration",
            body))));
        return ExitCode.DONE;
    }

    @Command(description = "sends a message, or stores an object, now")
    int test(@Parameters(paramLabel = "NAME", description = "slack or s3") String name) {
        tools.api().post("v2/integrations/test", Tools.object().put("name", name));
        return ExitCode.DONE;
    }

    @Command(description = "lists what happened to an integration in the last week, the newest first")
    int log(@Parameters(paramLabel = "NAME", description = "slack or s3") String name) {
        tools.print("IntegrationNoteList", List.of("time", "text"), Tools.items(tools.api().get("integrations/getAuditLogs",
            "name", name),
            note -> Tools.object().put("time", note.path("created_at").asText()).put("text", note.path("message").asText())));
        return ExitCode.DONE;
    }

    @Command(description = "removes an integration; alerts that wait are dropped, and messages that wait for a bucket leave their stations at once")
    int rm(@Parameters(paramLabel = "NAME", description = "slack or s3") String name) {
        tools.confirm("Remove " + name + " with what waits for it");
        tools.api().delete("integrations/disconnectIntegration", Tools.object().put("name", name));
        return ExitCode.DONE;
    }
}
