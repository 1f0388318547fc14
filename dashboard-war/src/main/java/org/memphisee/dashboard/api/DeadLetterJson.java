package org.memphisee.dashboard.api;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.deadletters.DeadLetter;
import org.memphisee.core.letters.Letter;
import org.memphisee.core.letters.LetterGroup;
import org.memphisee.core.stations.StationOverview;

/** Dead letters in answers (management-api.md 2, DlsRow and DlsMessage). */
final class DeadLetterJson {

    private DeadLetterJson() { }

    /** A row of a list, with the beginning of the payload. */
    static ObjectNode row(DeadLetter dead, int payloadBytes) {
        Letter letter = dead.letter();
        ObjectNode n = Texts.object().put("message_seq", letter.sequence()).put("id", letter.id());
        n.set("message", payload(dead, 2 * payloadBytes));
        n.put("partition", dead.partition()).put("updated_at", Texts.time(letter.updatedNanos()))
            .put("validation_error", why(letter));
        ArrayNode groups = n.putArray("groups");
        dead.groups().forEach(g -> groups.add(DeadLetter.external(g)));
        return n;
    }

    private static ObjectNode payload(DeadLetter dead, int hex) {
        Letter letter = dead.letter();
        ObjectNode n = Texts.object().put("time_sent", Texts.time(letter.sentNanos())).put("size", letter.size())
            .put("data", dead.message().map(m -> Texts.hex(m.payload(), hex)).orElse(""));
        ObjectNode headers = n.putObject("headers");
        dead.message().map(DeadLetter.Message::header).map(MessageJson::headers).ifPresent(all -> all.forEach((name, value) -> {
            if (!name.startsWith(MessageJson.INTERNAL)) {
                headers.put(name, value);
            }
        }));
        return n;
    }

    /** M-024: a letter with its way; {@code overview} is of its station, {@code schemaType} the language of the station's schema. */
    static ObjectNode details(DeadLetter dead, StationOverview overview, Set<String> listening, String schemaType) {
        Letter letter = dead.letter();
        String producer = producer(dead);
        ObjectNode n = Texts.object().put("id", letter.id()).put("station_name", dead.station()).put("schema_type", schemaType)
            .put("message_seq", letter.sequence());
        n.putObject("producer").put("name", producer).put("is_active", ClientJson.producing(overview, producer));
        n.set("poisoned_cgs", groups(dead, overview, listening));
        n.set("message", payload(dead, Integer.MAX_VALUE));
        return n.put("updated_at", Texts.time(letter.updatedNanos())).put("validation_error", why(letter))
            .put("partition", dead.partition()).put("message_problem", dead.problem());
    }

    /** Who gave a message up. */
    static ArrayNode groups(DeadLetter dead, StationOverview overview, Set<String> listening) {
        ArrayNode groups = Texts.array();
        dead.groups().forEach(group -> groups.add(group(group, overview, listening)));
        return groups;
    }

    private static String producer(DeadLetter dead) {
        if (!dead.letter().producer().isEmpty()) {
            return dead.letter().producer();
        }
        Map<String, String> headers = dead.message().map(m -> MessageJson.headers(m.header())).orElse(Map.of());
        String name = headers.getOrDefault(MessageJson.PRODUCED_BY, "").toLowerCase(Locale.ROOT);
        return name.isEmpty() ? "unknown" : name;
    }

    private static ObjectNode group(LetterGroup g, StationOverview overview, Set<String> listening) {
        String name = DeadLetter.external(g);
        ObjectNode n = Texts.object().put("cg_name", name);
        StationOverview.GroupView view = overview.groups().stream().filter(v -> v.name().equals(name)).findFirst().orElse(null);
        n.put("unprocessed_messages", view == null ? 0 : view.unprocessed())
            .put("max_ack_time_ms", view == null ? 0 : view.maxAckTimeMillis())
            .put("in_process_messages", view == null ? 0 : view.inProcess()).put("total_poison_messages", -1)
            .put("max_msg_deliveries", view == null ? 0 : view.maxDeliveries());
        ArrayNode members = n.putArray("cg_members");
        Map<String, List<StationOverview.MemberView>> byName = overview.members().stream()
            .filter(m -> !m.member().producer() && m.member().group().equals(name))
            .collect(Collectors.groupingBy(m -> m.member().name()));
        byName.forEach((member, all) -> {
            ObjectNode row = members.addObject().put("name", member).put("Connection_id", all.get(0).member().connectionId())
                .put("is_active", all.stream().anyMatch(StationOverview.MemberView::active))
                .put("max_msg_deliveries", view == null ? 0 : view.maxDeliveries())
                .put("max_ack_time_ms", view == null ? 0 : view.maxAckTimeMillis());
            ArrayNode partitions = row.putArray("partitions_list");
            if (view != null) {
                view.partitions().forEach(partitions::add);
            }
            row.put("count", all.size());
        });
        return n.put("is_active", view != null && view.active()).put("is_deleted", view == null)
            .put("cause", g.cause() == LetterGroup.Cause.DELIVERIES ? "max_deliveries" : "terminated")
            .put("deliveries", g.deliveries()).put("reason", g.reason()).put("given_up_at", Texts.time(g.atNanos()))
            .put("resending", g.resending()).put("attempts", g.attempts()).put("listening", listening.contains(name))
            .put("again", again(g)).put("next_attempt_at", Texts.time(g.dueNanos()));
    }

    private static String again(LetterGroup g) {
        return switch (g.again()) {
            case NO -> "no";
            case BY_HAND -> "by_hand";
            case BY_ITSELF -> "by_itself";
            case FINAL -> "final";
        };
    }

    private static String why(Letter letter) {
        return letter.kind() == Letter.Kind.SCHEMA ? letter.error() : letter.groups().stream().map(LetterGroup::reason)
            .filter(reason -> !reason.isEmpty()).distinct().collect(Collectors.joining("; "));
    }
}
