package org.memphisee.dashboard.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.cluster.watch.NodeStatus;
import org.memphisee.core.stations.SchemaView;
import org.memphisee.core.stations.StationView;
import org.memphisee.core.stations.Tag;
import org.memphisee.core.stations.TagAdministration;

/** Tags and what lists can be filtered by (management-api.md 6, M-017). */
final class TagOperations {

    private static final int MAX_TAG = 20;
    private static final String STATION = "station";
    private static final String SCHEMA = "schema";
    private static final String USER = "user";
    private static final Pattern COLOR = Pattern.compile("\\d{1,3}, ?\\d{1,3}, ?\\d{1,3}");

    List<Operation> all() {
        return List.of(Operation.get("tags/getTags", this::tags),
            Operation.get("tags/getUsedTags", this::used),
            Operation.post("tags/createNewTag", this::create),
            Operation.delete("tags/removeTag", this::remove),
            Operation.put("tags/updateTagsForEntity", this::update),
            Operation.get("usermgmt/getFilterDetails", this::filters));
    }

    /** Tags as they are asked for, each name once. */
    static List<Tag> read(List<JsonBody> asked) {
        Map<String, Tag> tags = new LinkedHashMap<>();
        for (JsonBody tag : asked) {
            String name = tag.requiredText("name", MAX_TAG).toLowerCase(Locale.ROOT);
            tags.putIfAbsent(name, new Tag(name, color(tag, name)));
        }
        return List.copyOf(tags.values());
    }

    private static String color(JsonBody tag, String name) {
        String color = tag.text("color");
        tag.require(color.isEmpty() || COLOR.matcher(color).matches(), "color", "R, G, B");
        return !color.isEmpty() ? color : name.equals(Tag.DEFAULT.name()) ? Tag.DEFAULT.color() : Tag.DEFAULT_COLOR;
    }

    static ArrayNode json(Iterable<Tag> tags) {
        ArrayNode array = Texts.array();
        tags.forEach(tag -> array.addObject().put("name", tag.name()).put("color", tag.color()));
        return array;
    }

    private static TagAdministration administration(Call call) {
        return StationOperations.stations(call).tags();
    }

    /** Those on stations that the caller may look at. */
    private static List<Tag> ofStations(Call call) {
        return each(StationOperations.visible(call).stream().map(StationView::tags));
    }

    private static List<Tag> ofSchemas(Call call) {
        return each(Waiting.await(SchemaOperations.schemas(call).list()).stream().map(SchemaView::tags));
    }

    private static List<Tag> each(Stream<List<Tag>> some) {
        Map<String, Tag> tags = new TreeMap<>();
        some.flatMap(List::stream).forEach(tag -> tags.putIfAbsent(tag.name(), tag));
        return List.copyOf(tags.values());
    }

    private JsonNode tags(Call call) {
        String entity = call.query().text("entity_type");
        if (!Set.of("", STATION, SCHEMA, USER).contains(entity)) {
            throw ApiFailure.showable("entity type is not valid");
        }
        return switch (entity) {
            case STATION -> json(ofStations(call));
            case SCHEMA -> json(ofSchemas(call));
            case USER -> Texts.array();
            default -> json(Waiting.await(administration(call).all()));
        };
    }

    private JsonNode used(Call call) {
        Map<String, Tag> tags = new TreeMap<>();
        Stream.of(ofStations(call), ofSchemas(call)).flatMap(List::stream).forEach(tag -> tags.putIfAbsent(tag.name(), tag));
        return json(tags.values());
    }

    private JsonNode create(Call call) {
        JsonBody body = call.body();
        String name = body.requiredText("name", MAX_TAG).toLowerCase(Locale.ROOT);
        String color = body.text("color");
        body.require(color.isEmpty() || COLOR.matcher(color).matches(), "color", "R, G, B");
        body.check();
        TagAdministration.Numbered made = Waiting.await(administration(call).create(call.author(),
            new Tag(name, color.isEmpty() ? Tag.DEFAULT_COLOR : color)));
        ObjectNode answer = Texts.object().put("id", made.id()).put("name", made.tag().name())
            .put("color", made.tag().color());
        answer.putArray("users");
        answer.putArray("stations");
        answer.putArray("schemas");
        return answer.put("tenant_name", "$memphis");
    }

    private JsonNode remove(Call call) {
        JsonBody body = call.body();
        String name = body.requiredText("name");
        String type = body.requiredText("entity_type");
        String entity = body.requiredText("entity_name");
        body.check();
        change(call, type, entity, List.of(), List.of(name), "Could not remove tag " + name + ", unsupported entity type");
        return Texts.array();
    }

    private JsonNode update(Call call) {
        JsonBody body = call.body();
        List<JsonBody> add = body.objects("tags_to_add");
        List<String> remove = body.texts("tags_to_remove");
        String type = body.requiredText("entity_type");
        String entity = body.requiredText("entity_name");
        List<Tag> tags = read(add);
        body.check();
        return json(change(call, type, entity, tags, remove, "Could not remove tags, unsupported entity type"));
    }

    private static List<Tag> change(Call call, String type, String entity, List<Tag> add, List<String> remove, String unsupported) {
        return switch (type) {
            case STATION -> Waiting.await(administration(call).change(call.author(), entity, add, remove));
            case SCHEMA -> Waiting.await(SchemaOperations.schemas(call).retag(call.author(), entity, add, remove));
            case USER -> throw ApiFailure.showable(unsupported);
            default -> throw ApiFailure.showable("entity type is not valid");
        };
    }

    /** M-017. */
    private JsonNode filters(Call call) {
        ObjectNode answer = Texts.object();
        switch (call.query().text("route")) {
            case "stations" -> {
                answer.set("tags", json(ofStations(call)));
                creators(answer, StationOperations.visible(call).stream().map(StationView::createdBy));
                answer.putArray("storage").add("memory").add("disk");
            }
            case "schemaverse" -> {
                answer.set("tags", json(ofSchemas(call)));
                creators(answer, Waiting.await(SchemaOperations.schemas(call).list()).stream().map(SchemaView::createdBy));
                answer.putArray("type").add("protobuf").add("json").add("graphql").add("avro");
                answer.putArray("usage").add("used").add("not used");
            }
            case "syslogs" -> {
                answer.putArray("type").add("info").add("warn").add("err");
                ArrayNode sources = answer.putArray("source");
                call.engine().cluster().map(cluster -> cluster.nodes().stream().map(NodeStatus::name).sorted().toList())
                    .orElseGet(() -> List.of(call.settings().serverName())).forEach(sources::add);
                sources.add("rest-gateway");
            }
            default -> { }
        }
        return answer;
    }

    private static void creators(ObjectNode answer, Stream<String> all) {
        ArrayNode users = answer.putArray("users");
        all.filter(user -> !user.isEmpty()).sorted().distinct().forEach(users::add);
    }
}
