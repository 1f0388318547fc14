package org.memphisee.cli.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.cli.http.Http;
import org.memphisee.cli.http.ManagementApi;
import org.memphisee.cli.http.Monitor;
import org.memphisee.cli.link.Broker;
import org.memphisee.cli.output.Listing;
import org.memphisee.cli.output.Printer;
import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.Options;
import org.memphisee.cli.run.Surroundings;
import org.memphisee.cli.context.Target;

/** What commands work with: the doors of the broker that is meant, the printer, the person in front of us. */
public final class Tools {

    private final Surroundings surroundings;
    private final Options options;
    private Target target;
    private Http http;
    private ManagementApi api;

    public Tools(Surroundings surroundings, Options options) {
        this.surroundings = surroundings;
        this.options = options;
    }

    public Surroundings surroundings() {
        return surroundings;
    }

    public Options options() {
        return options;
    }

    /** The broker that is meant. */
    Target target() {
        if (target == null) {
            target = new Target(surroundings, options);
        }
        return target;
    }

    private Http http() {
        if (http == null) {
            http = http(target());
        }
        return http;
    }

    /** Asks another broker than the one that is meant. */
    Http http(Target other) {
        return new Http(options.timeout, other.tlsCa(), Optional.of(surroundings.err()).filter(err -> options.trace));
    }

    /** Its management API. */
    ManagementApi api() {
        if (api == null) {
            api = new ManagementApi(http(), target());
        }
        return api;
    }

    /** Its monitor. */
    Monitor monitor() {
        return new Monitor(http(), target().monitor());
    }

    /** Its health and metrics. */
    Monitor metrics() {
        return new Monitor(http(), target().metrics());
    }

    /** Its port of clients; the caller closes it. */
    Broker broker() {
        return new Broker(target(), options.timeout);
    }

    /** A JSON object. */
    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** One thing for each part of an array. */
    static List<ObjectNode> items(JsonNode array, Function<JsonNode, ObjectNode> item) {
        List<ObjectNode> items = new ArrayList<>();
        array.forEach(part -> items.add(item.apply(part)));
        return items;
    }

    /** The names of things that have one. */
    static void names(ArrayNode to, JsonNode things) {
        things.forEach(thing -> to.add(thing.path("name").asText()));
    }

    void print(String kind, List<String> columns, List<ObjectNode> items) {
        new Printer(surroundings, options).print(new Listing(kind, columns, items));
    }

    /** Whether JSON was asked for. */
    boolean json() {
        return options.output == Options.Form.json;
    }

    /** Says something to people. */
    void say(String text) {
        surroundings.err().println(text);
    }

    /** Writes a line of data. */
    void line(String text) {
        surroundings.out().println(text);
    }

    /**
     * Before something is destroyed: asks on a terminal, elsewhere {@code --yes} must be given.
     *
     * @param what what will happen, as the beginning of a question
     */
    void confirm(String what) {
        if (options.yes) {
            return;
        }
        if (!surroundings.terminal()) {
            throw CliFailure.usage(what + " destroys something and there is nobody to ask: give --yes");
        }
        surroundings.err().print(what + "? [y/N] ");
        surroundings.err().flush();
        String answer = surroundings.line().orElse("").strip().toLowerCase(Locale.ROOT);
        if (!answer.equals("y") && !answer.equals("yes")) {
            throw CliFailure.usage("Nothing was done");
        }
    }
}
