package org.memphisee.dashboard.live;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One page that looks at the broker. At most one frame is under way to it; when that has left, the next is made of what
 * changed since. Thread-safe.
 */
final class Viewer {

    /** How frames leave and the connection ends. */
    interface Wire {
        /** Sends a frame; tells afterwards, on any thread, whether that succeeded. */
        void send(String text, Consumer<Boolean> sent);

        void close(int code, String reason);

        /** The other side has proven who it is: it may be silent for longer now. */
        void accepted();
    }

    /**
     * What somebody may see.
     *
     * @param user name
     * @param limit whether rows with a key may be seen; empty when all may
     */
    record Access(String user, Optional<Predicate<String>> limit) { }

    /** What is looked at, and who may. */
    interface Source {
        /** Whether the broker runs. */
        boolean running();

        /** Whose access token this is, and what that user may see now; empty when it is worth nothing (any more). */
        Optional<Access> access(String token);

        /** The last look; null when there was none lately. */
        Sample sample();

        /** Somebody follows a topic from now on. */
        void followed();

        /** A viewer is gone. */
        void remove(Viewer viewer);
    }

    /** Close code: the token is missing or worth nothing (any more). */
    static final int UNAUTHORIZED = 4401;
    /** Close code: the frames make no sense or are too many. */
    static final int BAD_REQUEST = 4400;
    /** Close code: not now. */
    static final int TRY_LATER = 1013;

    private static final int MAX_ANSWERS = 64;
    private static final long HEARTBEAT_MILLIS = 10_000;

    private final Source source;
    private final Wire wire;
    private final Map<Integer, Subscription> subscriptions = new LinkedHashMap<>();
    private final Deque<String> answers = new ArrayDeque<>();
    private String token;
    private Access access;
    private boolean sending;
    private boolean closed;
    private long sentMillis = System.currentTimeMillis();

    Viewer(Source source, Wire wire) {
        this.source = source;
        this.wire = wire;
    }

    // ---- what the page says

    /** A frame came. */
    void receive(String text) {
        JsonNode frame = Json.parse(text);
        String operation = frame.path("op").asText("");
        if (operation.equals("auth")) {
            authenticate(frame.path("token").asText(""));
            return;
        }
        if (!authenticated()) {
            end(UNAUTHORIZED, "the first frame has to carry an access token");
            return;
        }
        switch (operation) {
            case "sub" -> subscribe(frame);
            case "unsub" -> unsubscribe(frame.path("id").asInt(-1));
            case "ping" -> answer("{\"kind\":\"pong\",\"at\":" + System.currentTimeMillis() + "}");
            default -> end(BAD_REQUEST, "unknown operation");
        }
    }

    private synchronized boolean authenticated() {
        return access != null;
    }

    private void authenticate(String offered) {
        if (!source.running()) {
            end(TRY_LATER, "the broker is starting");
            return;
        }
        Access found = source.access(offered).orElse(null);
        boolean accepted;
        synchronized (this) { // a connection stays with its user
            accepted = found != null && !closed && (access == null || access.user().equals(found.user()));
            if (accepted) {
                token = offered;
                access = found;
            }
        }
        if (!accepted) {
            end(UNAUTHORIZED, "the access token is not valid");
            return;
        }
        wire.accepted();
        answer("{\"kind\":\"ready\",\"at\":" + System.currentTimeMillis() + "}");
    }

    private void subscribe(JsonNode frame) {
        Subscription wanted = Subscription.of(frame, Board.NOTHING).orElse(null);
        if (wanted == null) {
            refuse(frame.path("id").asInt(-1), "unknown topic or arguments");
            return;
        }
        synchronized (this) {
            if (subscriptions.size() >= Subscription.MOST && !subscriptions.containsKey(wanted.id())) {
                refuse(wanted.id(), "at most " + Subscription.MOST + " subscriptions");
                return;
            }
            subscriptions.put(wanted.id(), wanted);
        }
        source.followed();
        push();
    }

    private synchronized void unsubscribe(int id) {
        subscriptions.remove(id);
    }

    private void refuse(int id, String why) {
        answer("{\"id\":" + id + ",\"kind\":\"error\",\"data\":{\"message\":" + Json.text(why) + "}}");
    }

    private void answer(String frame) {
        boolean tooMany;
        synchronized (this) {
            answers.add(frame);
            tooMany = answers.size() > MAX_ANSWERS;
        }
        if (tooMany) {
            end(BAD_REQUEST, "more questions than answers are read");
        } else {
            push();
        }
    }

    // ---- what the hub says

    /** Whether it follows any topic. */
    synchronized boolean follows() {
        return !closed && !subscriptions.isEmpty();
    }

    /** Stations whose groups it follows. */
    synchronized Set<String> watchedStations() {
        return subscriptions.values().stream().flatMap(s -> s.watchedStation().stream()).collect(Collectors.toSet());
    }

    /** Once a second: the token may have expired or lost its user, the user may have got other permissions. */
    void check() {
        String held;
        synchronized (this) {
            held = token;
        }
        if (held == null) {
            return;
        }
        if (!source.running()) {
            end(TRY_LATER, "the broker is stopping");
            return;
        }
        source.access(held).ifPresentOrElse(now -> {
            synchronized (this) {
                access = now;
            }
        }, () -> end(UNAUTHORIZED, "the access token is not valid any more"));
    }

    /** Sends what is due, unless a frame is still under way. */
    void push() {
        String text;
        synchronized (this) {
            if (sending || closed) {
                return;
            }
            text = next();
            if (text == null) {
                return;
            }
            sending = true;
            sentMillis = System.currentTimeMillis();
        }
        wire.send(text, sent -> {
            synchronized (this) {
                sending = false;
            }
            if (sent) {
                push();
            } else {
                end(TRY_LATER, "frames cannot be sent");
            }
        });
    }

    private String next() {
        if (!answers.isEmpty()) {
            return answers.remove();
        }
        Sample sample = source.sample();
        long now = System.currentTimeMillis();
        if (sample != null && access != null) {
            for (Subscription subscription : subscriptions.values()) {
                Optional<String> frame = subscription.frame(sample, access.limit(), now);
                if (frame.isPresent()) {
                    return frame.get();
                }
            }
        }
        return access != null && now - sentMillis >= HEARTBEAT_MILLIS
            ? "{\"kind\":\"heartbeat\",\"at\":" + now + "}" : null;
    }

    // ---- the end

    /** The connection is gone. */
    void gone() {
        synchronized (this) {
            closed = true;
            subscriptions.clear();
            answers.clear();
            token = null;
        }
        source.remove(this);
    }

    private void end(int code, String reason) {
        synchronized (this) {
            if (closed) {
                return;
            }
        }
        gone();
        wire.close(code, reason);
    }
}
