package org.memphisee.cli.http;

import java.io.IOException;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

import javax.net.ssl.SSLException;

import org.memphisee.cli.link.Trust;
import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;

/** Asks over HTTP. */
public final class Http {

    private final HttpClient client;
    private final Duration timeout;
    private final Optional<PrintStream> trace;

    /**
     * @param timeoutSeconds limit of one request
     * @param ca certificates to trust instead of the machine's
     * @param trace where each request is told
     */
    public Http(int timeoutSeconds, Optional<Path> ca, Optional<PrintStream> trace) {
        timeout = Duration.ofSeconds(timeoutSeconds);
        this.trace = trace;
        HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(timeout);
        ca.ifPresent(file -> builder.sslContext(Trust.context(ca)));
        client = builder.build();
    }

    /**
     * An answer.
     *
     * @param status HTTP status
     * @param body its text
     */
    public record Answer(int status, String body) { }

    /**
     * Asks, and answers whatever the status.
     *
     * @param body JSON, empty for none
     * @param token of who asks, empty for nobody
     * @throws CliFailure if there is no answer
     */
    public Answer ask(String method, URI uri, String body, String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(timeout)
            .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        String where = uri.getScheme() + "://" + uri.getAuthority();
        try {
            HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
            tell(method + " " + uri + " -> " + response.statusCode());
            return new Answer(response.statusCode(), response.body());
        } catch (ConnectException | HttpConnectTimeoutException e) {
            tell(method + " " + uri + " -> " + e);
            throw new CliFailure(ExitCode.UNREACHABLE, "Nobody answers at " + where
                + ". Does the broker run, and is the address right?");
        } catch (HttpTimeoutException e) {
            throw new CliFailure(ExitCode.UNREACHABLE, "No answer from " + where + " within " + timeout.toSeconds() + " s");
        } catch (SSLException e) {
            throw new CliFailure(ExitCode.UNREACHABLE, "No encrypted connection to " + where + ": " + e.getMessage()
                + "; --tls-ca names the certificates to trust");
        } catch (IOException e) {
            throw new CliFailure(ExitCode.UNREACHABLE, "The connection to " + where + " was lost: "
                + (e.getMessage() == null ? e.toString() : e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliFailure(ExitCode.INTERRUPTED, "Interrupted");
        }
    }

    private void tell(String what) {
        trace.ifPresent(to -> to.println("trace: " + what));
    }
}
