package org.memphisee.integration;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.memphisee.core.tiering.ObjectStore;

/**
 * Amazon S3, or what speaks like it (ADR 0191). Each call is over after {@link #DEADLINE}, whatever the other side does;
 * redirects are not followed, and of an answer no more is taken than asked for. Thread-safe.
 */
public final class S3Client implements ObjectStore, AutoCloseable {

    static final Duration DEADLINE = Duration.ofSeconds(60);

    private static final Duration CONNECT = Duration.ofSeconds(7);
    private static final int THREADS = 2;
    private static final long IDLE_SECONDS = 10;
    private static final int MAX_ANSWER = 1 << 20;
    private static final byte[] NOTHING = {};
    private static final int OK = 2;
    private static final int MOVED = 301;
    private static final int FORBIDDEN_STATUS = 403;
    private static final int MISSING = 404;
    private static final Pattern CODE = Pattern.compile("<Code>([A-Za-z]{1,64})</Code>");
    private static final Pattern KEY = Pattern.compile("<Key>([^<]{1,1024})</Key>");
    private static final Set<String> CREDENTIALS = Set.of("InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken",
        "ExpiredToken",
        "AuthFailure", "InvalidSecurity", "NotSignedUp");
    private static final Set<String> REGIONS = Set.of("PermanentRedirect", "AuthorizationHeaderMalformed",
        "IllegalLocationConstraintException", "InvalidRegion");

    /** Status and what was taken of the answer. */
    private record Reply(Answer answer, byte[] body) { }

    private final ThreadPoolExecutor executor;
    private final AddressPolicy policy;
    private final Duration deadline;
    /** Made when it is first needed: most brokers have no tiered storage. */
    private HttpClient client;

    /**
     * A client.
     *
     * @param threads makes its threads, which end when they are idle
     * @param privateAllowed whether addresses that only this machine or its network reaches may be spoken to
     */
    public S3Client(ThreadFactory threads, boolean privateAllowed) {
        this(threads, privateAllowed, DEADLINE);
    }

