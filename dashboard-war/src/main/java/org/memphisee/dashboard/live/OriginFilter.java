package org.memphisee.dashboard.live;

import java.io.IOException;

import jakarta.ejb.EJB;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.memphisee.dashboard.api.Guard;
import org.memphisee.ejb.BrokerStatus;

/**
 * The live channel is open to the same pages, under the same names of this host, as the API (dashboard.md 3.9). Here and
 * not in the endpoint, which the container calls only after it has accepted the connection.
 */
@WebFilter(urlPatterns = {LiveEndpoint.PATH, PollServlet.PATH}, asyncSupported = true)
public class OriginFilter extends HttpFilter {

    private static final long serialVersionUID = 1;

    @EJB
    private transient BrokerStatus status;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
        throws IOException, ServletException {
        Guard guard = new Guard(status);
        String host = request.getHeader("Host");
        if (guard.hostAllowed(host) && guard.originAllowed(request.getHeader("Origin"), host)) {
            chain.doFilter(request, response);
        } else {
            response.sendError(HttpServletResponse.SC_FORBIDDEN);
        }
    }
}
