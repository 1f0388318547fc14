package org.memphisee.core.integrations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.control.Authors;
import org.memphisee.core.control.ControlFixture;
import org.memphisee.core.control.FakeSystemLog;
import org.memphisee.core.integrations.Messenger.Answer;
import org.memphisee.core.integrations.Messenger.Outcome;
import org.memphisee.core.integrations.Messenger.Target;
import org.memphisee.core.notices.Alert;
import org.memphisee.core.tiering.FakeObjectStore;
import org.memphisee.core.tiering.ObjectStore;
import org.memphisee.core.tiering.TierFigures;
import org.memphisee.core.time.TimedLoop;
import org.memphisee.support.Await;

class IntegrationsTest {

    private static final String TOKEN = "xoxb-very-secret";
    private static final Map<String, String> KEYS = Map.of("auth_token", TOKEN, "channel_id", "C1");
    private static final Map<String, Boolean> POISON = Map.of("poison_message_alert", true);

    private final FakeSystemLog log = new FakeSystemLog();
    private final BlockingQueue<String> sent = new LinkedBlockingQueue<>();
    private final Queue<Answer> checks = new ArrayDeque<>();
    private final Queue<Answer> answers = new ArrayDeque<>();
    private final Messenger messenger = new Messenger() {
        @Override
        public synchronized CompletableFuture<Answer> check(Target target) {
            return CompletableFuture.completedFuture(checks.isEmpty() ? Answer.DONE : checks.poll());
        }

        @Override
        public synchronized CompletableFuture<Answer> send(Target target, String title, String text, String link) {
            assertEquals(TOKEN, target.token());
            sent.add(target.channel() + '|' + title + '|' + text + '|' + link);
            return CompletableFuture.completedFuture(answers.isEmpty() ? Answer.DONE : answers.poll());
        }
    };
    private final FakeObjectStore objects = new FakeObjectStore();
    private ControlFixture control;
    private TimedLoop loop;
    private Integrations integrations;
    private String host = "";

    @BeforeEach
    void open() throws Exception {
        open(new byte[32], Long.MAX_VALUE / 2);
    }

    private void open(byte[] key, long healthNanos) throws Exception {
        control = new ControlFixture(log, ControlFixture.settings()).start();
        loop = new TimedLoop(control.engine.clock());
        loop.start(control.engine.world(), "background");
        integrations = new Integrations(control.engine, loop, new Integrations.Services(messenger, objects), new SecretBox(key), () -> host,
            () -> TierFigures.NONE, healthNanos);
        get(integrations.start());
    }

    @AfterEach
    void close() {
        loop.close();
        control.close();
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(10, TimeUnit.SECONDS);
    }

    private String sent() throws InterruptedException {
        String next = sent.poll(10, TimeUnit.SECONDS);
        assertTrue(next != null, "nothing was sent");
        return next;
    }


    private interface Asked {
        CompletableFuture<?> ask();
    }

    private static String refusal(Asked asked) {
        Throwable failure = assertThrows(Exception.class, () -> get(asked.ask()));
        return assertInstanceOf(IntegrationRefusal.class, failure instanceof ExecutionException ? failure.getCause() : failure)
            .getMessage();
    }

    private IntegrationView create(Map<String, Boolean> switches) throws Exception {
        IntegrationView made = get(integrations.create(Authors.of("ann"), "slack", KEYS, switches));
        assertEquals("C1|Memphis|Alerts of this broker will come here.|", sent());
        return made;
    }

    private List<String> notes() throws Exception {
        get(integrations.notes("slack")); // behind what was appended
        return get(integrations.notes("slack")).stream().map(IntegrationNote::text).toList();
    }

    @Test
    void shouldTryBeforeItStoresAndShowNoSecret() throws Exception {
        IntegrationView made = create(POISON);
        assertEquals(Map.of("auth_token", "xoxb-****", "channel_id", "C1"), made.keys());
        assertEquals(Map.of("poison_message_alert", true, "schema_validation_fail_alert", false,
            "disconnection_events_alert", false), made.switches());
        assertTrue(made.valid());
        assertEquals(List.of(made), integrations.list());
        for (byte[] event : log.events.values()) {
            assertFalse(new String(event, StandardCharsets.UTF_8).contains("very-secret"));
        }
        assertFalse(control.definitions().events().toString().contains("very-secret"));
        assertEquals(List.of("[INF] Slack integration has been created by user ann"), notes());
    }

