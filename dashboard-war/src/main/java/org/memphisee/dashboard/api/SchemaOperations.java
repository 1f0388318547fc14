package org.memphisee.dashboard.api;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.schema.Compatibility;
import org.memphisee.core.schema.Enforcement;
import org.memphisee.core.stations.SchemaAdministration;
import org.memphisee.core.stations.SchemaOrder;
import org.memphisee.core.stations.SchemaView;
import org.memphisee.core.stations.Tag;

/** Schemas, and which station has which (management-api.md M-029 to M-031 and 5). */
final class SchemaOperations {

    private static final int MAX_NAME = 32;
    private static final int MAX_STATION = 128;
    private static final String PROTOBUF = "protobuf";

    List<Operation> all() {
        return List.of(Operation.post("schemas/createNewSchema", this::create),
            Operation.get("schemas/getAllSchemas", this::list),
            Operation.get("schemas/getSchemaDetails", this::details),
            Operation.delete("schemas/removeSchema", this::remove),
            Operation.post("schemas/createNewVersion", this::addVersion),
            Operation.put("schemas/rollBackVersion", this::activate),
            Operation.post("schemas/validateSchema", this::validate).looking(),
            Operation.get("schemas/compareVersions", this::compare),
            Operation.put("schemas/updateSchema", this::edit),
            Operation.post("stations/useSchema", this::attach),
            Operation.delete("stations/removeSchemaFromStation", this::detach),
            Operation.put("stations/updateSchemaEnforcement", this::enforce),
            Operation.get("stations/getUpdatesForSchemaByStation", this::updates));
    }

    static SchemaAdministration schemas(Call call) {
        return call.engine().schemas();
    }

    private static JsonNode details(Call call, SchemaView schema) {
        return SchemaJson.details(schema, call.engine().users());
    }

    private JsonNode create(Call call) {
        JsonBody body = call.body();
        SchemaOrder order = new SchemaOrder(body.requiredText("name", MAX_NAME), body.text("type"), body.text("schema_content"),
            body.text("message_struct_name"), body.text("compatibility"), TagOperations.read(body.objects("tags")));
        body.check();
        requireStruct(order.type(), order.messageName());
        return SchemaJson.created(Waiting.await(schemas(call).create(call.author(), order)));
    }

    private static void requireStruct(String type, String message) {
        if (type.equalsIgnoreCase(PROTOBUF) && message.isEmpty()) {
            throw ApiFailure.showable("message struct name is required when schema type is Protobuf");
        }
    }

    /** Ours: the list may be narrowed by what M-017 names: one of some tags, who made it, language, whether a station has it (F-133). */
    private JsonNode list(Call call) {
        ApiQuery query = call.query();
        Set<String> tags = query.words("tags");
        String user = query.text("user");
        String type = query.text("type");
        String usage = query.text("usage");
        ArrayNode answer = Texts.array();
        Waiting.await(schemas(call).list()).stream()
            .filter(schema -> tags.isEmpty() || schema.tags().stream().anyMatch(tag -> tags.contains(tag.name())))
            .filter(schema -> user.isEmpty() || schema.createdBy().equals(user))
            .filter(schema -> type.isEmpty() || schema.type().word().equals(type))
            .filter(schema -> usage.isEmpty() || usage.equals(schema.stations().isEmpty() ? "not used" : "used"))
            .forEach(schema -> answer.add(SchemaJson.row(schema, call.engine().users())));
        return answer;
    }

    private JsonNode details(Call call) {
        ApiQuery query = call.query();
        String name = query.requiredText("schema_name");
        query.check();
        return details(call, Waiting.await(schemas(call).find(name)));
    }

    private JsonNode remove(Call call) {
        JsonBody body = call.body();
        List<String> names = body.requiredTexts("schema_names");
        boolean onlyUnused = body.flag("only_unused");
        body.check();
        Waiting.await(schemas(call).remove(call.author(), names, onlyUnused));
        return Texts.object();
    }

