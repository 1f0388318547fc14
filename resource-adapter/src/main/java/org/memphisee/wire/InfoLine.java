package org.memphisee.wire;

import java.nio.charset.StandardCharsets;
import java.util.List;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.memphisee.port.ServerIdentity;
import org.memphisee.port.SessionInfo;

/** What the server says about itself: its first line, and once more when it stops (wire-protocol.md 1.3). */
final class InfoLine {

    private static final String RUNTIME = "java" + Runtime.version().feature();

    private InfoLine() { }

    static byte[] of(ServerIdentity server, ListenAddress address, SessionInfo client) {
        return bytes(fields(server, address, client));
    }

    /** The same again for a client that is to leave: the server stops, and is not among those to connect to. */
    static byte[] leaving(ServerIdentity server, ListenAddress address, SessionInfo client) {
        return bytes(fields(server, address, client).put("ldm", true));
    }

    private static byte[] bytes(ObjectNode info) {
        return ("INFO " + info + " \r\n").getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectNode fields(ServerIdentity server, ListenAddress address, SessionInfo client) {
        ObjectNode info = JsonNodeFactory.instance.objectNode();
        info.put("server_id", server.serverId());
        info.put("server_name", server.serverName());
        info.put("version", server.version());
        info.put("proto", 1);
        info.put("go", RUNTIME);
        info.put("host", address.host());
        info.put("port", address.port());
        info.put("headers", true);
        if (server.authRequired()) {
            info.put("auth_required", true);
        }
        tls(info, address.tls());
        info.put("max_payload", server.maxPayload());
        info.put("jetstream", true);
        info.put("client_id", client.clientId());
        info.put("client_ip", client.remoteHost());
        info.put("connection_id", "");
        if (!server.cluster().name().isEmpty()) {
            info.put("cluster", server.cluster().name());
            urls(info, "connect_urls", server.cluster().connectUrls());
            urls(info, "ws_connect_urls", server.cluster().webSocketUrls());
        }
        return info;
    }

    private static void urls(ObjectNode info, String name, List<String> urls) {
        if (!urls.isEmpty()) {
            ArrayNode array = info.putArray(name);
            urls.forEach(array::add);
        }
    }

    private static void tls(ObjectNode info, ListenAddress.Tls tls) {
        switch (tls) {
            case AVAILABLE -> info.put("tls_available", true);
            case REQUIRED -> info.put("tls_required", true);
            case VERIFIED -> info.put("tls_required", true).put("tls_verify", true);
            case NONE -> { }
        }
    }
}