    @Test
    void shouldRefuseWhatDoesNotWorkWithItsText() throws Exception {
        assertEquals("must provide auth token for slack integration",
            refusal(() -> integrations.create(Authors.of("ann"), "slack", Map.of("channel_id", "C1"), Map.of())));
        assertEquals("must provide channel ID for slack integration",
            refusal(() -> integrations.create(Authors.of("ann"), "slack", Map.of("auth_token", TOKEN), Map.of())));
        assertEquals("Unsupported integration type - jira", refusal(() -> integrations.create(Authors.of("ann"), "jira", KEYS, Map.of())));
        assertEquals("invalid auth token", refusal(() -> integrations.create(Authors.of("ann"), "slack",
            Map.of("auth_token", "a\r\nX-Injected: 1", "channel_id", "C1"), Map.of())));
        for (String url : List.of("ftp://a", "slack.com", "https://u:p@a/", "https://a/?x", "https://", "http://a b")) {
            assertTrue(refusal(() -> integrations.create(Authors.of("ann"), "slack",
                Map.of("auth_token", TOKEN, "channel_id", "C1", "url", url), Map.of())).startsWith("invalid url"), url);
        }
        checks.add(Answer.of(Outcome.BAD_TOKEN, "invalid_auth"));
        assertEquals("invalid auth token", refusal(() -> integrations.create(Authors.of("ann"), "slack", KEYS, Map.of())));
        answers.add(Answer.of(Outcome.BAD_CHANNEL, "channel_not_found"));
        assertEquals("invalid channel ID", refusal(() -> integrations.create(Authors.of("ann"), "slack", KEYS, Map.of())));
        checks.add(Answer.of(Outcome.FAILED, "no answer in 15 s"));
        assertEquals("Slack could not be reached: no answer in 15 s",
            refusal(() -> integrations.create(Authors.of("ann"), "slack", KEYS, Map.of())));
        assertEquals(0, log.size());
        assertEquals(Optional.empty(), integrations.find("slack"));
        for (Asked asked : List.<Asked>of(() -> integrations.update(Authors.of("ann"), "slack", KEYS, Map.of()),
            () -> integrations.remove(Authors.of("ann"), "slack"), () -> integrations.test("slack"))) {
            assertEquals("slack integration does not exist", refusal(asked));
        }
        create(Map.of());
        assertEquals("slack integration already exists", refusal(() -> integrations.create(Authors.of("ann"), "slack", KEYS, Map.of())));
    }

    @Test
    void shouldSendTheAlertsThatAreWantedAndNoOthers() throws Exception {
        Alert poison = new Alert(Alert.Kind.POISON_MESSAGE, "orders", "group g gave up message 7", "", 42);
        integrations.alert(poison);
        create(POISON);
        assertTrue(integrations.wants(Alert.Kind.POISON_MESSAGE));
        assertFalse(integrations.wants(Alert.Kind.DISCONNECTION));
        integrations.alert(new Alert(Alert.Kind.DISCONNECTION, "", "client c left", "", 0));
        integrations.alert(new Alert(Alert.Kind.SCHEMA_FAILURE, "orders", "x", "", 0));
        host = "ui.example:9000";
        integrations.alert(poison);
        assertEquals("C1|Poison message|Station orders: group g gave up message 7|http://ui.example:9000/stations/orders/42", sent());
        get(integrations.update(Authors.of("ann"), "slack", Map.of("channel_id", "C1", "auth_token", ""),
            Map.of("disconnection_events_alert", true, "unknown", true)));
        integrations.alert(poison);
        integrations.alert(new Alert(Alert.Kind.DISCONNECTION, "", "client c left", "why", 0));
        assertEquals("C1|Disconnection events|client c left\nwhy|", sent());
        assertEquals(List.of("[INF] Slack integration has been changed by user ann",
            "[INF] Slack integration has been created by user ann"), notes());
        Await.until("nothing waits in the queue", () -> integrations.list().get(0).state().waiting() == 0);
        integrations.mute();
        integrations.alert(new Alert(Alert.Kind.DISCONNECTION, "", "all left", "", 0));
        assertEquals(0, integrations.list().get(0).state().waiting());
    }

    @Test
    void shouldKeepTheSecretThatAnUpdateDoesNotName() throws Exception {
        create(POISON);
        for (String token : List.of("", "xoxb-****")) {
            get(integrations.update(Authors.of("ann"), "slack", Map.of("channel_id", "C2", "auth_token", token), POISON));
            if (token.isEmpty()) {
                assertEquals("C2|Memphis|Alerts of this broker will come here.|", sent()); // another channel, so it is tried
            }
        }
        assertEquals(null, sent.poll(), "only switches were changed");
        answers.add(Answer.of(Outcome.BAD_CHANNEL, "x"));
        assertEquals("invalid channel ID", refusal(() -> integrations.update(Authors.of("ann"), "slack", Map.of("channel_id", "C3"), POISON)));
        assertEquals("C2", integrations.list().get(0).keys().get("channel_id"));
    }

