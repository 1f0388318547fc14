package org.memphisee.gateway.monitor;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.ejb.BrokerEngine;

/** Links to other servers, of which one that stands alone has none (monitoring.md 1.5 and O-010). */
final class ServerLinks {

    private ServerLinks() { }

    static ObjectNode routez(BrokerEngine engine, Parameters parameters) throws BadParameterException {
        parameters.flag("subs");
        ObjectNode json = Endpoint.begun(engine);
        named(json, engine).put("num_routes", 0).putArray("routes");
        return json;
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
