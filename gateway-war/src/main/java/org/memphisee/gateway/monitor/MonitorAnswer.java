package org.memphisee.gateway.monitor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import jakarta.servlet.http.HttpServletResponse;

/** Writes answers that fit into memory, with their length; browsers take them for nothing but what they say they are. */
public final class MonitorAnswer {

    private MonitorAnswer() { }

    /** A line for people. */
    public static void text(HttpServletResponse response, int status, String text) throws IOException {
        send(response, status, "text/plain;charset=UTF-8", text.getBytes(StandardCharsets.UTF_8));
    }

    /** Any content. */
    public static void send(HttpServletResponse response, int status, String type, byte[] body) throws IOException {
        response.setStatus(status);
        response.setContentType(type);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