    @Test
    void shouldComeBackAfterARestartAndSendNothingOnceRemoved() throws Exception {
        create(POISON);
        close();
        open();
        integrations.alert(new Alert(Alert.Kind.POISON_MESSAGE, "s", "x", "", 0));
        assertEquals("C1|Poison message|Station s: x|", sent());
        get(integrations.remove(Authors.of("bob"), "slack"));
        assertEquals(List.of(), integrations.list());
        assertFalse(integrations.wants(Alert.Kind.POISON_MESSAGE));
        assertEquals("[INF] Slack integration has been removed by user bob", notes().get(0));
        close();
        open();
        assertEquals(List.of(), integrations.list());
        assertEquals(2, notes().size());
    }

    @Test
    void shouldSayThatTheSecretCannotBeReadWithAnotherKey() throws Exception {
        create(POISON);
        close();
        byte[] other = new byte[32];
        other[0] = 1;
        open(other, Long.MAX_VALUE / 2);
        assertFalse(integrations.list().get(0).valid());
        assertFalse(integrations.wants(Alert.Kind.POISON_MESSAGE));
        assertEquals("The stored token cannot be read, enter it again", refusal(() -> integrations.test("slack")));
        assertEquals("must provide auth token for slack integration",
            refusal(() -> integrations.update(Authors.of("ann"), "slack", Map.of("channel_id", "C1"), POISON)));
        get(integrations.update(Authors.of("ann"), "slack", KEYS, POISON));
        assertTrue(integrations.list().get(0).valid());
    }

