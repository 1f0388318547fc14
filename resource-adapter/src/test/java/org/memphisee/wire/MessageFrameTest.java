package org.memphisee.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;

class MessageFrameTest {

    private static String frame(String sid, String subject, String reply, String header, String payload) {
        byte[] arguments = ("?" + subject + reply).getBytes(StandardCharsets.US_ASCII);
        byte[] body = ("??" + header + payload).getBytes(StandardCharsets.US_ASCII);
        byte[] to = new byte[200];
        int end = MessageFrame.write(to, 3, sid.getBytes(StandardCharsets.US_ASCII), arguments, 1, subject.length(),
                arguments, 1 + subject.length(), reply.length(), body, 2, header.length(), payload.length());
        assertTrue(end - 3 <= MessageFrame.maxLength(sid.length() + subject.length() + reply.length(),
                header.length(), payload.length()));
        return new String(to, 3, end - 3, StandardCharsets.US_ASCII);
    }

    @Test
    void shouldFrameMessagesWithAndWithoutReply() {
        assertEquals("MSG a.b 12 5\r\nhello\r\n", frame("12", "a.b", "", "", "hello"));
        assertEquals("MSG a.b 12 r.1 0\r\n\r\n", frame("12", "a.b", "r.1", "", ""));
        assertEquals("MSG a 1 100\r\n" + "x".repeat(100) + "\r\n", frame("1", "a", "", "", "x".repeat(100)));
    }

    @Test
    void shouldFrameMessagesWithHeaders() {
        String status = "NATS/1.0 503\r\n\r\n";
        assertEquals("HMSG r 1 16 16\r\n" + status + "\r\n", frame("1", "r", "", status, ""));
        assertEquals("HMSG s 1 r 16 18\r\n" + status + "ok\r\n", frame("1", "s", "r", status, "ok"));
    }
}
