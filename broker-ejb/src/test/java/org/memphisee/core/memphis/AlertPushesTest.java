package org.memphisee.core.memphis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.core.memphis.SdkRequests.PRODUCERS;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.control.Authors;
import org.memphisee.core.control.ControlFixture;
import org.memphisee.core.control.FakeApi;
import org.memphisee.core.control.FakeSystemLog;
import org.memphisee.core.control.PlaneFixture;
import org.memphisee.core.integrations.Integrations;
import org.memphisee.core.integrations.Messenger;
import org.memphisee.core.integrations.SecretBox;
import org.memphisee.core.tiering.FakeObjectStore;

/** Whether SDKs are to tell of messages that broke their schema. */
class AlertPushesTest {

    private static final String UPDATES = "$memphis_sdk_clients_updates";
    private static final Map<String, String> KEYS = Map.of("auth_token", "xoxb-1", "channel_id", "C1");

    private final Messenger messenger = new Messenger() {
        @Override
        public CompletableFuture<Answer> check(Target target) {
            return CompletableFuture.completedFuture(Answer.DONE);
        }

        @Override
        public CompletableFuture<Answer> send(Target target, String title, String text, String link) {
            return CompletableFuture.completedFuture(Answer.DONE);
        }
    };
    private final FakeSystemLog log = new FakeSystemLog();
    private PlaneFixture plane = new PlaneFixture(log, ControlFixture.settings());

    @AfterEach
    void stop() {
        plane.close();
    }

    private Integrations integrate() {
        return FakeApi.await(plane.plane.integrate(new Integrations.Services(messenger, new FakeObjectStore()),
            new SecretBox(new byte[32]), 1 << 20));
    }

    private boolean told() {
        return plane.ask(PlaneFixture.SDK, PRODUCERS, "{'name':'p','station_name':'s','producer_type':'application',"
            + "'connection_id':'uuid-1','req_version':4}").json().get("send_notification").asBoolean();
    }

    private List<String> pushes() {
        return plane.api.textsOf(UPDATES);
    }

    @Test
    void shouldTellNewProducersAndThoseThatAreThereWhileAnIntegrationSendsSuchAlerts() {
        Integrations integrations = integrate();
        assertFalse(told());
        FakeApi.await(integrations.create(Authors.of("root"), "slack", KEYS, Map.of("poison_message_alert", true)));
        assertFalse(told());
        assertEquals(List.of(), pushes());
        Map<String, Boolean> on = Map.of("schema_validation_fail_alert", true);
        FakeApi.await(integrations.update(Authors.of("root"), "slack", KEYS, on));
        assertTrue(told());
        FakeApi.await(integrations.update(Authors.of("root"), "slack", KEYS, on));
        FakeApi.await(integrations.remove(Authors.of("root"), "slack"));
        assertFalse(told());
        assertEquals(List.of("{\"station_name\":\"\",\"type\":\"send_notification\",\"update\":true}",
            "{\"station_name\":\"\",\"type\":\"send_notification\",\"update\":false}"), pushes());
    }

    @Test
    void shouldKnowItAgainAfterARestart() {
        FakeApi.await(integrate().create(Authors.of("root"), "slack", KEYS, Map.of("schema_validation_fail_alert", true)));
        plane.close();
        plane = new PlaneFixture(log, ControlFixture.settings());
        integrate();
        assertTrue(told());
    }
}
