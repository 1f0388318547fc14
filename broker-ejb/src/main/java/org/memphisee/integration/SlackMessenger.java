package org.memphisee.integration;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.integrations.Messenger;

/**
 * Slack's web API, or one like it. Each call is over after {@link #DEADLINE}, whatever the other side does; redirects are not
 * followed, and of an answer no more than {@value #MAX_ANSWER} bytes are taken. Thread-safe.
 */
public final class SlackMessenger implements Messenger, AutoCloseable {

    static final Duration DEADLINE = Duration.ofSeconds(7);

    private static final String SERVICE = "https://slack.com/api";
    private static final String COLOR = "#6557FF";
    private static final int MAX_ANSWER = 64 << 10;
    private static final int THREADS = 2;
    private static final long IDLE_SECONDS = 10;
    private static final long DEFAULT_WAIT_SECONDS = 30;
    private static final Set<String> TOKEN_ERRORS = Set.of("invalid_auth", "not_authed", "account_inactive", "token_revoked",
        "token_expired", "missing_scope", "no_permission", "ekm_access_denied", "org_login_required");
    private static final Set<String> CHANNEL_ERRORS = Set.of("channel_not_found", "not_in_channel", "is_archived",
        "restricted_action", "invalid_channel");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ThreadPoolExecutor executor;
    /** Made when it is first needed: it has a thread and a TLS context, and most brokers send no alerts. */
    private HttpClient client;
    private final AddressPolicy policy;
    private final Duration deadline;

    /**
     * A messenger.
     *
     * @param threads makes its threads, which end when they are idle
     * @param privateAllowed whether addresses that only this machine or its network reaches may be spoken to
     */
    public SlackMessenger(ThreadFactory threads, boolean privateAllowed) {
        this(threads, privateAllowed, DEADLINE);
    }

    SlackMessenger(ThreadFactory threads, boolean privateAllowed, Duration deadline) {
        executor = new ThreadPoolExecutor(THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = threads.newThread(task);
            thread.setName("memphisee-integrations");
            return thread;
        });
        executor.allowCoreThreadTimeOut(true);
        policy = new AddressPolicy(privateAllowed);
        this.deadline = deadline;
    }

    @Override
    public CompletableFuture<Answer> check(Target target) {
        return call(target, "auth.test", JsonNodeFactory.instance.objectNode());
    }

    @Override
    public CompletableFuture<Answer> send(Target target, String title, String text, String link) {
        ObjectNode message = JsonNodeFactory.instance.objectNode().put("channel", target.channel());
        ObjectNode part = message.putArray("attachments").addObject().put("author_name", "Memphis").put("color", COLOR)
            .put("title", escaped(title)).put("text", escaped(text)).put("fallback", escaped(title + ": " + text));
        if (!link.isEmpty()) {
            part.put("title_link", link);
        }
        return call(target, "chat.postMessage", message);
    }

    /** Names and texts of clients must not call a whole channel, or look like a link. */
    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private CompletableFuture<Answer> call(Target target, String method, ObjectNode body) {
        CompletableFuture<Answer> result = new CompletableFuture<>();
        try {
            URI uri = URI.create((target.url().isEmpty() ? SERVICE : target.url().replaceFirst("/+$", "")) + '/' + method);
            HttpRequest request = HttpRequest.newBuilder(uri).timeout(deadline)
                .header("Authorization", "Bearer " + target.token())
                .header("Content-Type", "application/json; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString())).build();
            executor.execute(() -> send(uri, request, result));
        } catch (IllegalArgumentException e) {
            return CompletableFuture.completedFuture(Answer.of(Outcome.BAD_TOKEN, "the token or address has forbidden characters"));
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(Answer.of(Outcome.FAILED, "the broker stops"));
        }
        return result.completeOnTimeout(Answer.of(Outcome.FAILED, "no answer in " + deadline.toSeconds() + " s"),
            deadline.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void send(URI uri, HttpRequest request, CompletableFuture<Answer> result) {
        try {
            policy.check(uri);
            CompletableFuture<HttpResponse<byte[]>> exchange = client().sendAsync(request, info -> new LimitedBody(MAX_ANSWER));
            exchange.whenComplete((response, failure) -> result.complete(response == null ? failed(failure) : read(response)));
            result.whenComplete((answer, failure) -> exchange.cancel(true)); // an answer that drips in is not waited for
        } catch (AddressPolicy.RefusedException e) {
            result.complete(Answer.of(Outcome.FORBIDDEN, e.getMessage()));
        } catch (IOException | RuntimeException e) {
            result.complete(failed(e));
        }
    }

    private synchronized HttpClient client() {
        if (client == null) {
            client = HttpClient.newBuilder().connectTimeout(deadline).followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1).executor(executor).build();
        }
        return client;
    }

    private static Answer failed(Throwable failure) {
        return Answer.of(Outcome.FAILED, CallFailures.reason(failure));
    }

    private static Answer read(HttpResponse<byte[]> response) {
        int status = response.statusCode();
        if (status == 429) {
            return new Answer(Outcome.LIMITED, "too many messages", TimeUnit.SECONDS.toNanos(wait(response)));
        }
        if (status == 401 || status == 403) {
            return Answer.of(Outcome.BAD_TOKEN, "status " + status);
        }
        if (status / 100 != 2) {
            return Answer.of(Outcome.FAILED, "status " + status);
        }
        String error;
        try {
            JsonNode json = JSON.readTree(response.body());
            if (json != null && json.path("ok").asBoolean(false)) {
                return Answer.DONE;
            }
            error = json == null ? "" : json.path("error").asText("");
        } catch (JacksonException e) {
            return Answer.of(Outcome.FAILED, "the answer is not JSON");
        } catch (IOException e) {
            return Answer.of(Outcome.FAILED, "the answer cannot be read");
        }
        String shown = error.matches("[a-z_]{1,64}") ? error : "an unknown error";
        if (error.equals("ratelimited") || error.equals("rate_limited")) {
            return new Answer(Outcome.LIMITED, shown, TimeUnit.SECONDS.toNanos(wait(response)));
        }
        return Answer.of(TOKEN_ERRORS.contains(error) ? Outcome.BAD_TOKEN : CHANNEL_ERRORS.contains(error) ? Outcome.BAD_CHANNEL
            : Outcome.FAILED, shown);
    }

    private static long wait(HttpResponse<byte[]> response) {
        return response.headers().firstValue("Retry-After").filter(text -> text.matches("\\d{1,6}")).map(Long::parseLong)
            .orElse(DEFAULT_WAIT_SECONDS);
    }

    /** Ends its threads; calls that go on are answered as failed. */
    @Override
    public void close() {
        executor.shutdownNow();
    }
}
