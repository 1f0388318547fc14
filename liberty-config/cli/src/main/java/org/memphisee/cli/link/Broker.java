package org.memphisee.cli.link;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;
import org.memphisee.cli.context.Target;
import org.memphisee.client.AccessRefusedException;
import org.memphisee.client.BrokerAddress;
import org.memphisee.client.BrokerSession;
import org.memphisee.client.Credentials;
import org.memphisee.client.Publisher;
import org.memphisee.client.SessionSettings;
import org.memphisee.client.StationNames;
import org.memphisee.ra.api.BrokerException;
import org.memphisee.ra.api.BrokerUnavailableException;

/** Sessions with the target's port of clients, and what is asked there. Any thread. */
public final class Broker implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final long PING_MILLIS = 10_000;
    private static final long IN_FLIGHT_BYTES = 16 << 20;
    private static final int VERSION = 4;

    private final SocketDialer dialer;
    private final Target target;
    private final int timeoutSeconds;
    private final List<BrokerSession> sessions = new ArrayList<>();
    private Credentials credentials;

    public Broker(Target target, int timeoutSeconds) {
        this.target = target;
        this.timeoutSeconds = timeoutSeconds;
        dialer = new SocketDialer(timeoutSeconds * 1000, target.tlsCa());
    }

    /** As somebody else than the target says. */
    public Broker(Target target, Credentials credentials, int timeoutSeconds) {
        this(target, timeoutSeconds);
        this.credentials = credentials;
    }

    /** A new session, which ends with this object at the latest. */
    public BrokerSession open() {
        return open(why -> { });
    }

    /** As {@link #open()}, and tells why it ended if the broker or the network did it. */
    public synchronized BrokerSession open(Consumer<String> whenClosed) {
        if (credentials == null) {
            credentials = target.token().map(token -> new Credentials(target.user(), "", token))
                .orElseGet(() -> new Credentials(target.user(), target.password(), ""));
        }
        long millis = timeoutSeconds * 1000L;
        BrokerSession session = await(BrokerSession.open(dialer,
            new BrokerAddress(target.host(), target.clientPort(), target.tls()),
            credentials, new SessionSettings(millis, millis, PING_MILLIS, IN_FLIGHT_BYTES), whenClosed));
        sessions.add(session);
        return session;
    }

    /** The result, or the failure with the code of its kind. */
    public <T> T await(CompletableFuture<T> future) {
        try {
            return Publisher.await(future, 2000L * timeoutSeconds);
        } catch (AccessRefusedException e) {
            throw credentials == null || credentials.proof().isEmpty() ? failure(e) : new CliFailure(ExitCode.NOT_ALLOWED, "The server at "
                + target.host() + " refuses key " + credentials.proof().get().publicKey() + ": none of its users has it, or it was revoked");
        } catch (BrokerException e) {
            throw failure(e);
        }
    }

    /** What an exception of the client means for whoever called us. */
    public static CliFailure failure(BrokerException e) {
        if (e instanceof AccessRefusedException) {
            return new CliFailure(ExitCode.NOT_ALLOWED, e.getMessage()
                + ". Users of type management cannot connect as clients");
        }
        return e instanceof BrokerUnavailableException ? new CliFailure(ExitCode.UNREACHABLE, e.getMessage())
            : CliFailure.refused(e.getMessage());
    }

    /**
     * Asks the JetStream API.
     *
     * @param body JSON, empty for none
     * @return the answer, without error
     */
    public JsonNode request(BrokerSession session, String subject, String body) {
        JsonNode answer = ask(session, subject, body);
        JsonNode error = answer.path("error");
        String text = error.isTextual() ? error.asText() : error.path("description").asText(""); // of SDKs, of JetStream
        if (!text.isEmpty()) {
            throw CliFailure.refused(text);
        }
        return answer;
    }

    /** As {@link #request}, with an error as an answer. */
    public JsonNode ask(BrokerSession session, String subject, String body) {
        byte[] bytes = await(session.request(subject, body.getBytes(StandardCharsets.UTF_8)));
        try {
            JsonNode answer = JSON.readTree(bytes);
            if (answer != null && answer.isObject()) {
                return answer;
            }
        } catch (IOException e) {
            // said below
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        throw text.isEmpty() ? new CliFailure(ExitCode.REFUSED, "The broker's answer is not understood")
            : CliFailure.refused(text);
    }

    /**
     * The streams behind a station that is there, one for each partition; of a plain client's stream itself. Ends with "not found"
     * if there is none.
     */
    public List<String> streamsOf(BrokerSession session, String station) {
        Pattern partition = Pattern.compile(Pattern.quote(StationNames.internal(station)) + "(\\$\\d+)?");
        List<String> streams = new ArrayList<>();
        int offset = 0;
        int total = 1;
        while (offset < total) {
            JsonNode answer = request(session, "$JS.API.STREAM.NAMES", "{\"offset\":" + offset + "}");
            answer.path("streams").forEach(name -> {
                if (name.asText().equals(station) || partition.matcher(name.asText()).matches()) {
                    streams.add(name.asText());
                }
            });
            total = answer.path("total").asInt();
            offset += Math.max(1, answer.path("streams").size());
        }
        if (streams.isEmpty()) {
            throw CliFailure.notFound("Station " + station + " does not exist");
        }
        return streams;
    }

    /**
     * The streams behind a station, one for each partition; the station is made with the defaults of SDKs if it is not there.
     *
     * @param producer name under which the broker shows us
     */
    public List<String> streamsFor(BrokerSession session, String station, String producer) {
        JsonNode answer = request(session, "$memphis_producer_creations", JsonNodeFactory.instance.objectNode()
            .put("name", producer).put("station_name", station).put("connection_id", session.connectionId())
            .put("producer_type", "application").put("req_version", VERSION).put("username", session.user())
            .put("app_id", session.connectionId()).put("sdk_lang", "java").toString());
        List<String> streams = new ArrayList<>();
        answer.path("partitions_update").path("partitions_list")
            .forEach(number -> streams.add(StationNames.stream(station, number.asInt())));
        return streams.isEmpty() ? List.of(StationNames.stream(station, 0)) : streams;
    }

    @Override
    public synchronized void close() {
        sessions.forEach(BrokerSession::close);
        dialer.close();
    }
}