    private JsonNode addVersion(Call call) {
        JsonBody body = call.body();
        SchemaOrder order = new SchemaOrder(body.requiredText("schema_name", MAX_STATION), "", body.text("schema_content"),
            body.text("message_struct_name"), "", List.of());
        body.check();
        requireStruct(Waiting.await(schemas(call).find(order.name())).type().word(), order.messageName());
        return details(call, Waiting.await(schemas(call).addVersion(call.author(), order)));
    }

    private JsonNode activate(Call call) {
        JsonBody body = call.body();
        String name = body.requiredText("schema_name");
        long version = body.requiredNumber("version_number");
        body.check();
        return details(call, Waiting.await(schemas(call).activate(call.author(), name, number(version))));
    }

    /** Too large ones do not exist either. */
    private static int number(long version) {
        return (int) Math.max(0, Math.min(Integer.MAX_VALUE, version));
    }

    private JsonNode validate(Call call) {
        JsonBody body = call.body();
        String type = body.requiredText("schema_type");
        String content = body.text("schema_content");
        body.check();
        Waiting.await(schemas(call).validate(type, content, ""));
        return Texts.object().put("is_valid", true);
    }

    private JsonNode compare(Call call) {
        ApiQuery query = call.query();
        String name = query.requiredText("schema_name");
        int from = number(query.number("from"));
        int to = number(query.number("to"));
        query.check();
        ObjectNode answer = Texts.object();
        ArrayNode backward = answer.putArray("backward");
        Waiting.await(schemas(call).breaks(name, to, from)).forEach(backward::add);
        ArrayNode forward = answer.putArray("forward");
        Waiting.await(schemas(call).breaks(name, from, to)).forEach(forward::add);
        return answer;
    }

    private JsonNode edit(Call call) {
        JsonBody body = call.body();
        String name = body.requiredText("schema_name");
        String said = body.text("compatibility");
        List<Tag> tags = body.has("tags") ? TagOperations.read(body.objects("tags")) : null;
        Optional<Compatibility> compatibility = Compatibility.of(said);
        body.require(said.isEmpty() || compatibility.isPresent(), "compatibility", "none, backward, forward or full");
        body.check();
        return details(call, Waiting.await(schemas(call).edit(call.author(), name, compatibility.orElse(null), tags)));
    }

    private JsonNode attach(Call call) {
        JsonBody body = call.body();
        List<String> stations = body.requiredTexts("station_names");
        String schema = body.requiredText("schema_name");
        Enforcement enforcement = enforcement(body, body.text("enforcement"));
        body.check();
        SchemaView view = Waiting.await(schemas(call).attach(call.author(), stations, schema, enforcement));
        return Texts.object().put("name", view.name()).put("schema_type", view.type().word())
            .put("version_number", view.active()).put("updates_available", false);
    }

    private static Enforcement enforcement(JsonBody body, String said) {
        Optional<Enforcement> enforcement = Enforcement.of(said);
        body.require(said.isEmpty() || enforcement.isPresent(), "enforcement", "off, warn or refuse");
        return enforcement.orElse(null);
    }

    private JsonNode detach(Call call) {
        JsonBody body = call.body();
        String station = body.requiredText("station_name");
        body.check();
        Waiting.await(schemas(call).detach(call.author(), station));
        return Texts.object();
    }

    private JsonNode enforce(Call call) {
        JsonBody body = call.body();
        String station = body.requiredText("station_name");
        Enforcement enforcement = enforcement(body, body.requiredText("enforcement"));
        body.check();
        Waiting.await(schemas(call).enforce(call.author(), station, enforcement));
        return Texts.object().put("enforcement", enforcement.word());
    }

    private JsonNode updates(Call call) {
        ApiQuery query = call.query();
        String station = query.requiredText("station_name");
        query.check();
        return details(call, Waiting.await(schemas(call).updates(call.user().name(), station)));
    }
}
