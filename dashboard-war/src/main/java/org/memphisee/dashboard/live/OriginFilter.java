package org.memphisee.dashboard.live;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/**
 * A page may open the live channel of the host it came from only (dashboard.md 3.9). Browsers always say where a page
 * came from; other programs need not, a token they need all the same.
 */
@WebFilter(urlPatterns = LiveEndpoint.PATH, asyncSupported = true)
public class OriginFilter extends HttpFilter {

    private static final long serialVersionUID = 1;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
        throws IOException, ServletException {
        if (sameHost(request.getHeader("Origin"), request.getHeader("Host"))) {
            chain.doFilter(request, response);
        } else {
            response.sendError(HttpServletResponse.SC_FORBIDDEN);
        }
    }

    /** Whether an origin names the host of the request; its scheme does not count, a proxy may have ended TLS. */
    static boolean sameHost(String origin, String host) {
        if (origin == null) {
            return true;
        }
        try {
            String authority = new URI(origin).getRawAuthority();
            return authority != null && host != null && authority.equalsIgnoreCase(host);
        } catch (URISyntaxException opaque) { // "null", which sandboxed pages send, is a URI without authority
            return false;
        }
    }
}
