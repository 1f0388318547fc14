package org.memphisee.gateway.monitor;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.api.SubscriptionFigures;
import org.memphisee.core.observe.BrokerObserver;
import org.memphisee.core.subject.Subjects;
import org.memphisee.ejb.BrokerEngine;

/**
 * The table of subscriptions (monitoring.md 1.6). Each thread of the broker has a cache of its own, with nothing to count
 * for all, so the figures of a common cache are 0.
 */
final class Subsz implements Endpoint {

    @Override
    public ObjectNode answer(BrokerEngine engine, Parameters parameters) throws BadParameterException {
        boolean list = parameters.flag("subs");
        int offset = parameters.offset();
        int limit = parameters.limit();
        String test = parameters.text("test");
        byte[] subject = test.getBytes(StandardCharsets.UTF_8);
        if (!test.isEmpty() && !Subjects.validLiteral(subject, 0, subject.length)) {
            throw new BadParameterException("invalid test subject, must be valid publish subject: the subject is empty in "
                + "part or has wildcards");
        }
        BrokerObserver observer = engine.observer();
        ObjectNode json = Endpoint.begun(engine);
        figures(json, observer);
        if (!list && test.isEmpty()) {
            return json;
        }
        String account = engine.tenant();
        List<SubscriptionFigures> found = new ArrayList<>();
        if (parameters.text("acc").isEmpty() || parameters.text("acc").equals(account)) {
            found.addAll(test.isEmpty() ? observer.subscriptions() : observer.subscriptions(test));
        }
        if (found.isEmpty()) {
            return json;
        }
        found.sort(Comparator.comparing(SubscriptionFigures::subject).thenComparing(SubscriptionFigures::clientId)
            .thenComparing(SubscriptionFigures::sid));
        json.put("total", found.size()).put("offset", offset).put("limit", limit);
        ArrayNode rows = json.putArray("subscriptions_list");
        found.subList(Math.min(offset, found.size()), (int) Math.min((long) offset + limit, found.size()))
            .forEach(s -> subscription(rows.addObject(), s, account));
        return json;
    }

    /** The statistics alone. */
    static void figures(ObjectNode json, BrokerObserver observer) {
        var table = observer.table();
        json.put("num_subscriptions", observer.subscriptionCount()).put("num_cache", 0).put("num_inserts", table.inserts())
            .put("num_removes", table.removes()).put("num_matches", table.walks()).put("cache_hit_rate", 0.0)
            .put("max_fanout", 0).put("avg_fanout", 0.0);
    }

    /** One row. */
    static void subscription(ObjectNode row, SubscriptionFigures s, String account) {
        row.put("account", account).put("subject", s.subject());
        if (!s.queue().isEmpty()) {
            row.put("qgroup", s.queue());
        }
        row.put("sid", s.sid()).put("msgs", s.delivered());
        if (s.max() > 0) {
            row.put("max", s.max());
        }
        row.put("cid", s.clientId());
    }
}
