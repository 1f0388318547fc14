package org.memphisee.it.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A connection to the live channel as a page has it. */
final class LiveChannel implements AutoCloseable, WebSocket.Listener {
    private static final long LIMIT_NANOS = Duration.ofSeconds(60).toNanos();

    private final BlockingQueue<JsonNode> frames = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder part = new StringBuilder();
    private final WebSocket socket;

    LiveChannel(DashboardClient client) {
        socket = client.http().newWebSocketBuilder().connectTimeout(Duration.ofSeconds(20))
                .buildAsync(URI.create("ws://" + client.authority() + "/api/v2/live"), this).join();
    }

    /** A connection that has shown its token. */
    static LiveChannel signedIn(DashboardClient client, String token) throws InterruptedException {
        LiveChannel channel = new LiveChannel(client);
        channel.send("{\"op\":\"auth\",\"token\":\"" + token + "\"}");
        channel.await(frame -> frame.path("kind").asText().equals("ready"));
        return channel;
    }

    void send(String frame) {
        socket.sendText(frame, true).join();
    }

    void follow(int id, String topic, String args) {
        send("{\"op\":\"sub\",\"id\":" + id + ",\"topic\":\"" + topic + "\",\"args\":" + args + "}");
    }

    /** The first frame that fits; those before it are passed over. */
    JsonNode await(Predicate<JsonNode> wanted) throws InterruptedException {
        long end = System.nanoTime() + LIMIT_NANOS;
        JsonNode last = null;
        while (System.nanoTime() - end < 0) {
            JsonNode frame = frames.poll(100, TimeUnit.MILLISECONDS);
            if (frame != null && wanted.test(frame)) {
                return frame;
            }
            last = frame == null ? last : frame;
        }
        throw new AssertionError("no such frame, last " + last + ", closed " + closed);
    }

    /** A frame with an id that fits. */
    JsonNode await(int id, Predicate<JsonNode> wanted) throws InterruptedException {
        return await(frame -> frame.path("id").asInt(-1) == id && wanted.test(frame));
    }

    /** Frames that came and were not asked for yet. */
    int waiting() {
        return frames.size();
    }

    /** The code with which the server ends it. */
    int closeCode() throws Exception {
        return closed.get(LIMIT_NANOS, TimeUnit.NANOSECONDS);
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
        part.append(text);
        if (last) {
            try {
                frames.add(DashboardClient.JSON.readTree(part.toString()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            part.setLength(0);
        }
        from.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        closed.complete(code);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable cause) {
        closed.completeExceptionally(cause);
    }

    @Override
    public void close() {
        socket.abort();
    }
}
