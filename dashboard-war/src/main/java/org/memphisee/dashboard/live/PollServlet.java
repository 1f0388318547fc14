package org.memphisee.dashboard.live;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.memphisee.dashboard.web.ShortAnswer;

/**
 * The live channel for pages behind something that lets no WebSocket through (dashboard.md 3.4.2): one request asks for
 * what is new since the last one. Request {@code {"topics":[{"id","topic","args","seen"}]}}, answer
 * {@code {"frames":[...]}}, frames as in the channel. Nothing is kept for a page between its requests. The token is in
 * the header {@code Authorization}, pages of other sites do not get here ({@link OriginFilter}).
 */
@WebServlet(urlPatterns = PollServlet.PATH)
public class PollServlet extends HttpServlet {

    static final String PATH = LiveEndpoint.PATH + "/poll";

    private static final long serialVersionUID = 1;
    private static final int MAX_BODY = 16 * 1024;
    private static final String BEARER = "Bearer ";

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("Cache-Control", "no-store");
        if (!request.getMethod().equals("POST")) {
            response.setHeader("Allow", "POST");
            answer(response, HttpServletResponse.SC_METHOD_NOT_ALLOWED, "{\"message\":\"Method not allowed\"}");
            return;
        }
        LiveHub hub = (LiveHub) getServletContext().getAttribute(LiveRegistration.HUB);
        if (!hub.running()) {
            answer(response, HttpServletResponse.SC_SERVICE_UNAVAILABLE, "{\"message\":\"The broker is not open\"}");
            return;
        }
        String header = request.getHeader("Authorization");
        Optional<Viewer.Access> access = header == null || !header.startsWith(BEARER) ? Optional.empty()
            : hub.access(header.substring(BEARER.length()));
        if (access.isEmpty()) {
            answer(response, HttpServletResponse.SC_UNAUTHORIZED, "{\"message\":\"Unauthorized\"}");
            return;
        }
        byte[] body = request.getInputStream().readNBytes(MAX_BODY + 1);
        Optional<List<Subscription>> wanted = body.length > MAX_BODY ? Optional.empty() : wanted(Json.parse(body));
        if (wanted.isEmpty()) {
            answer(response, HttpServletResponse.SC_BAD_REQUEST, "{\"message\":\"Topics or arguments are not known\"}");
            return;
        }
        hub.polled(watched(wanted.get()));
        answer(response, HttpServletResponse.SC_OK, frames(wanted.get(), hub.sample(), access.get()));
    }

    /** Empty when any of it makes no sense. */
    private static Optional<List<Subscription>> wanted(JsonNode body) {
        JsonNode topics = body.path("topics");
        if (!topics.isArray() || topics.size() > Subscription.MOST) {
            return Optional.empty();
        }
        List<Subscription> wanted = new ArrayList<>();
        for (JsonNode topic : topics) {
            Optional<Subscription> subscription = Subscription.of(topic, topic.path("seen").asLong(Board.NOTHING));
            if (subscription.isEmpty()) {
                return Optional.empty();
            }
            wanted.add(subscription.get());
        }
        return Optional.of(wanted);
    }

    private static Set<String> watched(List<Subscription> wanted) {
        return wanted.stream().flatMap(topic -> topic.watchedStation().stream()).collect(Collectors.toSet());
    }

    private static String frames(List<Subscription> wanted, Sample sample, Viewer.Access access) {
        if (sample == null) {
            return "{\"frames\":[]}"; // nobody looked until now: the next request finds something
        }
        long now = System.currentTimeMillis();
        return wanted.stream().flatMap(topic -> topic.frame(sample, access.limit(), now).stream())
            .collect(Collectors.joining(",", "{\"frames\":[", "]}"));
    }

    private static void answer(HttpServletResponse response, int status, String json) throws IOException {
        ShortAnswer.json(response, status, json.getBytes(StandardCharsets.UTF_8));
    }
}
