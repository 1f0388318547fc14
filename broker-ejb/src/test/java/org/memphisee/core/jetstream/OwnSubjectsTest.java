package org.memphisee.core.jetstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.memphisee.core.control.Authors;
import org.memphisee.core.control.ChangeResult;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.PlaneFixture;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.partition.PartitionOperations;
import org.memphisee.core.stream.StreamConfig;

/** No stream comes between the broker and those who ask it for something. */
class OwnSubjectsTest {

    private static final String REQUEST = "{'name':'st','retention_type':'message_age_sec','retention_value':3600,"
        + "'storage_type':'file','replicas':1,'idempotency_window_in_ms':120000,'partitions_number':1,'username':'root'}";

    private static final String DESTRUCTION = "$memphis_station_destructions";

    private LiveClient client;

    @BeforeEach
    void start() throws StoreException {
        client = new LiveClient();
    }

    @AfterEach
    void stop() {
        client.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"'subjects':['*']", "'no_ack':true,'subjects':['>']", "'no_ack':true,'subjects':['*','*.>']"})
    void shouldNotStoreRequestsToTheBrokerUnderAnyWildcard(String members) {
        client.done("STREAM.CREATE.ALL", "{'name':'ALL'," + members + "}");
        LiveClient.Message answer = client.request(DESTRUCTION, "{'station_name':'none','username':'root'}");
        assertFalse(answer.payload().contains("\"seq\""), answer.toString());
        client.publish("plain", "", "", "stored");
        PlaneFixture.until(() -> client.js("STREAM.MSG.GET.ALL", "{'last_by_subj':'plain'}").errCode() == 0);
        assertEquals(10037, client.js("STREAM.MSG.GET.ALL", "{'last_by_subj':'" + DESTRUCTION + "'}").errCode());
    }

    @Test
    void shouldKeepAStreamThatAnOlderReleaseAllowedButStoreNothingMoreInIt() throws Exception {
        String own = "$memphis_station_creations";
        define(own);
        assertEquals("", client.request(own, REQUEST).payload(), "a stream answered in the broker's place");
        assertEquals(0, client.done("STREAM.INFO.OLD", "").path("state").path("last_seq").asLong());
        client.done("STREAM.CREATE.OLD", "{'name':'OLD','subjects':['" + own + "','a']}");
        client.done("STREAM.UPDATE.OLD", "{'name':'OLD','subjects':['" + own + "','a'],'max_msgs':7}");
        assertTrue(client.store("a", "", "x").path("seq").asLong() == 1);
        client.done("STREAM.UPDATE.OLD", "{'name':'OLD','subjects':['a']}");
        assertEquals(10052, client.js("STREAM.UPDATE.OLD", "{'name':'OLD','subjects':['a','" + own + "']}").errCode());
        client.done("STREAM.DELETE.OLD", "");
    }

    private void define(String own) throws Exception {
        ControlEngine engine = client.broker().control().engine();
        CompletableFuture<Void> done = new CompletableFuture<>();
        engine.resume(() -> engine.change(Authors.of("root"), new SystemEvent.StreamCreated(engine.allocateId(), new StreamConfig("OLD", "",
            List.of(own, "a"), StreamConfig.Retention.LIMITS, -1, -1, -1, -1, 0, -1, StreamConfig.Discard.OLD, false,
            StreamConfig.Storage.FILE, 1, false, 120_000_000_000L, 0, "none", false, false, false, false, false, false,
            StreamConfig.Republish.NONE, 0, 0, Map.of(), StreamConfig.Durability.ALWAYS, 0, StreamConfig.Placement.NONE),
            1, "root", 0), new ChangeResult() {
                @Override
                public void effective() {
                    done.complete(null);
                }

                @Override
                public void effectiveOn(PartitionOperations partition) {
                    done.complete(null);
                }

                @Override
                public void failed(StoreException cause) {
                    done.completeExceptionally(cause);
                }
            }));
        done.get(10, TimeUnit.SECONDS);
    }
}
