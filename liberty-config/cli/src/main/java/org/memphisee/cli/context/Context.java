package org.memphisee.cli.context;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A broker by a name of one's own. Everything but the name may be empty: then the default counts.
 *
 * @param name letters, digits, {@code .-_}
 * @param server host, with the port of clients if it is not the default
 * @param api address of the management API
 * @param monitor address of the monitor
 * @param metrics address of health and metrics
 * @param user who we are there
 * @param passwordFile file with the password; a context never holds one
 * @param tlsCa file with the certificates to trust
 * @param tls whether the port of clients must be encrypted
 */
public record Context(String name, String server, String api, String monitor, String metrics, String user,
                      String passwordFile, String tlsCa, boolean tls) {

    static final Context NONE = new Context("", "", "", "", "", "", "", "", false);

    static Context read(JsonNode n) {
        return new Context(n.path("name").asText(""), n.path("server").asText(""), n.path("api").asText(""),
            n.path("monitor").asText(""), n.path("metrics").asText(""), n.path("user").asText(""),
            n.path("passwordFile").asText(""), n.path("tlsCa").asText(""), n.path("tls").asBoolean(false));
    }

    /** With all members, also the empty ones. */
    public ObjectNode json() {
        return JsonNodeFactory.instance.objectNode().put("name", name).put("server", server).put("api", api)
            .put("monitor", monitor).put("metrics", metrics).put("user", user).put("passwordFile", passwordFile)
            .put("tlsCa", tlsCa).put("tls", tls);
    }
}
