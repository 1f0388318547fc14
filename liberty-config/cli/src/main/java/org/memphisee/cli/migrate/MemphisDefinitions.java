package org.memphisee.cli.migrate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.cli.http.ManagementApi;
import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;

/**
 * What Memphis keeps beside the messages, brought from one management API to another: schemas with their versions, users, and of
 * stations that are here already tags, dead-letter settings and schema. What is here is not made again, so it may be repeated.
 */
public final class MemphisDefinitions {

    private static final List<String> PROFILE = List.of("full_name", "team", "position", "description");

    private final ManagementApi from;
    private final ManagementApi to;
    private final boolean dry;
    private final List<ObjectNode> items = new ArrayList<>();
    private int code = ExitCode.DONE;

    /** @param dry whether nothing is to be changed, but said what would be */
    public MemphisDefinitions(ManagementApi from, ManagementApi to, boolean dry) {
        this.from = from;
        this.to = to;
        this.dry = dry;
    }

    /** An object for each thing. */
    public List<ObjectNode> items() {
        return List.copyOf(items);
    }

    /** The exit code. */
    public int code() {
        return code;
    }

    /** What is done with one thing; says what came of it. */
    private interface Work {
        String done(List<String> problems);
    }

    private void each(String kind, String name, Work work) {
        List<String> problems = new ArrayList<>();
        ObjectNode item = JetStreamServer.object().put("kind", kind).put("name", name);
        items.add(item);
        try {
            item.put("result", work.done(problems));
        } catch (CliFailure e) {
            if (e.code() == ExitCode.UNREACHABLE || e.code() == ExitCode.NOT_ALLOWED) {
                throw e;
            }
            item.put("result", "failed");
            problems.add(e.getMessage());
            code = Math.max(code, ExitCode.REFUSED);
        }
        problems.forEach(item.putArray("problems")::add);
    }

    // ---- schemas

    public void schemas() {
        Set<String> here = names(to.get("schemas/getAllSchemas"), "name");
        for (JsonNode schema : from.get("schemas/getAllSchemas")) {
            String name = schema.path("name").asText();
            each("schema", name, problems -> schema(name, here.contains(name)));
        }
    }

    private String schema(String name, boolean there) {
        JsonNode details = from.get("schemas/getSchemaDetails", "schema_name", name);
        List<JsonNode> versions = new ArrayList<>();
        details.path("versions").forEach(versions::add);
        versions.sort(Comparator.comparingInt(version -> version.path("version_number").asInt()));
        int known = there ? to.get("schemas/getSchemaDetails", "schema_name", name).path("versions").size() : 0;
        if (known >= versions.size()) {
            return "present";
        }
        if (dry) {
            return there ? "change" : "create";
        }
        for (JsonNode version : versions.subList(known, versions.size())) {
            ObjectNode body = JetStreamServer.object().put("schema_content", version.path("schema_content").asText())
                .put("message_struct_name", version.path("message_struct_name").asText());
            if (known++ == 0) {
                body.put("name", name).put("type", details.path("type").asText()).set("tags", tags(details.path("tags")));
                to.post("schemas/createNewSchema", body);
            } else {
                to.post("schemas/createNewVersion", body.put("schema_name", name));
            }
        }
        versions.stream().filter(version -> version.path("active").asBoolean()).findFirst().ifPresent(active ->
            to.put("schemas/rollBackVersion", JetStreamServer.object().put("schema_name", name)
                .put("version_number", active.path("version_number").asInt())));
        return there ? "changed" : "created";
    }

    private static JsonNode tags(JsonNode of) {
        var tags = JetStreamServer.object().putArray("tags");
        of.forEach(tag -> tags.addObject().put("name", tag.path("name").asText()).put("color", tag.path("color").asText()));
        return tags;
    }

    private static Set<String> names(JsonNode array, String member) {
        Set<String> names = new HashSet<>();
        array.forEach(one -> names.add(one.path(member).asText()));
        return names;
    }

    // ---- users

    /**
     * Users, but root. No server tells a password.
     *
     * @param password gives a new password to the user of that name, and lets whoever needs it know
     */
    public void users(UnaryOperator<String> password) {
        JsonNode here = to.get("usermgmt/getAllUsers");
        JsonNode there = from.get("usermgmt/getAllUsers");
        Set<String> known = names(here.path("application_users"), "username");
        known.addAll(names(here.path("management_users"), "username"));
        for (String type : List.of("application", "management")) {
            for (JsonNode user : there.path(type + "_users")) {
                String name = user.path("username").asText();
                if (!user.path("user_type").asText().equals("root")) {
                    each("user", name, problems -> user(user, name, type, known.contains(name), password));
                }
            }
        }
    }

    private String user(JsonNode user, String name, String type, boolean there, UnaryOperator<String> password) {
        if (there) {
            return "present";
        }
        if (dry) {
            return "create";
        }
        ObjectNode body = JetStreamServer.object().put("username", name).put("user_type", type).put("password",
            password.apply(name));
        PROFILE.forEach(member -> body.put(member, user.path(member).asText()));
        for (String kind : List.of("allow_read", "allow_write", "deny_read", "deny_write")) {
            JsonNode patterns = user.path("permissions").path(kind + "_permissions");
            body.set(kind + "_permissions", patterns.isArray() ? patterns : body.arrayNode());
        }
        to.post("usermgmt/addUser", body);
        return "created";
    }

    // ---- stations

    /** Settings of the stations that are at both. */
    public void stations() {
        Set<String> here = names(to.get("stations/getAllStations"), "name");
        for (JsonNode station : from.get("stations/getAllStations")) {
            String name = station.path("name").asText();
            if (station.path("is_native").asBoolean(true)) {
                each("station", name, problems -> here.contains(name) ? station(station, name, problems) : "not here");
            }
        }
    }

    private String station(JsonNode light, String name, List<String> problems) {
        JsonNode station = from.get("stations/getStation", "station_name", name);
        if (dry) {
            return "change";
        }
        JsonNode flags = station.path("dls_configuration");
        to.put("stations/updateDlsConfig", JetStreamServer.object().put("station_name", name).put("poison",
            flags.path("poison").asBoolean())
            .put("schemaverse", flags.path("schemaverse").asBoolean()));
        String letters = station.path("dls_station").asText();
        if (!letters.isEmpty()) {
            ObjectNode body = JetStreamServer.object().put("name", letters);
            body.putArray("station_names").add(name);
            to.post("stations/attachDlsStation", body);
        }
        if (!station.path("tags").isEmpty()) {
            ObjectNode body = JetStreamServer.object().put("entity_type", "station").put("entity_name", name);
            body.set("tags_to_add", tags(station.path("tags")));
            body.putArray("tags_to_remove");
            to.put("tags/updateTagsForEntity", body);
        }
        String schema = light.path("schema_name").asText("");
        if (!schema.isEmpty()) {
            ObjectNode body = JetStreamServer.object().put("schema_name", schema);
            body.putArray("station_names").add(name);
            int version = to.post("stations/useSchema", body).path("version_number").asInt();
            int before = light.path("schema_vesrion_number").asInt(version); // their spelling
            if (before != version) {
                problems.add("it has version " + version + " of schema " + schema + ", which is active; it had version "
                    + before);
            }
        }
        return "changed";
    }
}
