package org.memphisee.gateway.monitor;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.ejb.BrokerEngine;

/** The accounts (monitoring.md 1.9): the one that all clients share, and the one of the system, which nobody uses. */
final class Accounts {

    private static final String SYSTEM = "$SYS";

    private Accounts() { }

    static ObjectNode accountz(BrokerEngine engine, Parameters parameters) throws BadParameterException {
        String tenant = engine.tenant();
        ObjectNode json = Endpoint.begun(engine).put("system_account", SYSTEM);
        String wanted = parameters.text("acc");
        if (wanted.isEmpty()) {
            json.putArray("accounts").add(SYSTEM).add(tenant);
        } else if (wanted.equals(tenant) || wanted.equals(SYSTEM)) {
            detail(json.putObject("account_detail"), wanted, wanted.equals(tenant), engine);
        } else {
            throw new BadParameterException("account not found");
        }
        return json;
    }

    private static void detail(ObjectNode json, String name, boolean tenant, BrokerEngine engine) {
        json.put("account_name", name).put("update_time", "0001-01-01T00:00:00Z").put("is_system", !tenant)
            .put("expired", false).put("complete", true).put("jetstream_enabled", tenant).put("leafnode_connections", 0)
            .put("client_connections", tenant ? engine.counters().connections() : 0)
            .put("subscriptions", tenant ? engine.counters().subscriptions() : 0);
        json.putArray("exports");
        json.putArray("imports");
    }

    static ObjectNode accstatz(BrokerEngine engine, Parameters parameters) throws BadParameterException {
        BrokerEngine.Counters c = engine.counters();
        ObjectNode json = Endpoint.begun(engine);
        ArrayNode accounts = json.putArray("account_statz");
        boolean unused = parameters.flag("unused");
        if (unused || c.connections() > 0 || c.subscriptions() > 0) {
            statistics(accounts.addObject(), engine.tenant(), c);
        }
        if (unused) {
            statistics(accounts.addObject(), SYSTEM, new BrokerEngine.Counters(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                0));
        }
        return json;
    }

    private static void statistics(ObjectNode json, String name, BrokerEngine.Counters c) {
        json.put("acc", name).put("conns", c.connections()).put("leafnodes", 0).put("total_conns", c.connections())
            .put("num_subscriptions", c.subscriptions());
        json.putObject("sent").put("msgs", c.outMessages()).put("bytes", c.outBytes());
        json.putObject("received").put("msgs", c.inMessages()).put("bytes", c.inBytes());
        json.put("slow_consumers", c.slowConsumers());
    }
}
