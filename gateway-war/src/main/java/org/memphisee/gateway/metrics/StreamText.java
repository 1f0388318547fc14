package org.memphisee.gateway.metrics;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

import org.memphisee.core.cluster.ClusterView;
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
        new OfStream("stream_total_messages", "Messages stored.", StreamFigures::messages),
        new OfStream("stream_total_bytes", "Bytes stored, with what a message takes beside its own.",
            StreamFigures::bytes),
        new OfStream("stream_first_seq", "Sequence of the first stored message.", StreamFigures::firstSequence),
        new OfStream("stream_last_seq", "Sequence of the last message ever stored.", StreamFigures::lastSequence),
        new OfStream("stream_consumer_count", "Consumers.", StreamFigures::consumerCount));
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
            ConsumerInfo::ackFloorConsumerSeq),
        new OfConsumer("consumer_num_exhausted", "Messages that ran out of deliveries, ever.",
            ConsumerInfo::numExhausted),
        new OfConsumer("consumer_num_terminated", "Messages that clients terminated (dead-lettered), ever.",
            ConsumerInfo::numTerminated));

    private final List<String> prefixes;

    /** @param prefixes what names begin with, underscore included */
    StreamText(List<String> prefixes) {
        this.prefixes = List.copyOf(prefixes);
    }

    private static byte[] common(Map<String, String> labels) {
        return new Scratch().take(writer -> {
            writer.raw("{").label("mp_scope", "application");
            for (Map.Entry<String, String> label : labels.entrySet()) {
                writer.raw(",").label(label.getKey(), label.getValue());
            }
        });
    }

    /** What the lines of a stream, and of each of its consumers, have between the common labels and the figure. */
    private record Labelled(StreamFigures stream, byte[] ofStream, List<byte[]> ofConsumers) { }

    /**
     * Writes all series of the streams.
     *
     * @param name only those of this name; empty for all
     * @param labels what all series have
     * @param view knows who leads streams
     * @return whether there were any
     */
    boolean write(TextWriter out, List<StreamFigures> streams, String name, Map<String, String> labels, ClusterView view)
        throws IOException {
        byte[] common = common(labels);
        List<Labelled> labelled = List.of();
        boolean any = false;
        for (String prefix : prefixes) {
            for (OfStream measure : STREAM) {
                if (name.isEmpty() || name.equals(prefix + measure.name())) {
                    labelled = labelled.isEmpty() ? labelled(streams, view) : labelled;
                    any |= streams(out, prefix + measure.name(), measure, labelled, common);
                }
            }
            for (OfConsumer measure : CONSUMER) {
                if (name.isEmpty() || name.equals(prefix + measure.name())) {
                    labelled = labelled.isEmpty() ? labelled(streams, view) : labelled;
                    any |= consumers(out, prefix + measure.name(), measure, labelled, common);
                }
            }
        }
        return any;
    }

    private static boolean streams(TextWriter out, String name, OfStream measure, List<Labelled> streams, byte[] common)
        throws IOException {
        if (streams.isEmpty()) {
            return false;
        }
        out.family(name, "gauge", measure.help());
        byte[] begin = begin(name, common);
        for (Labelled stream : streams) {
            out.raw(begin).raw(stream.ofStream()).value(measure.figure().applyAsLong(stream.stream()));
        }
        return true;
    }

    private static boolean consumers(TextWriter out, String name, OfConsumer measure, List<Labelled> streams, byte[] common)
        throws IOException {
        boolean any = false;
        byte[] begin = begin(name, common);
        for (Labelled stream : streams) {
            List<ConsumerInfo> consumers = stream.stream().consumers();
            for (int i = 0; i < consumers.size(); i++) {
                if (!any) {
                    out.family(name, "gauge", measure.help());
                    any = true;
                }
                out.raw(begin).raw(stream.ofConsumers().get(i)).value(measure.figure().applyAsLong(consumers.get(i)));
            }
        }
        return any;
    }

    private static byte[] begin(String name, byte[] common) {
        return new Scratch().take(writer -> writer.raw(name).raw(common));
    }

    /** Each label is written a dozen times and more: its bytes are made once. */
    private static List<Labelled> labelled(List<StreamFigures> streams, ClusterView view) {
        List<Labelled> all = new ArrayList<>(streams.size());
        Scratch scratch = new Scratch();
        for (StreamFigures stream : streams) {
            // a node that is alone leads everything, and the reference names nobody there
            boolean placed = !view.name().isEmpty() && stream.id() > 0;
            String leader = placed ? view.leader(stream.id()) : "";
            boolean here = !placed || view.here(stream.id());
            byte[] ofStream = scratch.take(w -> ofStream(w, stream, leader, here).raw("}"));
            List<byte[]> ofConsumers = new ArrayList<>(stream.consumers().size());
            for (ConsumerInfo consumer : stream.consumers()) {
                ofConsumers.add(scratch.take(w -> ofStream(w, stream, leader, here).raw(",")
                    .label("consumer_name", consumer.config().name())
                    .raw(",").label("consumer_leader", leader).raw(",").label("is_consumer_leader", Boolean.toString(here)).raw(",")
                    .label("consumer_desc", shown(consumer.config().description())).raw("}")));
            }
            all.add(new Labelled(stream, ofStream, ofConsumers));
        }
        return all;
    }

    private static TextWriter ofStream(TextWriter out, StreamFigures stream, String leader, boolean here) throws IOException {
        return out.raw(",").label("stream_name", stream.name()).raw(",").label("stream_leader", leader).raw(",")
            .label("is_stream_leader", Boolean.toString(here));
    }

    private static String shown(String description) {
        if (description.length() <= MAX_DESCRIPTION) {
            return description;
        }
        boolean pair = Character.isHighSurrogate(description.charAt(MAX_DESCRIPTION - 1));
        return description.substring(0, pair ? MAX_DESCRIPTION - 1 : MAX_DESCRIPTION);
    }

    private interface Text {
        void write(TextWriter writer) throws IOException;
    }

    /** Makes pieces of text into bytes. */
    private static final class Scratch {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final TextWriter writer = new TextWriter(bytes);

        private byte[] take(Text text) {
            try {
                text.write(writer);
                writer.flush();
                return bytes.toByteArray();
            } catch (IOException e) {
                throw new UncheckedIOException("memory cannot fail", e);
            } finally {
                bytes.reset();
            }
        }
    }
}
