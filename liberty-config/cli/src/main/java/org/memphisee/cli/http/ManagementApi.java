package org.memphisee.cli.http;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;
import org.memphisee.cli.context.Target;

/** The management API (management-api.md), as the user of the target. Signs in with the first request. */
public final class ManagementApi {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int SHOWABLE = 406;
    private static final int SHOWABLE_BEFORE = 666;
    private static final int SCHEMA_CONTENT = 555;

    private final Http http;
    private final Target target;
    private String token = "";

    public ManagementApi(Http http, Target target) {
        this.http = http;
        this.target = target;
    }

    /**
     * Reads.
     *
     * @param parameters names and values in turn
     */
    public JsonNode get(String path, String... parameters) {
        StringBuilder query = new StringBuilder();
        for (int i = 0; i < parameters.length; i += 2) {
            query.append(i == 0 ? '?' : '&').append(parameters[i]).append('=')
                .append(URLEncoder.encode(parameters[i + 1], StandardCharsets.UTF_8));
        }
        return call("GET", path + query, "");
    }

    public JsonNode post(String path, JsonNode body) {
        return call("POST", path, body.toString());
    }

    public JsonNode put(String path, JsonNode body) {
        return call("PUT", path, body.toString());
    }

    public JsonNode delete(String path, JsonNode body) {
        return call("DELETE", path, body.toString());
    }

    /** Reads what is no JSON. */
    public String text(String path) {
        if (token.isEmpty()) {
            token = signIn();
        }
        Http.Answer answer = http.ask("GET", uri(path), "", token);
        if (answer.status() != 200) {
            checked(answer);
        }
        return answer.body();
    }

    /** What needs no user. */
    public JsonNode open(String path) {
        return checked(http.ask("GET", uri(path), "", ""));
    }

    private JsonNode call(String method, String path, String body) {
        if (token.isEmpty()) {
            token = signIn();
        }
        return checked(http.ask(method, uri(path), body, token));
    }

    private String signIn() {
        Http.Answer answer = http.ask("POST", uri("usermgmt/login"), JsonNodeFactory.instance.objectNode()
            .put("username", target.user()).put("password", target.password()).toString(), "");
        if (answer.status() == 401) {
            throw new CliFailure(ExitCode.NOT_ALLOWED, "The broker refuses user " + target.user()
                + ": check user and password. Users of type application cannot use the management API");
        }
        return checked(answer).path("jwt").asText();
    }

    private URI uri(String path) {
        return URI.create(target.api() + "/api/" + path);
    }

    private JsonNode checked(Http.Answer answer) {
        JsonNode body = json(answer);
        if (answer.status() == 200) {
            return body;
        }
        String message = message(body.path("message"));
        throw switch (answer.status()) {
            case SHOWABLE, SHOWABLE_BEFORE -> CliFailure.refused(message);
            case SCHEMA_CONTENT -> new CliFailure(ExitCode.BAD_DATA, message);
            case 400 -> new CliFailure(ExitCode.BAD_DATA, "The broker does not understand: " + message);
            case 401, 403 -> new CliFailure(ExitCode.NOT_ALLOWED, message);
            case 429, 503 -> new CliFailure(ExitCode.TRY_AGAIN, message);
            default -> new CliFailure(ExitCode.REFUSED, "The broker answers " + answer.status()
                + (message.isEmpty() ? "" : ": " + message));
        };
    }

    private JsonNode json(Http.Answer answer) {
        try {
            JsonNode body = JSON.readTree(answer.body());
            if (body != null && !body.isMissingNode()) {
                return body;
            }
        } catch (IOException e) {
            // said below
        }
        throw new CliFailure(ExitCode.UNREACHABLE, target.api() + " answers " + answer.status()
            + " and no JSON: it is not the management API of a broker");
    }

    private static String message(JsonNode message) {
        if (!message.isArray()) {
            return message.asText("");
        }
        StringBuilder text = new StringBuilder();
        message.forEach(field -> text.append(text.length() == 0 ? "" : ", ").append(field.path("field").asText())
            .append(" (").append(field.path("reason").asText()).append(')'));
        return text.toString();
    }
}
