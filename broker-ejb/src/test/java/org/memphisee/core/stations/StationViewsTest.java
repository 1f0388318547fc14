package org.memphisee.core.stations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.memphisee.core.control.Authors;
import org.memphisee.core.control.ControlFixture;
import org.memphisee.core.control.FakeSystemLog;
import org.memphisee.core.control.PlaneFixture;

/** Stations made and looked at by people. */
class StationViewsTest {

    private PlaneFixture plane = new PlaneFixture();

    @AfterEach
    void stop() {
        plane.close();
    }

    private static StationOrder order(String name, long replicas, long partitions, String dls, Tag... tags) {
        return new StationOrder(name, "", 0, "", replicas, partitions, 0, true, true, dls, false, List.of(tags));
    }

    private StationView create(StationOrder order) {
        try {
            return plane.plane.memphis().administration().create(Authors.of("root"), order).get(20, TimeUnit.SECONDS);
        } catch (InterruptedException | TimeoutException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private String refusal(StationOrder order) {
        return assertThrows(ExecutionException.class, () -> plane.plane.memphis().administration().create(Authors.of("root"), order)
            .get(20, TimeUnit.SECONDS)).getCause().getMessage();
    }

    private StationOverview overview(String station, int partition) throws Exception {
        return plane.plane.memphis().administration().queries().overview(station, partition).get(20, TimeUnit.SECONDS)
            .orElseThrow();
    }

    private static StationOverview.GroupView group(StationOverview overview, String name) {
        return overview.groups().stream().filter(g -> g.name().equals(name)).findFirst().orElseThrow();
    }

    @Test
    void shouldNameTheStationsWhoseDeadLetterStationItIs() throws Exception {
        create(order("one", 1, 1, "dead"));
        create(order("two", 1, 1, "dead"));
        create(order("three", 1, 1, ""));
        assertEquals(List.of("one", "two"), overview("dead", -1).deadLettersOf());
        assertEquals(List.of(), overview("one", -1).deadLettersOf());
    }

    @Test
    void shouldShowDurablesOfPlainClientsAsGroupsWithoutMembers() throws Exception {
        create(order("s", 1, 2, ""));
        plane.partitions.fake("s$2").put("s$2.final", "", "x");
        assertFalse(plane.js("CONSUMER.DURABLE.CREATE.s$2.plain#one", "{'stream_name':'s$2','config':{"
            + "'durable_name':'plain#one','ack_policy':'explicit','ack_wait':5000000000}}").has("error"));
        plane.js("CONSUMER.CREATE.s$2.passing", "{'stream_name':'s$2','config':{'name':'passing'}}");
        StationOverview all = overview("s", -1);
        assertEquals(List.of("plain.one"), all.groups().stream().map(StationOverview.GroupView::name).toList());
        StationOverview.GroupView plain = group(all, "plain.one");
        assertEquals(List.of(2), plain.partitions());
        assertEquals(5_000, plain.maxAckTimeMillis());
        assertEquals(-1, plain.maxDeliveries());
        assertFalse(plain.active());
        assertEquals(List.of(), overview("s", 1).groups());
    }

    @Test
    void shouldSumUpOnlyThePartitionThatIsAskedFor() throws Exception {
        create(order("s", 1, 2, ""));
        plane.partitions.fake("s$1").put("s$1.final", "", "x");
        plane.partitions.fake("s$2").put("s$2.final", "", "x");
        plane.partitions.fake("s$2").put("s$2.final", "", "x");
        assertEquals(3, overview("s", -1).messages());
        assertEquals(1, overview("s", 1).messages());
        assertEquals(2, overview("s", 2).messages());
        assertEquals(overview("s", -1).bytes(), overview("s", 1).bytes() + overview("s", 2).bytes());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {"~~|unlimited|0|unlimited", "'max_age':60000000000|message_age_sec|60|message_age_sec",
        "'max_age':100000000,'duplicate_window':100000000|message_age_sec|1|message_age_sec",
        "'max_msgs':7,'max_bytes':900|messages|7|messages", "'max_bytes':900|bytes|900|bytes",
        "'max_msgs':7,'max_age':60000000000,'duplicate_window':60000000000|message_age_sec|60|message_age_sec",
        "'retention':'interest','max_age':60000000000|interest|0|ack_based", "'retention':'workqueue'|work_queue|0|ack_based"})
    void shouldShowThePlainStreamsOwnRetention(String limits, String kind, long value, String apiKind) throws Exception {
        plane.js("STREAM.CREATE.PLAIN", "{'name':'PLAIN','subjects':['p.>']" + (limits.isEmpty() ? "" : ',' + limits) + '}');
        StationView view = overview("PLAIN", -1).station();
        assertEquals(new StationRetention(kind, value), view.retention());
        assertEquals(apiKind, view.retention().apiKind());
        assertFalse(view.nativeStation() || view.dlsPoison() || view.dlsSchemaverse());
        assertEquals(List.of(), view.tags());
    }

    @Test
    void shouldKeepColoursOfTagsOverARestart() {
        create(order("s", 1, 1, "", new Tag("billing", "1, 2, 3"), Tag.DEFAULT));
        assertEquals(List.of(new Tag("billing", "1, 2, 3"), Tag.DEFAULT),
            create(order("t", 1, 1, "", new Tag("billing", "9, 9, 9"), Tag.DEFAULT)).tags(), "a tag has one colour");
        FakeSystemLog log = plane.log;
        plane.close();
        plane = new PlaneFixture(log, ControlFixture.settings());
        assertEquals(new Tag("billing", "1, 2, 3"),
            create(order("u", 1, 1, "", new Tag("billing", "8, 8, 8"))).tags().get(0));
    }

    @Test
    void shouldRefuseInTheWordsForPeople() {
        assertEquals("Station can not be created, probably since replicas count is larger than the cluster size",
            refusal(order("s", 3, 1, "")));
        assertEquals("cannot create station with 0 partitions (max:10000 min:1): Station s",
            refusal(order("s", 1, 0, "")));
        assertEquals("cannot create station with 10001 partitions (max:10000 min:1): Station s",
            refusal(order("s", 1, 10_001, "")));
    }
}
