package org.memphisee.gateway.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Logger;
import java.util.regex.Pattern;

import org.memphisee.config.BrokerSettings;
import org.memphisee.core.consumer.ConsumerInfo;
import org.memphisee.core.observe.StreamFigures;
import org.memphisee.message.OperatorMessage;

/**
 * Which streams and consumers have series of their own: those the operator's patterns allow, and of the consumers as
 * many as the limit says, in the order of their streams' and their own names. One thread at a time.
 */
final class Selection {

    private static final Logger LOG = Logger.getLogger(Selection.class.getName());

    private final int maxConsumers;
    private final Pattern streams;
    private final Pattern deniedStreams;
    private final Pattern consumers;
    private final Pattern deniedConsumers;
    private boolean told;

    Selection(BrokerSettings.Monitoring settings) {
        maxConsumers = settings.maxConsumers();
        streams = Pattern.compile(settings.streamsAllow());
        deniedStreams = Pattern.compile(settings.streamsDeny());
        consumers = Pattern.compile(settings.consumersAllow());
        deniedConsumers = Pattern.compile(settings.consumersDeny());
    }

    /**
     * What has series.
     *
     * @param streams streams with those of their consumers that have series
     * @param consumersLeftOut consumers that have none because of the limit alone
     */
    record Selected(List<StreamFigures> streams, long consumersLeftOut) { }

    /** Selects; tells the operator when the limit leaves consumers out, once until it does not any more. */
    Selected of(List<StreamFigures> all) {
        List<StreamFigures> selected = new ArrayList<>(all.size());
        long room = maxConsumers;
        long leftOut = 0;
        for (StreamFigures stream : all) {
            if (!allowed(stream.name(), streams, deniedStreams)) {
                continue;
            }
            List<ConsumerInfo> shown = new ArrayList<>(stream.consumers());
            shown.removeIf(c -> !allowed(c.config().name(), consumers, deniedConsumers));
            int within = (int) Math.min(room, shown.size());
            leftOut += shown.size() - within;
            room -= within;
            selected.add(within == stream.consumers().size() ? stream : stream.with(shown.subList(0, within)));
        }
        if (leftOut > 0 && !told) {
            OperatorMessage.CONSUMERS_WITHOUT_SERIES.log(LOG, leftOut, maxConsumers);
        }
        told = leftOut > 0;
        return new Selected(selected, leftOut);
    }

    private static boolean allowed(String name, Pattern allow, Pattern deny) {
        return allow.matcher(name).matches() && !deny.matcher(name).matches();
    }
}
