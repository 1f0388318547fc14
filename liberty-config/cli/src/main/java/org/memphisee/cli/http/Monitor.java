package org.memphisee.cli.http;

import java.io.IOException;
import java.net.URI;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;

/** A port that tells how the broker is, to anybody: the monitor or health and metrics. */
public final class Monitor {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Http http;
    private final URI base;

    public Monitor(Http http, URI base) {
        this.http = http;
        this.base = base;
    }

    /** Whatever it answers, with its status. */
    public Http.Answer ask(String path) {
        return http.ask("GET", URI.create(base + path), "", "");
    }

    /** The JSON of an answer, whatever its status: health says with 503 what is wrong. */
    public JsonNode json(String path) {
        Http.Answer answer = ask(path);
        try {
            JsonNode body = JSON.readTree(answer.body());
            if (body != null && body.isObject()) {
                return body;
            }
        } catch (IOException e) {
            // said below
        }
        throw new CliFailure(ExitCode.UNREACHABLE, base + path + " answers " + answer.status()
            + " and no JSON: it is not this port of a broker");
    }
}
