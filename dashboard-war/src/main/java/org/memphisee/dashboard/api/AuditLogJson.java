package org.memphisee.dashboard.api;

import java.util.List;

import com.fasterxml.jackson.databind.node.ArrayNode;

import org.memphisee.core.access.User;
import org.memphisee.core.access.Users;
import org.memphisee.core.audit.AuditEntry;

/** The audit log of one station as its overview shows it (management-api.md 2, AuditLog, and 12). */
final class AuditLogJson {

    private static final String TENANT = "$memphis";

    private AuditLogJson() { }

    static void write(ArrayNode logs, String station, List<AuditEntry> entries, Users users) {
        for (AuditEntry entry : entries) {
            logs.addObject().put("id", entry.number()).put("station_name", station).put("message", text(entry))
                .put("created_by", users.find(entry.by().user()).map(User::id).orElse(0L))
                .put("created_by_username", entry.by().user()).put("created_at", Texts.time(entry.atNanos()))
                .put("tenant_name", TENANT);
        }
    }

    static String text(AuditEntry entry) {
        String object = entry.subject().object();
        String own = object.substring(object.indexOf('/') + 1);
        String by = entry.by().user().isEmpty() ? " by the broker" : " by user " + entry.by().user();
        return switch (entry.action()) {
            case "station_created", "stream_created" -> "Station " + object + " has been created" + by;
            case "station_deleted", "stream_deleted" -> "Station " + object + " has been deleted" + by;
            case "stream_updated" -> "Station " + object + " has been changed" + by;
            case "messages_purged" -> "Messages of station " + object + " have been purged" + by;
            case "message_removed" -> "A message of station " + object + " has been removed" + by;
            case "group_defined", "consumer_defined" -> "Consumer group " + own + " has been created" + by;
            case "group_updated", "consumer_updated" -> "Consumer group " + own + " has been changed" + by;
            case "group_removed", "consumer_removed" -> "Consumer group " + own + " has been removed" + by;
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
