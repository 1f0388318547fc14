package org.memphisee.it.rest.peer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.Nats;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/**
 * Publishes the body of each request to a NATS server by one connection: {@code /stored} into a stream with file storage and
 * answers when that acknowledged, {@code /plain} to the same stream and answers without having heard anything. It checks
 * no token and writes no log.
 */
@WebServlet({"/stored", "/plain"})
public class PeerServlet extends HttpServlet {
    /** Environment variable with the NATS server's URL. */
    public static final String SERVER = "BENCH_NATS_SERVER";

    private static final long serialVersionUID = 1L;
    private static final byte[] DONE = "{\"error\":null,\"success\":true}".getBytes(StandardCharsets.US_ASCII);

    private transient Connection connection;
    private transient JetStream stream;

    @Override
    public void init() throws ServletException {
        try {
            connection = Nats.connect(System.getenv(SERVER));
            connection.jetStreamManagement().addStream(StreamConfiguration.builder().name("bench").subjects("bench")
                    .storageType(StorageType.File).build());
            stream = connection.jetStream();
        } catch (IOException | JetStreamApiException e) {
            throw new ServletException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServletException(e);
        }
    }

    @Override
    public void destroy() {
        try {
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws ServletException, IOException {
        byte[] body = request.getInputStream().readAllBytes();
        if (request.getServletPath().equals("/stored")) {
            try {
                stream.publish("bench", body);
            } catch (JetStreamApiException e) {
                throw new ServletException(e);
            }
        } else {
            connection.publish("bench", body);
        }
        response.setContentType("application/json");
        response.setContentLength(DONE.length);
        response.getOutputStream().write(DONE);
    }
}
