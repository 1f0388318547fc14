package org.memphisee.cli.migrate;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;
import org.memphisee.client.BrokerSession;
import org.memphisee.client.HeaderBlock;
import org.memphisee.client.SubscriptionHandler;
import org.memphisee.wire.ClientFrames;

/**
 * Reads a stream by a consumer of its own that acknowledges nothing and is removed at the end. What is missing in the order is
 * asked for again by another consumer. The server sends no more than its window before we say that we have taken it.
 */
final class PushReader implements MessageReader {

    private static final byte[] NONE = {};
    private static final byte[] ACK = "$JS.ACK.".getBytes(StandardCharsets.US_ASCII);
    private static final long HEARTBEAT_NANOS = 2_000_000_000L;
    private static final long LOOK_MILLIS = 500;
    private static final int SILENT_LOOKS = 60;
    /** Consumers in turn that bring nothing. */
    private static final int IN_VAIN = 5;
    private static final int CONTROL = 100;
    private static final int LONG = 11;

    /** Something to answer: the server waits until we have taken what it sent before. */
    private record Window(String reply) { }

    /** The server is there and has nothing to send. */
    private record Beat() { }

    /** A message with its number at this consumer, and how many follow it. */
    private record Arrived(StoredMessage message, long number, long left) { }

    private final JetStreamServer server;
    private final String stream;
    private final long to;
    private LinkedBlockingQueue<Object> arrived;
    private long sid;
    private String consumer = "";
    private long number;
    private long next;
    private boolean over;
    private int inVain;
    private int beats;

    PushReader(JetStreamServer server, String stream, long from, long to) {
        this.server = server;
        this.stream = stream;
        this.to = to;
        next = Math.max(1, from);
        over = next > to;
    }

    @Override
    public StoredMessage next() {
        while (!over) {
            if (consumer.isEmpty() && !begin()) {
                break;
            }
            Object taken = take();
            if (taken instanceof Window window) {
                reply(window.reply());
            } else if (taken instanceof Beat) {
                if (++beats > 1) { // what it counted on went meanwhile
                    end();
                }
            } else if (taken instanceof Arrived a) {
                beats = 0;
                if (a.number() != number + 1 || a.message().sequence() < next) {
                    end(); // something was lost on the way
                    continue;
                }
                number++;
                inVain = 0;
                next = a.message().sequence() + 1;
                over = next > to || a.left() == 0;
                if (next - 1 > to) {
                    return null;
                }
                return a.message();
            }
        }
        return null;
    }

    private Object take() {
        try {
            for (int looks = 0; looks < SILENT_LOOKS; looks++) {
                Object taken = arrived.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                if (taken != null) {
                    return taken;
                }
                if (!server.session().open()) {
                    break;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliFailure(ExitCode.INTERRUPTED, "Interrupted");
        }
        throw new CliFailure(ExitCode.UNREACHABLE, "The server sends nothing of stream " + stream + " any more: "
            + (server.session().open() ? "it is silent" : "the connection ended"));
    }

    /** A consumer that begins at the next sequence; false when nothing is there. */
    private boolean begin() {
        if (++inVain > IN_VAIN) {
            throw new CliFailure(ExitCode.TRY_AGAIN, "Stream " + stream + " cannot be read from sequence " + next
                + " on: consumers bring nothing");
        }
        BrokerSession session = server.session();
        LinkedBlockingQueue<Object> queue = new LinkedBlockingQueue<>();
        arrived = queue;
        number = 0;
        beats = 0;
        sid = session.newSubscription(new Handler(queue));
        String inbox = session.inboxPrefix() + "migrate." + sid;
        ClientFrames frames = new ClientFrames(128);
        frames.line("SUB " + inbox + " " + sid);
        session.send(frames);
        ObjectNode body = JetStreamServer.object().put("stream_name", stream);
        body.putObject("config").put("deliver_subject", inbox).put("deliver_policy", "by_start_sequence").put("opt_start_seq",
            next)
            .put("ack_policy", "none").put("replay_policy", "instant").put("max_deliver", 1).put("flow_control", true)
            .put("idle_heartbeat", HEARTBEAT_NANOS).put("num_replicas", 1).put("mem_storage", true);
        JsonNode made = server.ask("CONSUMER.CREATE." + stream, body);
        consumer = made.path("name").asText();
        // deliveries may have begun before the answer was made
        if (made.path("num_pending").asLong() == 0 && made.path("delivered").path("consumer_seq").asLong() == 0) {
            over = true;
            end();
            return false;
        }
        return true;
    }

    /** This consumer is not wanted any more. */
    private void end() {
        if (consumer.isEmpty()) {
            return;
        }
        ClientFrames frames = new ClientFrames(128);
        frames.line("UNSUB " + sid);
        server.session().send(frames);
        server.session().request(JetStreamServer.API + "CONSUMER.DELETE." + stream + "." + consumer, NONE);
        consumer = "";
    }

    @Override
    public void close() {
        over = true;
        end(); // without it the server removes the consumer some seconds later
    }

    private void reply(String subject) {
        ClientFrames frames = new ClientFrames(128);
        frames.publish(subject.getBytes(StandardCharsets.UTF_8), NONE, NONE, NONE);
        server.session().send(frames);
    }

    /** Queues what arrives; the server's window bounds it. */
    private record Handler(LinkedBlockingQueue<Object> queue) implements SubscriptionHandler {

        @Override
        public void message(byte[] bytes, int subjectOffset, int subjectLength, int replyOffset, int replyLength, int bodyOffset,
                            int headerLength, int payloadLength) {
            if (replyLength > ACK.length && Arrays.equals(bytes, replyOffset, replyOffset + ACK.length, ACK, 0, ACK.length)) {
                byte[] subject = Arrays.copyOfRange(bytes, subjectOffset, subjectOffset + subjectLength);
                byte[] body = Arrays.copyOfRange(bytes, bodyOffset, bodyOffset + headerLength + payloadLength);
                queue.add(arrived(bytes, replyOffset, replyOffset + replyLength, subject, headerLength, body));
            } else if (headerLength > 0 && HeaderBlock.status(bytes, bodyOffset, headerLength) == CONTROL) {
                String reply = new String(bytes, replyOffset, replyLength, StandardCharsets.UTF_8);
                String stalled = HeaderBlock.parse(bytes, bodyOffset, headerLength).getOrDefault("Nats-Consumer-Stalled", "");
                queue.add(!reply.isEmpty() ? new Window(reply) : !stalled.isEmpty() ? new Window(stalled) : new Beat());
            }
        }

        /** What the subject of acknowledgement tells, in its short and its long form. */
        private static Arrived arrived(byte[] bytes, int from, int end, byte[] subject, int headerLength, byte[] body) {
            int tokens = 1;
            for (int i = from; i < end; i++) {
                tokens += bytes[i] == '.' ? 1 : 0;
            }
            int before = tokens >= LONG ? 7 : 5;
            int at = from;
            for (int left = before; left > 0; at++) {
                left -= bytes[at] == '.' ? 1 : 0;
            }
            long[] numbers = new long[4];
            for (int n = 0; n < numbers.length; n++, at++) {
                for (; at < end && bytes[at] != '.'; at++) {
                    numbers[n] = numbers[n] * 10 + bytes[at] - '0';
                }
            }
            return new Arrived(new StoredMessage(numbers[0], numbers[2], subject, headerLength, body), numbers[1], numbers[3]);
        }

        @Override
        public void readComplete() {
            // each message is queued as it comes
        }
    }
}
