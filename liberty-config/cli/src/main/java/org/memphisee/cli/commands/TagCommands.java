package org.memphisee.cli.commands;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tags of stations. */
@Command(name = "tag", description = "tags: words by which people find stations")
public final class TagCommands {

    private final Tools tools;

    public TagCommands(Tools tools) {
        this.tools = tools;
    }

    @Command(description = "lists the tags")
    int ls(@Option(names = "--used", description = "those that a station has") boolean used) {
        print(tools.api().get(used ? "tags/getUsedTags" : "tags/getTags"));
        return ExitCode.DONE;
    }

    private void print(JsonNode tags) {
        tools.print("TagList", List.of("name", "color"), Tools.items(tags, tag -> Tools.object()
            .put("name", tag.path("name").asText()).put("color", tag.path("color").asText())));
    }

    @Command(description = "makes a tag that no station has yet")
    int create(@Parameters(paramLabel = "TAG") String name,
               @Option(names = "--color", paramLabel = "RED,GREEN,BLUE", description = "three numbers up to 255") String color) {
        tools.api().post("tags/createNewTag", Tools.object().put("name", name).put("color", color == null ? "" : color));
        return ExitCode.DONE;
    }

    @Command(description = "gives a station tags and takes others away; shows what it has then")
    int set(@Parameters(paramLabel = "STATION") String station,
            @Option(names = "--add", paramLabel = "TAG", split = ",", description = "tags to give") List<String> add,
            @Option(names = "--remove", paramLabel = "TAG", split = ",", description = "tags to take away") List<String> remove) {
        if (add == null && remove == null) {
            throw CliFailure.usage("Give --add or --remove");
        }
        ObjectNode body = Tools.object().put("entity_type", "station").put("entity_name", station);
        ArrayNode adding = body.putArray("tags_to_add");
        (add == null ? List.<String>of() : add).forEach(tag -> adding.addObject().put("name", tag));
        (remove == null ? List.<String>of() : remove).forEach(body.putArray("tags_to_remove")::add);
        print(tools.api().put("tags/updateTagsForEntity", body));
        return ExitCode.DONE;
    }
}
