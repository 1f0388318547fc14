package org.memphisee.gateway.metrics;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

import org.memphisee.core.consumer.ConsumerInfo;
import org.memphisee.core.observe.StreamFigures;

/**
 * Writes the series of streams and consumers (monitoring.md) straight from one moment: nothing is
 * registered, so what was removed is gone with the next scrape, and thousands cost what it takes to write them.
 * Thread-safe.
 */
final class StreamText {

    /** Descriptions are the clients' own and may be long; so much of one is shown, in characters. */
    private static final int MAX_DESCRIPTION = 256;

    private record OfStream(String name, String help, ToLongFunction<StreamFigures> figure) { }

    private record OfConsumer(String name, String help, ToLongFunction<ConsumerInfo> figure) { }

    private static final List<OfStream> STREAM = List.of(
        new OfStream("stream_total_messages", "Messages stored.", s -> s.state().messages()),
        new OfStream("stream_total_bytes", "Bytes stored, with what a message takes beside its own.",
            s -> s.state().bytes()),
        new OfStream("stream_first_seq", "Sequence of the first stored message.", s -> s.state().firstSeq()),
        new OfStream("stream_last_seq", "Sequence of the last message ever stored.", s -> s.state().lastSeq()),
        new OfStream("stream_consumer_count", "Consumers.", s -> s.state().consumerCount()));
    private static final List<OfConsumer> CONSUMER = List.of(
        new OfConsumer("consumer_delivered_consumer_seq", "Deliveries so far, again and again counted.",
            ConsumerInfo::deliveredConsumerSeq),
        new OfConsumer("consumer_delivered_stream_seq", "Sequence of the last message delivered for the first time.",
            ConsumerInfo::deliveredStreamSeq),
        new OfConsumer("consumer_num_ack_pending", "Deliveries that wait for an acknowledgement.",
            ConsumerInfo::numAckPending),
        new OfConsumer("consumer_num_redelivered", "Messages delivered more than once and not yet acknowledged.",
            ConsumerInfo::numRedelivered),
        new OfConsumer("consumer_num_waiting", "Open pull requests.", ConsumerInfo::numWaiting),
        new OfConsumer("consumer_num_pending", "Messages not yet delivered.", ConsumerInfo::numPending),
        new OfConsumer("consumer_ack_floor_stream_seq", "Sequence up to which everything is acknowledged.",
            ConsumerInfo::ackFloorStreamSeq),
        new OfConsumer("consumer_ack_floor_consumer_seq", "Delivery up to which everything is acknowledged.",
            ConsumerInfo::ackFloorConsumerSeq));

    private final List<String> prefixes;
    private final byte[] common;

    /**
     * @param prefixes what names begin with, underscore included
     * @param labels what all series have
     */
    StreamText(List<String> prefixes, Map<String, String> labels) {
        this.prefixes = List.copyOf(prefixes);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TextWriter writer = new TextWriter(bytes)) {
            writer.raw("{").label("mp_scope", "application");
            for (Map.Entry<String, String> label : labels.entrySet()) {
                writer.raw(",").label(label.getKey(), label.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot fail", e);
        }
        common = bytes.toByteArray();
    }

    /**
     * Writes all series of the streams.
     *
     * @param name only those of this name; empty for all
     * @return whether there were any
     */
    boolean write(TextWriter out, List<StreamFigures> streams, String name) throws IOException {
        boolean any = false;
        for (String prefix : prefixes) {
            for (OfStream measure : STREAM) {
                if (name.isEmpty() || name.equals(prefix + measure.name())) {
                    any |= streams(out, prefix + measure.name(), measure, streams);
                }
            }
            for (OfConsumer measure : CONSUMER) {
                if (name.isEmpty() || name.equals(prefix + measure.name())) {
                    any |= consumers(out, prefix + measure.name(), measure, streams);
                }
            }
        }
        return any;
    }

    private boolean streams(TextWriter out, String name, OfStream measure, List<StreamFigures> streams)
        throws IOException {
        if (!streams.isEmpty()) {
            out.family(name, "gauge", measure.help());
        }
        for (StreamFigures stream : streams) {
            begin(out, name, stream).raw("}").value(measure.figure().applyAsLong(stream));
        }
        return !streams.isEmpty();
    }

    private boolean consumers(TextWriter out, String name, OfConsumer measure, List<StreamFigures> streams)
        throws IOException {
        boolean any = false;
        for (StreamFigures stream : streams) {
            for (ConsumerInfo consumer : stream.consumers()) {
                if (!any) {
                    out.family(name, "gauge", measure.help());
                    any = true;
                }
                begin(out, name, stream).raw(",").label("consumer_name", consumer.config().name())
                    .raw(",consumer_leader=\"\",is_consumer_leader=\"true\",")
                    .label("consumer_desc", shown(consumer.config().description())).raw("}")
                    .value(measure.figure().applyAsLong(consumer));
            }
        }
        return any;
    }

    private TextWriter begin(TextWriter out, String name, StreamFigures stream) throws IOException {
        return out.raw(name).raw(common).raw(",").label("stream_name", stream.name())
            .raw(",stream_leader=\"\",is_stream_leader=\"true\"");
    }

    private static String shown(String description) {
        if (description.length() <= MAX_DESCRIPTION) {
            return description;
        }
        boolean pair = Character.isHighSurrogate(description.charAt(MAX_DESCRIPTION - 1));
        return description.substring(0, pair ? MAX_DESCRIPTION - 1 : MAX_DESCRIPTION);
    }
}
