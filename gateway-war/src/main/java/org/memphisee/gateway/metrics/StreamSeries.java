package org.memphisee.gateway.metrics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;

import org.eclipse.microprofile.metrics.MetricID;
import org.eclipse.microprofile.metrics.Tag;

import org.memphisee.config.BrokerSettings;
import org.memphisee.core.consumer.ConsumerInfo;
import org.memphisee.core.observe.StreamFigures;

/**
 * The series of streams and consumers (monitoring.md ): registered when one comes, removed when it goes. Within
 * a limit, because each costs memory and time in every scrape. One thread.
 */
final class StreamSeries {

    private static final Map<String, ToLongFunction<StreamFigures>> OF_STREAM = Map.of(
        "memphis_stream_total_messages", s -> s.state().messages(),
        "memphis_stream_total_bytes", s -> s.state().bytes(),
        "memphis_stream_first_seq", s -> s.state().firstSeq(),
        "memphis_stream_last_seq", s -> s.state().lastSeq(),
        "memphis_stream_consumer_count", s -> s.state().consumerCount());
    private static final Map<String, ToLongFunction<ConsumerInfo>> OF_CONSUMER = Map.of(
        "memphis_consumer_delivered_consumer_seq", ConsumerInfo::deliveredConsumerSeq,
        "memphis_consumer_delivered_stream_seq", ConsumerInfo::deliveredStreamSeq,
        "memphis_consumer_num_ack_pending", ConsumerInfo::numAckPending,
        "memphis_consumer_num_redelivered", ConsumerInfo::numRedelivered,
        "memphis_consumer_num_waiting", ConsumerInfo::numWaiting,
        "memphis_consumer_num_pending", ConsumerInfo::numPending,
        "memphis_consumer_ack_floor_stream_seq", ConsumerInfo::ackFloorStreamSeq,
        "memphis_consumer_ack_floor_consumer_seq", ConsumerInfo::ackFloorConsumerSeq);

    private final Series series;
    private final Scrape scrape;
    private final int maxConsumers;
    private final Pattern allow;
    private final Pattern deny;
    private final List<Tag> serverTags;
    private final String account;
    private final Map<String, Registered> known = new HashMap<>();

    StreamSeries(Series series, Scrape scrape, BrokerSettings.Monitoring settings, List<Tag> serverTags, String account) {
        this.series = series;
        this.scrape = scrape;
        this.maxConsumers = settings.maxConsumers();
        this.allow = Pattern.compile(settings.streamsAllow());
        this.deny = Pattern.compile(settings.streamsDeny());
        this.serverTags = List.copyOf(serverTags);
        this.account = account;
    }

    /** What is registered for one stream or consumer. */
    private record Registered(List<MetricID> ids) { }

    /** Registers what came and removes what went since the last call. */
    void follow() {
        Map<String, StreamFigures> now = new TreeMap<>(scrape.renewed().streams());
        Map<String, Runnable> wanted = new HashMap<>();
        int consumers = 0;
        for (StreamFigures stream : now.values()) {
            if (!allow.matcher(stream.name()).matches() || deny.matcher(stream.name()).matches()) {
                continue;
            }
            wanted.put(key(stream.name(), ""), () -> register(stream));
            for (ConsumerInfo consumer : stream.consumers()) {
                if (consumers++ < maxConsumers) {
                    wanted.put(key(stream.name(), consumer.config().name() + ' ' + consumer.config().description()),
                        () -> register(stream, consumer));
                }
            }
        }
        known.entrySet().removeIf(entry -> {
            boolean gone = !wanted.containsKey(entry.getKey());
            if (gone) {
                entry.getValue().ids().forEach(series::remove);
            }
            return gone;
        });
        wanted.forEach((key, register) -> {
            if (!known.containsKey(key)) {
                register.run();
            }
        });
    }

    /** A stream's name has no blank. */
    private static String key(String stream, String consumer) {
        return stream + ' ' + consumer;
    }

    private void register(StreamFigures stream) {
        Tag[] tags = tags(stream).toArray(Tag[]::new);
        List<MetricID> ids = new ArrayList<>();
        String name = stream.name();
        OF_STREAM.forEach((metric, figure) -> ids.addAll(series.gauge(metric, () -> {
            StreamFigures figures = scrape.moment().streams().get(name);
            return figures == null ? 0 : figure.applyAsLong(figures);
        }, tags)));
        known.put(key(name, ""), new Registered(ids));
    }

    private void register(StreamFigures stream, ConsumerInfo consumer) {
        List<Tag> tags = tags(stream);
        String name = consumer.config().name();
        tags.add(new Tag("consumer_name", name));
        tags.add(new Tag("consumer_leader", ""));
        tags.add(new Tag("is_consumer_leader", "true"));
        tags.add(new Tag("consumer_desc", consumer.config().description()));
        Tag[] all = tags.toArray(Tag[]::new);
        List<MetricID> ids = new ArrayList<>();
        String streamName = stream.name();
        OF_CONSUMER.forEach((metric, figure) -> ids.addAll(series.gauge(metric,
            () -> consumer(streamName, name, figure), all)));
        known.put(key(streamName, name + ' ' + consumer.config().description()), new Registered(ids));
    }

    private long consumer(String stream, String name, ToLongFunction<ConsumerInfo> figure) {
        StreamFigures figures = scrape.moment().streams().get(stream);
        if (figures == null) {
            return 0;
        }
        for (ConsumerInfo info : figures.consumers()) {
            if (info.config().name().equals(name)) {
                return figure.applyAsLong(info);
            }
        }
        return 0;
    }

    private List<Tag> tags(StreamFigures stream) {
        List<Tag> tags = new ArrayList<>(serverTags);
        tags.add(new Tag("account", account));
        tags.add(new Tag("account_id", account));
        tags.add(new Tag("stream_name", stream.name()));
        tags.add(new Tag("stream_leader", ""));
        tags.add(new Tag("is_stream_leader", "true"));
        return tags;
    }
}
