package org.memphisee.core.memphis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.control.Authors;
import org.memphisee.core.control.PlaneFixture;
import org.memphisee.core.stations.StationAdministration;
import org.memphisee.core.stations.StationView;

/** Names that differ in case only: streams of plain clients keep them apart, stations of SDKs do not have them. */
class NamesByCaseTest {

    private static final String DESTROY = "$memphis_station_destructions";

    private final PlaneFixture plane = new PlaneFixture();

    @AfterEach
    void stop() {
        plane.close();
    }

    private void stream(String name, String subject) {
        assertFalse(plane.js("STREAM.CREATE." + name, "{'name':'" + name + "','subjects':['" + subject + "']}").has("error"));
    }

    private void station(String name) {
        assertEquals("", plane.ask("$memphis_station_creations", "{'name':'" + name + "','partitions_number':1}"));
    }

    private void remove(String... names) throws ExecutionException, InterruptedException {
        try {
            administration().remove(Authors.of("root"), List.of(names)).get(20, TimeUnit.SECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private StationAdministration administration() {
        return plane.plane.memphis().administration();
    }

    private StationView find(String name) throws Exception {
        return administration().queries().find(name).get(20, TimeUnit.SECONDS).orElseThrow();
    }

    private String refusal(String... names) {
        return assertThrows(ExecutionException.class, () -> remove(names)).getCause().getMessage();
    }

    @Test
    void shouldRemoveTheStreamWithTheCapitalsThatWereSaid() throws Exception {
        stream("AUD_W1", "a.>");
        stream("aud_w1", "b.>");
        remove("AUD_W1");
        assertEquals(List.of("aud_w1"), plane.partitions.names());
        assertTrue(plane.api.published.contains("$memphis_sdk_clients_updates"));
    }

    @Test
    void shouldRemoveNothingWhenOnlyAnotherCaseIsThere() {
        stream("AUD_W1", "a.>");
        assertEquals("Station aud_w1 does not exist", refusal("aud_w1"));
        assertEquals("Station Aud_W1 does not exist", refusal("Aud_W1"));
        assertEquals("Station aud_w1 does not exist", plane.ask(DESTROY, "{'station_name':'aud_w1'}"));
        assertEquals(List.of("AUD_W1"), plane.partitions.names());
    }

    @Test
    void shouldRemoveThePlainStreamAndKeepTheStationOfTheFoldedName() throws Exception {
        station("aud-same");
        stream("AUD-SAME", "a.>");
        assertFalse(find("AUD-SAME").nativeStation());
        assertTrue(find("aud-same").nativeStation());
        remove("AUD-SAME");
        assertEquals(List.of("aud-same$1"), plane.partitions.names());
    }

    @Test
    void shouldRemoveTheStationAndKeepThePlainStreamOfAnotherCase() throws Exception {
        station("aud-same");
        stream("AUD-SAME", "a.>");
        remove("aud-same");
        assertEquals(List.of("AUD-SAME"), plane.partitions.names());
    }

    @Test
    void shouldRemoveAStationByAnSdkAndKeepPlainStreamsOfItsName() {
        station("same");
        stream("same", "a.>");
        stream("SAME", "b.>");
        assertEquals("", plane.ask(DESTROY, "{'station_name':'same'}"));
        assertEquals(List.of("SAME", "same"), plane.partitions.names());
    }

    @Test
    void shouldRemoveBothWhenBothAreNamed() throws Exception {
        station("same");
        stream("SAME", "b.>");
        stream("other", "c.>");
        remove("SAME", "same", "Same");
        assertEquals(List.of("other"), plane.partitions.names());
    }

    @Test
    void shouldNotListAPlainStreamUnderTheNameOfAStation() throws Exception {
        station("a.b");
        stream("a#b", "a.>");
        stream("A#B", "b.>");
        List<StationView> all = administration().queries().list().get(20, TimeUnit.SECONDS);
        assertEquals(List.of("A.B", "a.b"), all.stream().map(StationView::name).sorted().toList());
        assertTrue(all.stream().filter(v -> v.name().equals("a.b")).allMatch(StationView::nativeStation));
        remove("a.b");
        assertEquals("a.b", find("a.b").name());
        assertFalse(find("a.b").nativeStation());
        assertEquals(List.of("A#B", "a#b"), plane.partitions.names());
    }

    @Test
    void shouldRemoveANativeStationInAnyCase() throws Exception {
        station("My.Station");
        remove("MY.Station");
        assertEquals(List.of(), plane.partitions.names());
    }

    @Test
    void shouldRemoveNoneWhenOneIsMissing() {
        station("a");
        assertEquals("Station b does not exist", refusal("a", "b"));
        assertEquals(List.of("a$1"), plane.partitions.names());
    }

    @Test
    void shouldServeSdksOnTheirOwnStationWhenTwoStreamsAreAlike() {
        stream("Logs", "a.>");
        stream("LOGS", "b.>");
        assertTrue(plane.ask("$memphis_producer_creations", "{'name':'p','station_name':'logs','connection_id':'u',"
            + "'producer_type':'application','req_version':4}").contains("\"partitions_list\":[1]"));
        assertEquals(List.of("LOGS", "Logs", "logs$1"), plane.partitions.names());
    }

    @Test
    void shouldNeitherMakeNorRemoveStreamsInTheNameOfTheBroker() {
        assertTrue(plane.js("STREAM.CREATE.$memphis_x", "{'name':'$memphis_x','subjects':['a.>']}").has("error"));
        assertEquals("Station $memphis_x does not exist", plane.ask(DESTROY, "{'station_name':'$memphis_x'}"));
        assertEquals("Station $memphis_x does not exist", refusal("$memphis_x"));
    }
}
