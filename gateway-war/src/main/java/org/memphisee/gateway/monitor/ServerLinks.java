package org.memphisee.gateway.monitor;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.api.PeerSubscriptions;
import org.memphisee.core.api.SubscriptionFigures;
import org.memphisee.core.cluster.link.LinkHealth;
import org.memphisee.core.cluster.watch.ClusterStatus;
import org.memphisee.core.cluster.watch.LinkStatus;
import org.memphisee.core.jetstream.ClusterJson;
import org.memphisee.ejb.BrokerEngine;

/** Links to other servers, of which one that stands alone has none (monitoring.md 1.5 and O-010). */
final class ServerLinks {

    private ServerLinks() { }

    /** One row for each node that is linked; messages are frames, and all of what nodes say to each other is in them. */
    static ObjectNode routez(BrokerEngine engine, Parameters parameters) throws BadParameterException {
        boolean details = parameters.text("subs").equals("detail");
        boolean list = details || parameters.flag("subs");
        Map<String, PeerSubscriptions> heard = engine.peerSubscriptions(list).stream()
            .collect(Collectors.toMap(PeerSubscriptions::node, Function.identity()));
        ObjectNode json = Endpoint.begun(engine);
        List<LinkStatus> links = linked(engine);
        named(json, engine).put("num_routes", links.size());
        ArrayNode routes = json.putArray("routes");
        Instant now = Instant.now();
        for (int i = 0; i < links.size(); i++) {
            ObjectNode route = routes.addObject().put("rid", i + 1);
            route(route, links.get(i), now);
            String peer = links.get(i).peer();
            engine.cluster().flatMap(status -> status.node(peer)).filter(node -> !node.mayLead())
                .ifPresent(node -> ClusterPart.mayLead(route, node)); // ours
            PeerSubscriptions subscriptions = heard.get(links.get(i).peer());
            route.put("subscriptions", subscriptions == null ? 0 : subscriptions.patterns());
            if (list && subscriptions != null && !subscriptions.list().isEmpty()) {
                subscriptions(route, subscriptions.list(), details ? engine.tenant() : "");
            }
        }
        return json;
    }

    /** Its clients' subscriptions: several of one node to a pattern are one here; with an account in detail. */
    private static void subscriptions(ObjectNode route, List<PeerSubscriptions.Pattern> all, String account) {
        ArrayNode list = route.putArray(account.isEmpty() ? "subscriptions_list" : "subscriptions_list_detail");
        for (PeerSubscriptions.Pattern pattern : all) {
            if (account.isEmpty()) {
                list.add(pattern.subject());
            } else {
                String sid = account + ' ' + pattern.subject() + (pattern.queue().isEmpty() ? "" : ' ' + pattern.queue());
                Subsz.subscription(list.addObject(), new SubscriptionFigures(route.path("rid").asLong(), pattern.subject(), pattern.queue(),
                    sid, 0, 0), account);
            }
        }
    }

    static List<LinkStatus> linked(BrokerEngine engine) {
        return engine.cluster().map(ClusterStatus::links).orElse(List.of()).stream().filter(link -> link.health().linked()).toList();
    }

    private static void route(ObjectNode json, LinkStatus link, Instant now) {
        LinkHealth health = link.health();
        Duration age = Duration.ofNanos(health.ageNanos());
        Duration idle = Duration.ofNanos(health.idleNanos());
        json.put("remote_id", ClusterJson.peer(link.peer())).put("remote_name", link.peer()).put("did_solicit", link.dials())
            .put("is_configured", true).put("ip", link.host()).put("port", link.port()).put("start", now.minus(age).toString())
            .put("last_activity", now.minus(idle).toString());
        if (health.rttNanos() > 0) {
            json.put("rtt", GoText.shortTime(health.rttNanos()));
        }
        json.put("uptime", GoText.uptime(age)).put("idle", GoText.uptime(idle)).put("pending_size", health.pendingBytes())
            .put("in_msgs", health.receivedFrames()).put("out_msgs", health.sentFrames()).put("in_bytes", health.receivedBytes())
            .put("out_bytes", health.sentBytes());
    }

    static ObjectNode gatewayz(BrokerEngine engine, Parameters parameters) {
        ObjectNode json = Endpoint.begun(engine);
        json.putObject("outbound_gateways");
        json.putObject("inbound_gateways");
        return json;
    }

    static ObjectNode leafz(BrokerEngine engine, Parameters parameters) throws BadParameterException {
        parameters.flag("subs");
        ObjectNode json = Endpoint.begun(engine).put("leafnodes", 0);
        json.putArray("leafs");
        return json;
    }

    private static ObjectNode named(ObjectNode json, BrokerEngine engine) {
        return json.put("server_name", engine.port().identity().serverName());
    }
}
