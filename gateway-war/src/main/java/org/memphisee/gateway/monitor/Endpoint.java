package org.memphisee.gateway.monitor;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.ejb.BrokerEngine;

/** One path of the monitor that shows the running broker. Thread-safe. */
@FunctionalInterface
interface Endpoint {

    /**
     * The answer.
     *
     * @throws BadParameterException when a parameter makes no sense
     */
    ObjectNode answer(BrokerEngine engine, Parameters parameters) throws BadParameterException;

    /** An object that begins as all of them do. */
    static ObjectNode begun(BrokerEngine engine) {
        return com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode()
            .put("server_id", engine.port().identity().serverId()).put("now", java.time.Instant.now().toString());
    }
}
