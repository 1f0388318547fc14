package org.memphisee.net.websocket;

import java.net.URI;
import java.util.List;
import java.util.Locale;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;

import org.memphisee.net.WebSocketSettings;

/** Which web pages may open a connection. A request without {@code Origin} comes from no browser and is let through. */
final class OriginRule {

    private final List<String> allowed;

    /** @param allowed as in {@link WebSocketSettings#origins()} */
    OriginRule(List<String> allowed) {
        this.allowed = allowed;
    }

    boolean allows(HttpHeaders request) {
        String origin = request.get(HttpHeaderNames.ORIGIN);
        if (origin == null || origin.isEmpty() || allowed.isEmpty()) {
            return true;
        }
        String asked = withPort(origin);
        for (String one : allowed) {
            boolean matches = one.equals(WebSocketSettings.SAME_ORIGIN)
                    ? asked.equals(withPort(scheme(origin) + "://" + request.get(HttpHeaderNames.HOST, "")))
                    : asked.equals(withPort(one));
            if (matches && !asked.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private static String scheme(String origin) {
        int end = origin.indexOf("://");
        return end < 0 ? "" : origin.substring(0, end);
    }

    /** Scheme, host and port in one form; empty for what is no origin, such as {@code null}. */
    private static String withPort(String origin) {
        try {
            URI uri = URI.create(origin.toLowerCase(Locale.ROOT));
            if (uri.getScheme() == null || uri.getHost() == null) {
                return "";
            }
            int standard = uri.getScheme().equals("https") ? 443 : 80;
            return uri.getScheme() + "://" + uri.getHost() + ":" + (uri.getPort() < 0 ? standard : uri.getPort());
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
