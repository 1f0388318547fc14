package org.memphisee.core.topics;

import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.Predicate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import org.memphisee.core.api.ApiRegistry;
import org.memphisee.core.api.ApiRequest;
import org.memphisee.core.api.ClientIdentity;
import org.memphisee.core.api.InternalPublisher;
import org.memphisee.core.time.BrokerClock;

/**
 * Who follows which topic, and when it is time to publish (management-api.md 14.2). A topic is followed from a request on, as
 * long as somebody is subscribed to what is published about it; a minute without anybody ends it. The node that is asked
 * publishes, under its own name, so that each request is served by one node. {@link #look} on one thread, the rest on any.
 */
public final class LiveTopics {

    /** Time between two publications about a topic. */
    static final long PACE_NANOS = TimeUnit.SECONDS.toNanos(20);
    /** How long a topic is remembered that nobody is subscribed to. */
    static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    /** Topics at a time; a request for one more is not answered. */
    static final int MOST_TOPICS = 256;
    /** Longest topic: its word, a station and a partition. */
    static final int MAX_LENGTH = 256;

    private static final System.Logger LOG = System.getLogger(LiveTopics.class.getName());
    private static final String ASKED = "$memphis_ws_subs.";
    private static final String TOLD = "$memphis_ws_pubs.";

    /** A topic that somebody asked for; {@code toldAt} is of the thread that looks. */
    private static final class Followed {
        private volatile long heardAt;
        private boolean told;
        private long toldAt;

        private Followed(long now) {
            heardAt = now;
        }
    }

    private final String serverName;
    private final Predicate<ClientIdentity> follower;
    private final InternalPublisher publisher;
    private final IntSupplier maxBytes;
    private final BrokerClock clock;
    private final byte[] answer;
    private final Map<String, Followed> topics = new ConcurrentHashMap<>();
    private volatile TopicSource source;

    /**
     * Nobody follows anything yet.
     *
     * @param serverName of this node; the last part of the subjects on which it publishes
     * @param follower whether a client may follow topics
     * @param maxBytes largest message
     */
    public LiveTopics(String serverName, Predicate<ClientIdentity> follower, InternalPublisher publisher, IntSupplier maxBytes,
                      BrokerClock clock) {
        this.serverName = serverName;
        this.follower = follower;
        this.publisher = publisher;
        this.maxBytes = maxBytes;
        this.clock = clock;
        answer = JsonNodeFactory.instance.objectNode().put("name", serverName).toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Where what is published comes from, from now on; null when nothing is any more. */
    public void show(TopicSource shown) {
        source = shown;
    }

    /** Serves the requests. */
    public void bind(ApiRegistry registry) {
        registry.serve(ASKED + ">", this::asked);
    }

    private void asked(ApiRequest request) {
        String topic = request.subject().substring(ASKED.length());
        TopicSource shown = source;
        if (!follower.test(request.client())) {
            request.reply().nobody();
        } else if (shown != null && topic.length() <= MAX_LENGTH && shown.known(topic) && follow(topic)) {
            request.reply().send(answer); // whatever the payload says, as in the reference
        }
    }

    private boolean follow(String topic) {
        long now = clock.nowNanos();
        Followed known = topics.get(topic);
        if (known == null) {
            if (topics.size() >= MOST_TOPICS) {
                return false;
            }
            known = topics.computeIfAbsent(topic, t -> new Followed(now));
        }
        known.heardAt = now;
        return true;
    }

    /** Publishes what is due. About once a second; may take as long as the source does. */
    public void look() {
        TopicSource shown = source;
        if (shown == null) {
            topics.clear();
            return;
        }
        topics.forEach((topic, followed) -> {
            long now = clock.nowNanos();
            if (!publisher.heard(subject(topic))) {
                if (now - followed.heardAt >= PATIENCE_NANOS) {
                    topics.remove(topic, followed);
                }
                return;
            }
            followed.heardAt = now;
            if (!followed.told || now - followed.toldAt >= PACE_NANOS) {
                followed.told = true;
                followed.toldAt = now;
                tell(shown, topic, followed);
            }
        });
    }

    private String subject(String topic) {
        return TOLD + topic + "." + serverName;
    }

    private void tell(TopicSource shown, String topic, Followed followed) {
        Optional<byte[]> data = Optional.empty();
        try {
            data = shown.now(topic, maxBytes.getAsInt());
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "nothing is published about " + topic, e);
        }
        if (data.isPresent()) {
            publisher.publish(subject(topic), data.get());
        } else {
            topics.remove(topic, followed);
        }
    }

    /** How many topics are followed. */
    public int followed() {
        return topics.size();
    }
}
