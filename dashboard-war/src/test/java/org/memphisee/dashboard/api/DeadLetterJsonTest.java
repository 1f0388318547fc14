package org.memphisee.dashboard.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;

import org.memphisee.core.deadletters.DeadLetter;
import org.memphisee.core.letters.Letter;
import org.memphisee.core.letters.LetterGroup;
import org.memphisee.core.stations.DeadLetterCounts;
import org.memphisee.core.stations.StationOverview;
import org.memphisee.core.stations.StationOverview.GroupView;

/** M-024, also of groups of which nobody is left: the reference fails there. */
class DeadLetterJsonTest {

    private static final long T = 1_700_000_000_000_000_000L;

    private static JsonNode details(Optional<DeadLetter.Message> message, String problem, GroupView... groups) {
        Letter letter = new Letter(7, Letter.Kind.UNACKED, 3, T, T, 9, "", "", List.of(
            LetterGroup.of("gone#away", LetterGroup.Cause.DELIVERIES, 2, "", T, true),
            LetterGroup.of("quiet", LetterGroup.Cause.TERMINATED, 1, "no good", T, true)));
        return DeadLetterJson.details(new DeadLetter("s.t", 2, letter, message, problem),
            new StationOverview(null, 0, 0, DeadLetterCounts.NONE, List.of(), List.of(), List.of(groups), "", List.of()), Set.of("quiet"), "json");
    }

    @Test
    void shouldShowGroupsWithoutMembersAndGroupsThatAreGone() {
        JsonNode n = details(Optional.of(new DeadLetter.Message(new byte[0], "bad".getBytes(StandardCharsets.UTF_8))), "",
            new GroupView("quiet", 1_000, 5, List.of(1, 2), 4, 1, 1, false));
        JsonNode gone = n.path("poisoned_cgs").path(0);
        assertEquals("gone.away", gone.path("cg_name").asText());
        assertTrue(gone.path("is_deleted").asBoolean());
        assertTrue(gone.path("cg_members").isArray() && gone.path("cg_members").isEmpty());
        assertEquals("max_deliveries", gone.path("cause").asText());
        JsonNode quiet = n.path("poisoned_cgs").path(1);
        assertFalse(quiet.path("is_deleted").asBoolean());
        assertEquals(4, quiet.path("unprocessed_messages").asLong());
        assertTrue(quiet.path("cg_members").isEmpty() && quiet.path("listening").asBoolean());
        assertEquals("json", n.path("schema_type").asText());
        assertEquals("626164", n.path("message").path("data").asText());
        assertEquals("unknown", n.path("producer").path("name").asText());
        assertEquals("no good", n.path("validation_error").asText());
    }

    @Test
    void shouldSayWhyTheMessageCannotBeRead() {
        JsonNode n = details(Optional.empty(), "its record is damaged");
        assertEquals("", n.path("message").path("data").asText());
        assertEquals("its record is damaged", n.path("message_problem").asText());
        assertEquals(9, n.path("message").path("size").asInt());
    }
}
