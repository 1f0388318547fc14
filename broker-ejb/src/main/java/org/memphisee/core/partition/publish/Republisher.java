package org.memphisee.core.partition.publish;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.memphisee.core.api.InternalPublisher;
import org.memphisee.core.consumer.MessageView;
import org.memphisee.core.partition.log.MessageBatch;
import org.memphisee.core.partition.log.StoredBatch;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.core.subject.Subjects;

/**
 * Publishes stored messages once more under another subject (jetstream-api.md 5.6, republish). Shard's thread only.
 */
public final class Republisher {

    /** A wildcard of the source in the destination, by number from 1. */
    private static final Pattern WILDCARD =
        Pattern.compile("\\{\\{\\s*[wW]ildcard\\s*\\(\\s*(\\d{1,4})\\s*\\)\\s*}}|\\$(\\d{1,4})");
    private static final String EMPTY_BLOCK = "NATS/1.0\r\n\r\n";

    private final StreamConfig.Republish rule;
    private final String stream;
    private final InternalPublisher publisher;
    private final MessageView view = new MessageView();

    public Republisher(StreamConfig config, InternalPublisher publisher) {
        this.rule = config.republish();
        this.stream = config.name();
        this.publisher = publisher;
    }

    /** Whether there is anything to do. */
    public boolean applies() {
        return !rule.destination().isEmpty();
    }

    /**
     * Publishes the messages of a batch that was committed.
     *
     * @param previous last sequence of a subject before the batch, 0 for none
     */
    public void committed(StoredBatch batch, Previous previous) {
        Map<String, Long> inBatch = new HashMap<>();
        for (int k = 0; k < batch.count(); k++) {
            MessageBatch.view(batch.record, k, view);
            String subject = new String(view.bytes, view.subjectOffset, view.subjectLength, StandardCharsets.UTF_8);
            if (Subjects.matches(rule.source(), subject)) {
                Long before = inBatch.put(subject, view.sequence);
                publish(subject, before == null ? previous.of(subject) : before);
            }
        }
    }

    private void publish(String subject, long previous) {
        String original = view.headerLength == 0 ? EMPTY_BLOCK
            : new String(view.bytes, view.bodyOffset, view.headerLength, StandardCharsets.ISO_8859_1);
        StringBuilder block = new StringBuilder(original.substring(0, original.length() - 2))
            .append("Nats-Stream: ").append(stream).append("\r\nNats-Subject: ").append(subject)
            .append("\r\nNats-Sequence: ").append(view.sequence).append("\r\nNats-Time-Stamp: ")
            .append(time(view.timestampNanos)).append("\r\nNats-Last-Sequence: ").append(previous).append("\r\n");
        byte[] payload = new byte[0];
        if (rule.headersOnly()) {
            block.append("Nats-Msg-Size: ").append(view.payloadLength).append("\r\n");
        } else {
            int from = view.bodyOffset + view.headerLength;
            payload = Arrays.copyOfRange(view.bytes, from, from + view.payloadLength);
        }
        publisher.publish(destination(subject), block.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1),
            payload);
    }

    /** The destination for a subject that matches the source. */
    String destination(String subject) {
        String[] pattern = rule.source().split("\\.");
        String[] tokens = subject.split("\\.");
        List<String> wildcards = new ArrayList<>();
        String rest = subject;
        for (int i = 0; i < pattern.length; i++) {
            if (pattern[i].equals(">")) {
                rest = String.join(".", Arrays.copyOfRange(tokens, i, tokens.length));
            } else if (pattern[i].equals("*")) {
                wildcards.add(tokens[i]);
            }
        }
        Matcher m = WILDCARD.matcher(rule.destination());
        StringBuilder out = new StringBuilder();
        while (m.find()) {
            int n = Integer.parseInt(m.group(1) == null ? m.group(2) : m.group(1));
            m.appendReplacement(out, Matcher.quoteReplacement(n >= 1 && n <= wildcards.size() ? wildcards.get(n - 1) : ""));
        }
        m.appendTail(out);
        String mapped = out.toString();
        if (mapped.equals(">")) {
            return rest;
        }
        return mapped.endsWith(".>") ? mapped.substring(0, mapped.length() - 1) + rest : mapped;
    }

    private static String time(long nanos) {
        return Instant.ofEpochSecond(nanos / 1_000_000_000L, nanos % 1_000_000_000L).toString();
    }

    /** Finds the last message of a subject before a batch. */
    public interface Previous {
        long of(String subject);
    }
}
