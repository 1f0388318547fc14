package org.memphisee.dashboard.api;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;

import org.memphisee.core.access.User;
import org.memphisee.core.access.Users;
import org.memphisee.core.audit.AuditEntry;

/** The audit log of one station as its overview shows it (management-api.md 2, AuditLog, and 12). */
final class AuditLogJson {

    private static final String TENANT = "$memphis";
    /** Lines of the overview, at most; one entry may have several. */
    static final int MAX_LINES = 1_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private AuditLogJson() { }

    static void write(ArrayNode logs, String station, List<AuditEntry> entries, Users users) {
        for (AuditEntry entry : entries) {
            for (String text : texts(entry)) {
                if (logs.size() == MAX_LINES) {
                    return;
                }
                logs.addObject().put("id", entry.number()).put("station_name", station).put("message", text)
                    .put("created_by", users.find(entry.by().user()).map(User::id).orElse(0L))
                    .put("created_by_username", entry.by().user()).put("created_at", Texts.time(entry.atNanos()))
                    .put("tenant_name", TENANT);
            }
        }
    }

    /** A line for each thing that somebody did. */
    static List<String> texts(AuditEntry entry) {
        return entry.action().equals("station_tagged") ? tags(entry) : List.of(text(entry));
    }

    private static List<String> tags(AuditEntry entry) {
        Set<String> before = tagsOf(entry.before());
        Set<String> after = tagsOf(entry.after());
        String end = " station " + entry.subject().object() + by(entry);
        List<String> lines = new ArrayList<>();
        after.stream().filter(tag -> !before.contains(tag)).forEach(tag -> lines.add("Tag " + tag + " has been added to" + end));
        before.stream().filter(tag -> !after.contains(tag)).forEach(tag -> lines.add("Tag " + tag + " has been deleted from" + end));
        return lines;
    }

    private static Set<String> tagsOf(String definition) {
        Set<String> tags = new LinkedHashSet<>();
        read(definition).path("tags").forEach(tag -> tags.add(tag.asText()));
        return tags;
    }

    private static JsonNode read(String definition) {
        try {
            return definition.isEmpty() ? MissingNode.getInstance() : JSON.readTree(definition);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance(); // of a later release: the line says less
        }
    }

    private static String by(AuditEntry entry) {
        return entry.by().user().isEmpty() ? " by the broker" : " by user " + entry.by().user();
    }

    /** What a station has as its schema: of the same version somebody changed what becomes of what does not fit. */
    private static boolean sameVersion(AuditEntry entry) {
        JsonNode before = read(entry.before());
        JsonNode after = read(entry.after());
        return !before.isMissingNode() && before.path("schemaId").equals(after.path("schemaId"))
            && before.path("version").equals(after.path("version"));
    }

    static String text(AuditEntry entry) {
        String object = entry.subject().object();
        String own = object.substring(object.indexOf('/') + 1);
        String by = by(entry);
        String station = entry.subject().station();
        return switch (entry.action()) {
            case "station_created", "stream_created" -> "Station " + object + " has been created" + by;
            case "station_deleted", "stream_deleted" -> "Station " + object + " has been deleted" + by;
            case "stream_updated" -> "Station " + object + " has been changed" + by;
            case "messages_purged" -> "Messages of station " + object + " have been purged" + by;
            case "message_removed" -> "A message of station " + object + " has been removed" + by;
            case "group_defined", "consumer_defined" -> "Consumer group " + own + " has been created" + by;
            case "group_updated", "consumer_updated" -> "Consumer group " + own + " has been changed" + by;
            case "group_removed", "consumer_removed" -> "Consumer group " + own + " has been removed" + by;
            case "schema_attached" -> sameVersion(entry) ? "Schema enforcement of station " + station + " has been changed" + by
                : "Schema " + own + " has been attached to station " + station + by;
            case "schema_detached" -> "Schema " + own + " has been deleted from station " + station + by;
            case "member_registered" -> member(entry) + own + " connected";
            case "members_removed" -> member(entry) + own + " has been destroyed";
            case "" -> entry.problem();
            default -> entry.action().replace('_', ' ') + by;
        };
    }

    private static String member(AuditEntry entry) {
        return entry.subject().kind().equals("producer") ? "Producer " : "Consumer ";
    }
}
