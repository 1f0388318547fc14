package org.memphisee.dashboard.api;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;

import org.memphisee.config.BrokerSettings;
import org.memphisee.core.access.ApiKeys;
import org.memphisee.core.access.User;
import org.memphisee.ejb.BrokerEngine;
import org.memphisee.ejb.BrokerStatus;
import org.memphisee.token.ManagementTokens;

/**
 * Who sends a request to the dashboard's port, and from which web page (management-api.md 1.3 and 1.4). For the API and
 * for the live channel beside it. Thread-safe.
 */
public final class Guard {

    /** Cookie with the refresh token, as the reference has it, and what the names of ours begin with. */
    static final String COOKIE = "memphis-jwt-refresh-token";

    private final BrokerStatus status;

    public Guard(BrokerStatus status) {
        this.status = Objects.requireNonNull(status, "status is required");
    }

    /**
     * The user of an access token or of a key for programs; empty when it is worth nothing (any more), or while the broker is
     * not open.
     */
    public Optional<User> user(String accessToken) {
        if (accessToken.startsWith(ApiKeys.PREFIX)) {
            return status.engine().flatMap(engine -> engine.users().byApiKey(accessToken));
        }
        return tokens().flatMap(tokens -> tokens.access(accessToken));
    }

    /** The user of a request with {@code Authorization: Bearer <token>}; the scheme may be another one. */
    Optional<User> user(HttpServletRequest request) {
        String header = request.getHeader("Authorization");
        String[] parts = header == null ? new String[0] : header.split(" ", -1);
        return parts.length == 2 && !parts[1].isEmpty() ? user(parts[1]) : Optional.empty();
    }

    /**
     * Name of the cookie with the refresh token. Browsers keep cookies by host, whatever the port: with one name for all,
     * brokers on one host would sign each other's users out.
     */
    static String cookieName(ManagementTokens tokens) {
        return COOKIE + "-" + tokens.session();
    }

    /** The user of the refresh cookie; one with the name that the reference gives it counts too. */
    Optional<User> refreshing(HttpServletRequest request) {
        return tokens().flatMap(tokens -> cookies(request, cookieName(tokens), tokens)
            .or(() -> cookies(request, COOKIE, tokens)));
    }

    /** Whether a refresh cookie of ours came under the name that is not ours alone. */
    boolean refreshingByCommonName(HttpServletRequest request) {
        return tokens().flatMap(tokens -> cookies(request, COOKIE, tokens)).isPresent();
    }

    private static Optional<User> cookies(HttpServletRequest request, String name, ManagementTokens tokens) {
        Cookie[] cookies = request.getCookies();
        return Stream.of(cookies == null ? new Cookie[0] : cookies)
            .filter(cookie -> cookie.getName().equals(name) && cookie.getValue() != null)
            .flatMap(cookie -> tokens.refresh(cookie.getValue()).stream()).findFirst();
    }

    private Optional<ManagementTokens> tokens() {
        return status.engine().map(BrokerEngine::tokens).map(tokens -> tokens.management());
    }

    /**
     * Whether a page of this origin may call us: one of our own host, or a configured one. Without an origin it is no
     * page of another host that calls.
     *
     * @param origin header {@code Origin}, null when there is none
     * @param host header {@code Host}, null when there is none
     */
    public boolean originAllowed(String origin, String host) {
        return origin == null || sameHost(origin, host) || listed(origin);
    }

    /** Whether the origin is another than ours and configured. */
    boolean foreignAndAllowed(String origin, String host) {
        return origin != null && !sameHost(origin, host) && listed(origin);
    }

    private boolean listed(String origin) {
        List<String> origins = status.settings().map(BrokerSettings::dashboard).map(BrokerSettings.Dashboard::origins)
            .orElse(List.of());
        return origins.contains("*") || origins.stream().anyMatch(origin::equalsIgnoreCase);
    }

    private static boolean sameHost(String origin, String host) {
        String lower = origin.toLowerCase(Locale.ROOT);
        if (host == null || !lower.startsWith("http://") && !lower.startsWith("https://")) {
            return false;
        }
        boolean tls = lower.startsWith("https://");
        String port = tls ? ":443" : ":80";
        return withPort(lower.substring(lower.indexOf("//") + 2), port)
            .equals(withPort(host.toLowerCase(Locale.ROOT), port));
    }

    private static String withPort(String authority, String port) {
        return authority.matches(".*:\\d{1,5}") ? authority : authority + port;
    }

    /**
     * Whether we may be called by this name. As long as everybody knows root's password only this machine may call, and
     * only by a name of its own: else a page that lets its host name point to this machine would get in.
     *
     * @param host header {@code Host}, null when there is none
     */
    public boolean hostAllowed(String host) {
        if (!status.wellKnownPassword()) {
            return true;
        }
        String name = host == null ? "" : host.toLowerCase(Locale.ROOT).replaceAll(":\\d{1,5}$", "");
        return name.equals("localhost") || name.endsWith(".localhost") || name.equals("[::1]")
            || name.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    }
}
