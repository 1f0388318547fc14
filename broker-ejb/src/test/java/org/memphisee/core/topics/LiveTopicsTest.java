package org.memphisee.core.topics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.memphisee.core.api.ClientIdentity;
import org.memphisee.core.control.FakeApi;
import org.memphisee.core.time.TestClock;

/** W-00, W-12 and what management-api.md 14.2 says of registrations. */
class LiveTopicsTest {

    private static final ClientIdentity DASHBOARD = new ClientIdentity("$memphis_user", "", "nats.ws", "$memphis");
    private static final ClientIdentity APP = new ClientIdentity("app", "", "go", "$memphis");
    private static final String ASKED = "$memphis_ws_subs.";
    private static final String TOLD = "$memphis_ws_pubs.stations.memphis-0";
    private static final long SECOND = 1_000_000_000L;

    private final FakeApi api = new FakeApi();
    private final TestClock clock = new TestClock();
    private final LiveTopics topics = new LiveTopics("memphis-0", client -> client != APP, api, () -> 1000, clock);
    private boolean gone;
    private boolean broken;

    @BeforeEach
    void bind() {
        topics.bind(api);
        topics.show(new TopicSource() {
            @Override
            public boolean known(String topic) {
                return !topic.startsWith("unknown");
            }

            @Override
            public Optional<byte[]> now(String topic, int maxBytes) {
                if (broken) {
                    throw new IllegalStateException("the source is broken, as the test wants it");
                }
                return gone ? Optional.empty() : Optional.of((topic + maxBytes).getBytes(StandardCharsets.UTF_8));
            }
        });
    }

    private void seconds(int count) {
        for (int i = 0; i < count; i++) {
            clock.now += SECOND;
            topics.look();
        }
    }

    private void ask(String topic, String payload) {
        assertEquals("{\"name\":\"memphis-0\"}", api.ask(DASHBOARD, ASKED + topic, payload).payload());
    }

    @Test
    void shouldTellAtOnceAndThenEachTwentySeconds() {
        ask("stations", "SUB");
        seconds(1);
        assertEquals(List.of("stations1000"), api.textsOf(TOLD));
        seconds(19);
        assertEquals(1, api.published.size());
        seconds(41);
        assertEquals(List.of(TOLD, TOLD, TOLD, TOLD), api.published);
    }

    @Test
    void shouldStopWhenNobodyListensAndForgetAfterAMinute() {
        ask("stations", "SUB");
        seconds(21);
        int before = api.published.size();
        api.deaf = true;
        seconds(59);
        assertEquals(1, topics.followed());
        seconds(1);
        assertEquals(0, topics.followed());
        api.deaf = false;
        seconds(100);
        assertEquals(before, api.published.size(), "nothing comes any more, 80 s after the last unsubscribed");
    }

    /** The race of the reference: who subscribes late was forgotten. */
    @Test
    void shouldWaitForTheSubscription() {
        api.deaf = true;
        ask("stations", "SUB");
        seconds(50);
        api.deaf = false;
        seconds(1);
        assertEquals(List.of(TOLD), api.published);
    }

    @Test
    void shouldShareATopicAmongAllWhoFollowIt() {
        ask("stations", "SUB");
        ask("stations", "SUB");
        ask("stations", "whatever");
        seconds(1);
        assertEquals(List.of(TOLD), api.published);
        assertEquals(1, topics.followed());
    }

    @ParameterizedTest
    @ValueSource(strings = {"unknown", "unknown.a.b"})
    void shouldNotAnswerForTopicsThatAreNone(String topic) {
        CompletableFuture<FakeApi.Answer> answer = api.send(DASHBOARD, ASKED + topic, "SUB");
        assertFalse(answer.isDone());
        assertFalse(api.send(DASHBOARD, ASKED + "s".repeat(LiveTopics.MAX_LENGTH + 1), "SUB").isDone());
        assertEquals(0, topics.followed());
    }

    @Test
    void shouldNotServeApplications() {
        assertEquals(FakeApi.NOBODY, api.ask(APP, ASKED + "stations", "SUB").header());
        assertEquals(0, topics.followed());
    }

    @Test
    void shouldFollowNoMoreThanABoundedNumber() {
        for (int i = 0; i < LiveTopics.MOST_TOPICS; i++) {
            ask("t" + i, "SUB");
        }
        assertFalse(api.send(DASHBOARD, ASKED + "more", "SUB").isDone());
        ask("t0", "SUB");
        api.deaf = true;
        seconds(61);
        ask("more", "SUB");
    }

    @Test
    void shouldForgetWhatIsGoneAndWhatBreaks() {
        gone = true;
        ask("stations", "SUB");
        seconds(1);
        assertEquals(0, topics.followed());
        broken = true;
        ask("stations", "SUB");
        seconds(1);
        assertEquals(0, topics.followed());
        assertEquals(List.of(), api.published);
    }

    @Test
    void shouldSayNothingWhenNothingIsShownAnyMore() {
        ask("stations", "SUB");
        topics.show(null);
        seconds(1);
        assertFalse(api.send(DASHBOARD, ASKED + "stations", "SUB").isDone());
        assertEquals(List.of(), api.published);
    }
}