    S3Client(ThreadFactory threads, boolean privateAllowed, Duration deadline) {
        executor = new ThreadPoolExecutor(THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = threads.newThread(task);
            thread.setName("memphisee-tiered-storage");
            return thread;
        });
        executor.allowCoreThreadTimeOut(true);
        policy = new AddressPolicy(privateAllowed);
        this.deadline = deadline;
    }

    @Override
    public CompletableFuture<Answer> put(Bucket bucket, String key, byte[] content) {
        return call(bucket, "PUT", key, Map.of(), content, MAX_ANSWER).thenApply(Reply::answer);
    }

    @Override
    public CompletableFuture<Answer> delete(Bucket bucket, String key) {
        return call(bucket, "DELETE", key, Map.of(), NOTHING, MAX_ANSWER).thenApply(Reply::answer)
            .thenApply(answer -> answer.outcome() == Outcome.NO_OBJECT ? Answer.DONE : answer);
    }

    @Override
    public CompletableFuture<Content> get(Bucket bucket, String key, int limit) {
        return call(bucket, "GET", key, Map.of(), NOTHING, limit + 1).thenApply(reply -> {
            if (reply.answer().outcome() != Outcome.DONE) {
                return new Content(reply.answer(), NOTHING);
            }
            return reply.body().length > limit
                ? new Content(new Answer(Outcome.FAILED, "the object has more than " + limit + " bytes"), NOTHING)
                : new Content(reply.answer(), reply.body());
        });
    }

    @Override
    public CompletableFuture<Listing> list(Bucket bucket, String prefix, String after, int most) {
        Map<String, String> query = Map.of("list-type", "2", "prefix", prefix, "start-after", after, "max-keys",
            Integer.toString(most));
        return call(bucket, "GET", "", query, NOTHING, MAX_ANSWER).thenApply(reply -> {
            List<String> keys = new ArrayList<>();
            if (reply.answer().outcome() == Outcome.DONE) {
                Matcher found = KEY.matcher(new String(reply.body(), StandardCharsets.UTF_8));
                while (found.find()) {
                    keys.add(unescaped(found.group(1)));
                }
            }
            return new Listing(reply.answer(), keys);
        });
    }

    private static String unescaped(String xml) {
        return xml.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'").replace("&amp;", "&");
    }

    // ---- calls

    private CompletableFuture<Reply> call(Bucket bucket, String method, String key, Map<String, String> query, byte[] content,
        int limit) {
        CompletableFuture<Reply> result = new CompletableFuture<>();
        try {
            URI uri = uri(bucket, key, query);
            HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(deadline).method(method,
                content.length == 0 && !method.equals("PUT") ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(content));
            SignatureV4.headers(bucket, method, uri, query, content, Instant.now()).forEach(request::header);
            executor.execute(() -> send(uri, request.build(), limit, result));
        } catch (IllegalArgumentException e) {
            return CompletableFuture.completedFuture(failed("the address has forbidden characters"));
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(failed("the broker stops"));
        }
        return result.completeOnTimeout(failed("no answer in " + deadline.toSeconds() + " s"), deadline.toMillis(),
            TimeUnit.MILLISECONDS);
    }

    private static URI uri(Bucket bucket, String key, Map<String, String> query) {
        String base = bucket.url().isEmpty() ? "https://s3." + bucket.region() + ".amazonaws.com"
            : bucket.url().replaceFirst("/+$", "");
        String path = Arrays.stream(key.split("/", -1)).map(SignatureV4::escaped).collect(Collectors.joining("/"));
        String where = bucket.pathStyle() || bucket.name().contains(".") ? base + '/' + bucket.name() + '/' + path
            : base.replaceFirst("://", "://" + bucket.name() + '.') + '/' + path;
        return URI.create(query.isEmpty() ? where : where + '?' + SignatureV4.query(query));
    }

    private void send(URI uri, HttpRequest request, int limit, CompletableFuture<Reply> result) {
        try {
            policy.check(uri);
            CompletableFuture<HttpResponse<byte[]>> exchange = client().sendAsync(request,
                info -> new LimitedBody(info.statusCode() / 100 == OK ? limit : MAX_ANSWER));
            Function<Throwable, Reply> lost = failure -> failed(CallFailures.reason(failure));
            exchange.whenComplete((response, failure) -> result.complete(response == null ? lost.apply(failure)
                : read(response)));
            result.whenComplete((answer, failure) -> exchange.cancel(true)); // an answer that drips in is not waited for
        } catch (AddressPolicy.RefusedException e) {
            result.complete(new Reply(new Answer(Outcome.FORBIDDEN, e.getMessage()), NOTHING));
        } catch (IOException | RuntimeException e) {
            result.complete(failed(CallFailures.reason(e)));
        }
    }

    private synchronized HttpClient client() {
        if (client == null) {
            client = HttpClient.newBuilder().connectTimeout(CONNECT).followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1).executor(executor).build();
        }
        return client;
    }

    private static Reply failed(String reason) {
        return new Reply(new Answer(Outcome.FAILED, reason), NOTHING);
    }

    private static Reply read(HttpResponse<byte[]> response) {
        if (response.statusCode() / 100 == OK) {
            return new Reply(Answer.DONE, response.body());
        }
        Matcher found = CODE.matcher(new String(response.body(), StandardCharsets.UTF_8));
        String code = found.find() ? found.group(1) : "";
        String reason = "status " + response.statusCode() + (code.isEmpty() ? "" : ", " + code);
        return new Reply(new Answer(outcome(response.statusCode(), code), reason), NOTHING);
    }

    private static Outcome outcome(int status, String code) {
        if (CREDENTIALS.contains(code)) {
            return Outcome.BAD_CREDENTIALS;
        }
        if (REGIONS.contains(code) || status == MOVED) {
            return Outcome.OTHER_REGION;
        }
        return switch (code) {
            case "NoSuchBucket" -> Outcome.NO_BUCKET;
            case "InvalidBucketName" -> Outcome.BAD_BUCKET;
            case "RequestTimeTooSkewed" -> Outcome.FAILED; // one of the clocks is wrong, the credentials may be right
            default -> status == FORBIDDEN_STATUS ? Outcome.DENIED : status == MISSING ? Outcome.NO_OBJECT : Outcome.FAILED;
        };
    }

    /** Ends its threads; calls that go on are answered as failed. */
    @Override
    public void close() {
        executor.shutdownNow();
    }
}