    /** F-153. */
    @Test
    void shouldNoticeThatCredentialsWereRevokedAndThatTheyAreGoodAgain() throws Exception {
        close();
        open(new byte[32], 1_000_000);
        create(POISON);
        synchronized (messenger) {
            checks.add(Answer.of(Outcome.BAD_TOKEN, "token_revoked"));
        }
        Await.until("the condition of the queue", () -> {
            try {
                return notes().contains("[INF] Slack takes messages again");
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        assertTrue(notes().contains("[ERR] Slack refuses messages: token_revoked"));
        assertTrue(integrations.list().get(0).valid());
    }

    @Test
    void shouldTellWhyATestDidNotArrive() throws Exception {
        create(POISON);
        get(integrations.test("slack"));
        sent();
        answers.add(Answer.of(Outcome.BAD_TOKEN, "account_inactive"));
        assertEquals("invalid auth token", refusal(() -> integrations.test("slack")));
        assertFalse(integrations.list().get(0).valid());
        answers.add(new Answer(Outcome.LIMITED, "x", 1));
        assertEquals("Slack asks us to wait, try again in a minute", refusal(() -> integrations.test("slack")));
    }

    /** F-154. */
    @Test
    void shouldKeepTheLastTwoHundredNotes() throws Exception {
        create(POISON);
        for (int i = 0; i < 300; i++) {
            get(integrations.update(Authors.of("user" + i), "slack", Map.of("channel_id", "C1"), POISON));
        }
        List<String> kept = notes();
        assertEquals(200, kept.size());
        assertEquals("[INF] Slack integration has been changed by user user299", kept.get(0));
        assertEquals(201, control.definitions().events().size());
    }

    private static Map<String, String> bucket(String... changes) {
        Map<String, String> keys = new HashMap<>(Map.of("access_key", "AK", "secret_key", "very-SECRET", "bucket_name", "bucket",
            "region", "eu-central-1", "url", "http://store:9000", "s3_path_style", "true"));
        for (int i = 0; i < changes.length; i += 2) {
            keys.put(changes[i], changes[i + 1]);
        }
        return keys;
    }

    private List<String> bucketNotes() throws Exception {
        get(integrations.notes("s3")); // behind what was appended
        return get(integrations.notes("s3")).stream().map(IntegrationNote::text).toList();
    }

    @Test
    void shouldTryABucketBeforeItIsKeptAndShowNoSecret() throws Exception {
        IntegrationView made = get(integrations.create(Authors.of("ann"), "s3", bucket(), Map.of()));
        assertEquals(Map.of("access_key", "AK", "secret_key", "****CRET", "bucket_name", "bucket", "region", "eu-central-1", "url",
            "http://store:9000", "s3_path_style", "true"), made.keys());
        assertTrue(made.valid());
        assertTrue(objects.objects.isEmpty());
        assertEquals(List.of("very-SECRET"), objects.secrets);
        assertEquals(List.of(made), integrations.list());
        for (byte[] event : log.events.values()) {
            assertFalse(new String(event, StandardCharsets.UTF_8).contains("very-SECRET"));
        }
        assertEquals("s3 integration already exists", refusal(() -> integrations.create(Authors.of("ann"), "s3", bucket(), Map.of())));
        assertEquals(List.of("[INF] S3 integration has been created by user ann"), bucketNotes());
        get(integrations.remove(Authors.of("bob"), "s3"));
        assertEquals(Optional.empty(), integrations.find("s3"));
        assertEquals("s3 integration does not exist", refusal(() -> integrations.remove(Authors.of("bob"), "s3")));
    }

    @Test
    void shouldRefuseBucketsThatDoNotWorkWithTheirTexts() {
        assertEquals("credentials are empty", refusal(() -> integrations.create(Authors.of("ann"), "s3", Map.of(), Map.of())));
        assertEquals("secret key is invalid",
            refusal(() -> integrations.create(Authors.of("ann"), "s3", bucket("secret_key", "a b"), Map.of())));
        for (String name : List.of("", "ab", "A-b", "a/../b", "a..b", "-abc", "a".repeat(64))) {
            assertEquals("invalid bucket name",
                refusal(() -> integrations.create(Authors.of("ann"), "s3", bucket("bucket_name", name), Map.of())), name);
        }
        assertEquals("invalid bucket name or region",
            refusal(() -> integrations.create(Authors.of("ann"), "s3", bucket("region", "x.evil.org/"), Map.of())));
        assertEquals("invalid bucket name or region",
            refusal(() -> integrations.create(Authors.of("ann"), "s3", bucket("region", "", "url", ""), Map.of())));
        assertTrue(refusal(() -> integrations.create(Authors.of("ann"), "s3", bucket("url", "file:///etc"), Map.of()))
            .startsWith("invalid url"));
        Map.of(ObjectStore.Outcome.BAD_CREDENTIALS, "invalid access key or secret key",
            ObjectStore.Outcome.DENIED, "creds should have full access on this bucket", ObjectStore.Outcome.NO_BUCKET, "bucket does not exist",
            ObjectStore.Outcome.OTHER_REGION, "bucket name does not exist in the selected region, it is probably placed in another region",
            ObjectStore.Outcome.FAILED, "The storage could not be reached: why").forEach((outcome, text) -> {
                objects.puts.add(new ObjectStore.Answer(outcome, "why"));
                assertEquals(text, refusal(() -> integrations.create(Authors.of("ann"), "s3", bucket(), Map.of())));
            });
        assertEquals(Optional.empty(), integrations.find("s3"));
    }

    @Test
    void shouldKeepTheSecretKeyThatIsNotGivenAgain() throws Exception {
        get(integrations.create(Authors.of("ann"), "s3", bucket(), Map.of()));
        get(integrations.update(Authors.of("ann"), "s3", bucket("secret_key", "", "bucket_name", "other"), Map.of()));
        get(integrations.update(Authors.of("ann"), "s3", bucket("secret_key", "****CRET", "bucket_name", "third"), Map.of()));
        assertEquals(List.of("very-SECRET", "very-SECRET", "very-SECRET"), objects.secrets);
        assertEquals("third", integrations.bucket().orElseThrow().name());
        objects.puts.add(new ObjectStore.Answer(ObjectStore.Outcome.BAD_CREDENTIALS, "status 403"));
        assertEquals("invalid access key or secret key",
            refusal(() -> integrations.update(Authors.of("ann"), "s3", bucket("secret_key", "wrong-one"), Map.of())));
        assertEquals("third", integrations.bucket().orElseThrow().name());
    }

    @Test
    void shouldFindTheBucketAgainAfterARestartAndNoticeThatItIsRefused() throws Exception {
        get(integrations.create(Authors.of("ann"), "s3", bucket(), Map.of()));
        close();
        objects.always = new ObjectStore.Answer(ObjectStore.Outcome.BAD_CREDENTIALS, "status 403, InvalidAccessKeyId");
        open(new byte[32], 1_000_000);
        assertEquals("very-SECRET", integrations.bucket().orElseThrow().secretKey());
        Await.until("it is refused", () -> !integrations.find("s3").orElseThrow().valid());
        close();
        byte[] other = new byte[32];
        other[0] = 1;
        open(other, Long.MAX_VALUE / 2);
        assertEquals(Optional.empty(), integrations.bucket());
        assertFalse(integrations.find("s3").orElseThrow().valid());
    }
}
