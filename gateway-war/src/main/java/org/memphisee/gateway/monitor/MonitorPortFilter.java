package org.memphisee.gateway.monitor;

import java.io.IOException;

import jakarta.ejb.EJB;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.memphisee.ejb.BrokerStatus;

/**
 * One web module serves several ports: the monitor's paths exist on the monitor's port only. Paths are compared after
 * normalisation, so {@code //varz}, which existing scrapers ask for, is answered.
 */
@WebFilter(urlPatterns = "/*", asyncSupported = true, dispatcherTypes = DispatcherType.REQUEST)
public class MonitorPortFilter extends HttpFilter {

    private static final long serialVersionUID = 1;

    @EJB
    private transient BrokerStatus status;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
        throws IOException, jakarta.servlet.ServletException {
        int port = request.getLocalPort();
        boolean gateway = status.settings().map(s -> s.listen().gatewayPort() == port).orElse(false);
        if (gateway) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        chain.doFilter(request, response);
    }
}
