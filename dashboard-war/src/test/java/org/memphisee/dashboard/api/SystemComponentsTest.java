package org.memphisee.dashboard.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.memphisee.dashboard.api.SystemComponents.Figures;
import org.memphisee.dashboard.api.SystemComponents.Use;

final class SystemComponentsTest {

    @ParameterizedTest
    @CsvSource({"0,healthy", "84,healthy", "85,risky", "94,risky", "95,dangerous", "99,dangerous", "100,unhealthy",
        "250,unhealthy"})
    void shouldBeAsHealthyAsWhatIsUsedMost(double used, String status) {
        assertEquals(status, SystemComponents.status(new Figures(Use.UNKNOWN, new Use(100, used), new Use(100, 3))));
        assertEquals(status, SystemComponents.status(new Figures(new Use(100, used), Use.UNKNOWN, Use.UNKNOWN)));
        assertEquals(status, SystemComponents.status(new Figures(Use.UNKNOWN, new Use(100, 1), new Use(100, used))));
    }

    @Test
    void shouldListAnInstanceUnderItsStatus() {
        JsonNode json = SystemComponents.component("memphis", "memphis-0", true,
            new Figures(new Use(2, 0.256), new Use(1000, 870), new Use(0, 5)), "localhost", List.of(9000, 6666));

        assertEquals("{'name':'memphis','components':{'unhealthy_components':[],'dangerous_components':[],"
            + "'risky_components':[{'name':'memphis-0','cpu':{'total':2.0,'current':0.26,'percentage':13},"
            + "'memory':{'total':1000,'current':870,'percentage':87},'storage':{'total':0,'current':5,'percentage':0},"
            + "'healthy':true,'status':'risky'}],'healthy_components':[]},'status':'risky','ports':[9000,6666],"
            + "'desired_pods':1,'actual_pods':1,'hosts':['localhost']}", json.toString().replace('"', '\''));
    }

    @Test
    void shouldBeAsHealthyAsTheWorstOfItsInstances() {
        JsonNode json = SystemComponents.component("memphis", List.of(new SystemComponents.Instance("a", true, Figures.UNKNOWN, "h1"),
            new SystemComponents.Instance("b", false, Figures.UNKNOWN, "h2"),
            new SystemComponents.Instance("c", true, Figures.UNKNOWN, "h1")), List.of());

        assertEquals("unhealthy", json.path("status").asText());
        assertEquals(3, json.path("desired_pods").asInt());
        assertEquals(2, json.path("actual_pods").asInt());
        assertEquals("[\"h1\",\"h2\"]", json.path("hosts").toString());
        assertEquals(List.of("a", "c"), json.path("components").path("healthy_components").findValuesAsText("name"));
    }

    @Test
    void shouldSayThatWhatDoesNotRunIsUnhealthy() {
        JsonNode json = SystemComponents.component("memphis-metadata", "db", false, Figures.UNKNOWN, "db.example",
            List.of(5432));

        assertEquals("unhealthy", json.path("status").asText());
        assertEquals(0, json.path("actual_pods").asInt());
        assertEquals("db", json.path("components").path("unhealthy_components").path(0).path("name").asText());
        assertEquals(false, json.findPath("healthy").asBoolean());
    }
}
