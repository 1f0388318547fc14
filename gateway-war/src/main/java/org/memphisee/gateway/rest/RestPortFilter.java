package org.memphisee.gateway.rest;

import java.io.IOException;

import jakarta.annotation.Resource;
import jakarta.ejb.EJB;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.memphisee.config.BrokerSettings;
import org.memphisee.ejb.BrokerStatus;

/** One web module serves several ports: what comes to the gateway's port goes to the gateway and nowhere else. */
@WebFilter(urlPatterns = "/*", asyncSupported = true, dispatcherTypes = DispatcherType.REQUEST)
public class RestPortFilter extends HttpFilter {

    private static final long serialVersionUID = 1;
    private static final long ASK_NANOS = 20_000_000;

    @EJB
    private transient BrokerStatus status;
    @Resource
    private transient ManagedExecutorService executor;

    private transient volatile RestDoor door;
    private volatile int gatewayPort;
    private volatile long askedAt = System.nanoTime() - 2 * ASK_NANOS;
    private volatile boolean serving;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
        throws IOException, ServletException {
        if (door == null) {
            open();
        }
        if (request.getLocalPort() == gatewayPort || gatewayPort == 0) {
            RestDoor opened = door;
            if (opened == null) {
                RestDoor.notReady(response);
            } else {
                opened.serve(request, response);
            }
            return;
        }
        chain.doFilter(request, response);
    }

    /** Asks the broker's bean at most so often: a call costs as much as checking a token. */
    private boolean serving() {
        long now = System.nanoTime();
        if (now - askedAt > ASK_NANOS) {
            serving = status.state() == BrokerStatus.State.RUNNING;
            askedAt = now;
        }
        return serving;
    }

    private synchronized void open() {
        status.settings().map(BrokerSettings::listen).ifPresent(listen -> gatewayPort = listen.gatewayPort());
        if (door == null && status.state() == BrokerStatus.State.RUNNING) {
            status.engine().ifPresent(engine -> status.settings().ifPresent(settings -> {
                engine.local().idleAfter(settings.gateway().idleMillis() * 1_000_000);
                door = new RestDoor(engine, settings, executor, this::serving);
            }));
        }
    }
}
