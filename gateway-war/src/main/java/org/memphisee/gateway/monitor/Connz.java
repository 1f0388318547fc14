package org.memphisee.gateway.monitor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.api.SubscriptionFigures;
import org.memphisee.ejb.BrokerEngine;
import org.memphisee.net.ConnectionFigures;
import org.memphisee.port.SessionInfo;

/** Client connections (monitoring.md 1.4). */
final class Connz implements Endpoint {

    private static final Map<String, Comparator<ConnectionFigures>> SORTS = Map.ofEntries(
        Map.entry("cid", Comparator.comparingLong(ConnectionFigures::clientId)),
        Map.entry("start", Comparator.comparingLong(ConnectionFigures::startMillis)),
        Map.entry("subs", Comparator.comparingInt(ConnectionFigures::subscriptions).reversed()),
        Map.entry("pending", Comparator.comparingLong(ConnectionFigures::pendingBytes).reversed()),
        Map.entry("msgs_to", Comparator.comparingLong(ConnectionFigures::outMessages).reversed()),
        Map.entry("msgs_from", Comparator.comparingLong(ConnectionFigures::inMessages).reversed()),
        Map.entry("bytes_to", Comparator.comparingLong(ConnectionFigures::outBytes).reversed()),
        Map.entry("bytes_from", Comparator.comparingLong(ConnectionFigures::inBytes).reversed()),
        Map.entry("last", Comparator.comparingLong(ConnectionFigures::lastActivityMillis).reversed()),
        Map.entry("idle", Comparator.comparingLong(ConnectionFigures::lastActivityMillis)),
        Map.entry("uptime", Comparator.comparingLong(ConnectionFigures::startMillis).reversed()),
        Map.entry("stop", Comparator.comparingLong(ConnectionFigures::stopMillis).reversed()),
        Map.entry("reason", Comparator.comparing(ConnectionFigures::stopReason)),
        Map.entry("rtt", Comparator.comparingLong(ConnectionFigures::roundTripNanos).reversed()));

    @Override
    public ObjectNode answer(BrokerEngine engine, Parameters parameters) throws BadParameterException {
        String detail = parameters.text("subs");
        boolean details = detail.equals("detail");
        boolean subscriptions = details || parameters.flag("subs");
        boolean auth = parameters.flag("auth");
        int offset = parameters.offset();
        int limit = parameters.limit();
        List<ConnectionFigures> rows = new ArrayList<>(selected(engine, parameters));
        rows.sort(order(parameters));
        List<ConnectionFigures> shown = rows.subList(Math.min(offset, rows.size()),
            (int) Math.min((long) offset + limit, rows.size()));
        Map<Long, List<SubscriptionFigures>> lists = subscriptions ? engine.observer().subscriptions().stream()
            .collect(Collectors.groupingBy(SubscriptionFigures::clientId)) : Map.of();
        ObjectNode json = Endpoint.begun(engine).put("num_connections", shown.size()).put("total", rows.size())
            .put("offset", offset).put("limit", limit);
        ArrayNode connections = json.putArray("connections");
        String account = engine.tenant();
        for (ConnectionFigures c : shown) {
            ObjectNode row = connections.addObject();
            connection(row, c);
            if (auth) {
                text(row, "authorized_user", c.user());
                row.put("account", account);
            }
            list(row, lists.getOrDefault(c.clientId(), List.of()), details, account);
        }
        return json;
    }

    private static List<ConnectionFigures> selected(BrokerEngine engine, Parameters parameters)
        throws BadParameterException {
        List<ConnectionFigures> all = new ArrayList<>();
        String state = parameters.text("state").toLowerCase(java.util.Locale.ROOT);
        switch (state) {
            case "", "open" -> all.addAll(engine.openConnections());
            case "closed" -> all.addAll(engine.closedConnections());
            case "any", "all" -> {
                all.addAll(engine.openConnections());
                all.addAll(engine.closedConnections());
            }
            default -> throw new BadParameterException("Error decoding state for 'state': allowed are open, closed, any");
        }
        long cid = parameters.number("cid", 0);
        String user = parameters.text("user");
        String account = parameters.text("acc");
        boolean none = !account.isEmpty() && !account.equals(engine.tenant())
            || !parameters.text("mqtt_client").isEmpty();
        all.removeIf(c -> none || cid != 0 && c.clientId() != cid || !user.isEmpty() && !c.user().equals(user));
        return all;
    }

    private static Comparator<ConnectionFigures> order(Parameters parameters) throws BadParameterException {
        String sort = parameters.text("sort").isEmpty() ? "cid" : parameters.text("sort");
        Comparator<ConnectionFigures> order = SORTS.get(sort);
        if (order == null) {
            throw new BadParameterException("invalid sorting option");
        }
        String state = parameters.text("state");
        if ((sort.equals("stop") || sort.equals("reason")) && (state.isEmpty() || state.equalsIgnoreCase("open"))) {
            throw new BadParameterException("sort by " + sort + " only valid on closed connections");
        }
        return order.thenComparing(Comparator.comparingLong(ConnectionFigures::clientId));
    }

    private static void connection(ObjectNode row, ConnectionFigures c) {
        long end = c.stopMillis() == 0 ? System.currentTimeMillis() : c.stopMillis();
        row.put("cid", c.clientId()).put("kind", "Client")
            .put("type", c.transport() == SessionInfo.Transport.WEBSOCKET ? "websocket" : "nats")
            .put("ip", c.remoteHost()).put("port", c.remotePort()).put("start", GoText.time(c.startMillis()))
            .put("last_activity", GoText.time(c.lastActivityMillis()));
        if (c.stopMillis() != 0) {
            row.put("stop", GoText.time(c.stopMillis())).put("reason", c.stopReason());
        }
        if (c.roundTripNanos() > 0) {
            row.put("rtt", GoText.shortTime(c.roundTripNanos()));
        }
        row.put("uptime", GoText.uptime(Duration.ofMillis(Math.max(0, end - c.startMillis()))))
            .put("idle", GoText.uptime(Duration.ofMillis(Math.max(0, end - c.lastActivityMillis()))))
            .put("pending_bytes", c.pendingBytes()).put("in_msgs", c.inMessages()).put("out_msgs", c.outMessages())
            .put("in_bytes", c.inBytes()).put("out_bytes", c.outBytes()).put("subscriptions", c.subscriptions());
        text(row, "name", c.name());
        text(row, "lang", c.lang());
        text(row, "version", c.version());
        text(row, "tls_version", c.tlsVersion().replace("TLSv", ""));
        text(row, "tls_cipher_suite", c.tlsCipher());
        if (c.tlsFirst()) {
            row.put("tls_first", true);
        }
    }

    private static void list(ObjectNode row, List<SubscriptionFigures> subscriptions, boolean details, String account) {
        if (!subscriptions.isEmpty()) {
            ArrayNode list = row.putArray(details ? "subscriptions_list_detail" : "subscriptions_list");
            for (SubscriptionFigures s : subscriptions) {
                if (details) {
                    Subsz.subscription(list.addObject(), s, account);
                } else {
                    list.add(s.subject());
                }
            }
        }
    }

    private static void text(ObjectNode row, String name, String value) {
        if (!value.isEmpty()) {
            row.put(name, value);
        }
    }
}
