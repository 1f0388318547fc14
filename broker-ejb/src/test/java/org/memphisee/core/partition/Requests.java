package org.memphisee.core.partition;

import java.nio.charset.StandardCharsets;

import org.memphisee.port.PublishRequest;

/** What clients send to partitions, as sessions hand it on. */
final class Requests {

    private static final byte[] REPLY = "reply".getBytes(StandardCharsets.US_ASCII);

    private Requests() { }

    /** A message whose publisher wants an answer; the header block is empty for none. */
    static PublishRequest publish(String subject, byte[] header, byte[] payload) {
        byte[] s = subject.getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[s.length + REPLY.length + header.length + payload.length];
        int body = s.length + REPLY.length;
        System.arraycopy(s, 0, all, 0, s.length);
        System.arraycopy(REPLY, 0, all, s.length, REPLY.length);
        System.arraycopy(header, 0, all, body, header.length);
        System.arraycopy(payload, 0, all, body + header.length, payload.length);
        return new PublishRequest(all, 0, s.length, s.length, REPLY.length, body, header.length, payload.length);
    }

    /** A header block with such fields, name and value in turn; empty when there are none. */
    static byte[] header(String... fields) {
        if (fields.length == 0) {
            return new byte[0];
        }
        StringBuilder block = new StringBuilder("NATS/1.0\r\n");
        for (int i = 0; i < fields.length; i += 2) {
            block.append(fields[i]).append(": ").append(fields[i + 1]).append("\r\n");
        }
        return block.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }
}
