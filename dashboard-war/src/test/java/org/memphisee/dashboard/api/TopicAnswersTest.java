package org.memphisee.dashboard.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicAnswersTest {

    private final TopicAnswers answers = new TopicAnswers(null, Map.of());

    @ParameterizedTest
    @CsvSource({"main_overview_data,true", "get_all_schema_data,true", "get_graph_overview,true", "get_all_functions,true",
        "syslogs_data,true", "syslogs_data.err,true", "syslogs_data.info.memphis-0,true", "syslogs_data.info.a.b,true",
        "station_overview_data.a.b.c.-1,true", "station_overview_data.a.12,true", "get_functions_overview.a.1,true",
        "poison_message_journey_data.12,true", "'',false", ".,false", "main_overview_data.,false", "main_overview_data.x,false",
        "station_overview_data,false", "station_overview_data.,false", "station_overview_data.a,false", "station_overview_data..1,false",
        "station_overview_data.a.0,false", "station_overview_data.a.-2,false", "station_overview_data.a.1x,false",
        "station_overview_data.a.9999999999,false", "poison_message_journey_data.,false", "poison_message_journey_data.1.2,false",
        "poison_message_journey_data.-1,false", "get_functions_overview,false", "syslogs_dat,false", "GET_ALL_STATIONS_DATA,false"})
    void shouldKnowTopicsByTheirWordAndParts(String topic, boolean known) {
        assertEquals(known, answers.known(topic));
    }

    @Test
    void shouldCutTheLongestListsUntilItFits() {
        ObjectNode answer = Texts.object().put("total", 7);
        ArrayNode few = answer.putArray("few");
        few.add("kept").add("too");
        ArrayNode many = answer.putArray("many");
        for (int i = 0; i < 1_000; i++) {
            many.add("row " + i);
        }
        byte[] whole = answer.toString().getBytes(StandardCharsets.UTF_8);
        assertArrayEquals(whole, TopicAnswers.fitting(answer, whole.length));
        byte[] cut = TopicAnswers.fitting(answer, 1_000);
        assertTrue(cut.length <= 1_000 && cut.length > 300, "" + cut.length);
        assertEquals(2, few.size());
        assertEquals("row 0", many.get(0).asText());
        assertTrue(TopicAnswers.fitting(answer, 10).length < 100, "what cannot fit is as small as it gets");
    }

    /** W-02: messages are the only list whose newest is the last. */
    @Test
    void shouldKeepTheNewestMessagesWhenItCuts() {
        ObjectNode answer = Texts.object();
        ArrayNode messages = answer.putArray("messages");
        ArrayNode logs = answer.putArray("audit_logs");
        for (int i = 1; i <= 1_000; i++) {
            messages.addObject().put("message_seq", i);
            logs.addObject().put("id", 1_001 - i);
        }
        TopicAnswers.fitting(answer, 10_000);
        assertTrue(messages.size() > 100 && messages.size() < 1_000, "" + messages.size());
        assertEquals(1_000, messages.get(messages.size() - 1).path("message_seq").asInt());
        assertEquals(1_001 - messages.size(), messages.get(0).path("message_seq").asInt());
        assertEquals(1_000, logs.get(0).path("id").asInt());
    }

    @Test
    void shouldCutAListAlone() {
        ArrayNode list = Texts.array();
        for (int i = 0; i < 100; i++) {
            list.add(i);
        }
        assertEquals("[0,1,2,3,4,5]", new String(TopicAnswers.fitting(list, 20), StandardCharsets.UTF_8));
    }
}
