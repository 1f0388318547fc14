package org.memphisee.cluster.data;

import java.nio.charset.StandardCharsets;

import org.memphisee.port.PublishRequest;

/** What clients send, as sessions hand it on. */
final class Requests {

    private Requests() { }

    /** A message whose publisher wants an answer; an empty id for none. */
    static PublishRequest publish(String subject, String id, String payload) {
        String header = id.isEmpty() ? "" : "NATS/1.0\r\nNats-Msg-Id: " + id + "\r\n\r\n";
        return of(subject, "reply", header, payload);
    }

    /** The acknowledgement of a delivery. */
    static PublishRequest acknowledge(String ackSubject) {
        return of(ackSubject, "", "", "+ACK");
    }

    /** A pull of the consumer, whose name is the subject. */
    static PublishRequest pull(String consumer, int batch) {
        return of(consumer, "", "", "{\"batch\":" + batch + ",\"no_wait\":true}");
    }

    private static PublishRequest of(String subject, String reply, String header, String payload) {
        byte[] all = (subject + reply + header + payload).getBytes(StandardCharsets.US_ASCII);
        int body = subject.length() + reply.length();
        return new PublishRequest(all, 0, subject.length(), subject.length(), reply.length(), body, header.length(),
            payload.length());
    }
}
