package org.memphisee.core.stations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.api.Author;
import org.memphisee.core.control.ControlFixture;
import org.memphisee.core.control.FakeApi;
import org.memphisee.core.control.FakeSystemLog;
import org.memphisee.core.control.PlaneFixture;

class StationGrowthTest {

    private PlaneFixture plane = new PlaneFixture();

    @AfterEach
    void stop() {
        plane.close();
    }

    private StationAdministration administration() {
        return plane.plane.memphis().administration();
    }

    private void create(String name, int partitions) {
        assertEquals("", plane.ask("$memphis_station_creations", "{'name':'" + name + "','partitions_number':" + partitions
            + "}"));
    }

    private CompletableFuture<StationView> grow(String name, long partitions, boolean known) {
        return administration().grow(Author.named("root"), name, partitions, known);
    }

    private static String refusal(CompletableFuture<?> asked) {
        return assertThrows(ExecutionException.class, () -> asked.get(20, TimeUnit.SECONDS)).getCause().getMessage();
    }

    @Test
    void shouldShareTheIdsFirstAndPutGroupsOnTheNewPartitions() {
        create("s", 1);
        plane.plane.connectionOpened("uuid-1");
        plane.ask("$memphis_consumer_creations", "{'name':'c','station_name':'s','connection_id':'uuid-1',"
            + "'consumer_type':'application','consumers_group':'g','max_ack_time_ms':30000,'max_msg_deliveries':3,"
            + "'start_consume_from_sequence':500,'last_messages':-1,'req_version':4,'username':'root'}");
        plane.partitions.order.clear();
        assertEquals(List.of(1, 2, 3), FakeApi.await(grow("S", 3, true)).partitions());
        assertEquals(List.of("share s$1", "s$2", "s$3"), plane.partitions.order);
        for (int restarts = 0; restarts < 2; restarts++) {
            assertEquals(List.of("s$1", "s$2", "s$3"), plane.partitions.names());
            assertEquals(List.of("s$3.>"), plane.partitions.fake("s$3").config().subjects());
            assertEquals(500, plane.partitions.fake("s$1").starts.get("g"));
            assertEquals(1, plane.partitions.fake("s$3").starts.get("g"));
            assertEquals(List.of("s$3.final"), plane.partitions.fake("s$3").consumers.get("g").config().filterSubjects());
            FakeSystemLog log = plane.log;
            plane.close();
            plane = new PlaneFixture(log, ControlFixture.settings().withSnapshots(1, 1));
            plane.ask("$memphis_station_creations", "{'name':'t','partitions_number':1}"); // which makes a snapshot
            plane.ask("$memphis_station_destructions", "{'station_name':'t'}");
        }
    }

    @Test
    void shouldTellNewProducersOfAllPartitions() {
        create("s", 2);
        FakeApi.await(grow("s", 4, true));
        plane.plane.connectionOpened("uuid-1");
        String answer = plane.ask("$memphis_producer_creations", "{'name':'p','station_name':'s','connection_id':'uuid-1',"
            + "'producer_type':'application','req_version':4,'username':'root','app_id':'a','sdk_lang':'go'}");
        assertTrue(answer.contains("\"partitions_list\":[1,2,3,4]"), answer);
    }

    @Test
    void shouldNotGrowUnlessTheChangeOfKeysIsKnown() {
        create("s", 2);
        int before = plane.log.size();
        assertTrue(refusal(grow("s", 3, false)).startsWith("Messages with a partition key go to other partitions"));
        assertEquals("Station s has 2 partitions, and none can be taken away", refusal(grow("s", 2, true)));
        assertEquals("Station s can not have 10001 partitions (max:10000)", refusal(grow("s", 10_001, true)));
        assertEquals("Station nowhere does not exist", refusal(grow("nowhere", 3, true)));
        plane.js("STREAM.CREATE.PLAIN", "{'name':'PLAIN','subjects':['p']}");
        assertEquals("Station PLAIN is a stream of a plain client, which has no partitions", refusal(grow("PLAIN", 3, true)));
        assertEquals(before + 1, plane.log.size());
    }

    @Test
    void shouldRefuseNamesAndSubjectsThatAreTaken() {
        create("s", 1);
        plane.js("STREAM.CREATE.s$2", "{'name':'s$2','subjects':['x']}");
        assertEquals("stream name already in use with a different configuration (10058)", refusal(grow("s", 2, true)));
        plane.js("STREAM.DELETE.s$2", "");
        plane.js("STREAM.CREATE.OTHER", "{'name':'OTHER','subjects':['s$2.x']}");
        assertEquals("subjects overlap with an existing stream (10065)", refusal(grow("s", 2, true)));
    }
}
