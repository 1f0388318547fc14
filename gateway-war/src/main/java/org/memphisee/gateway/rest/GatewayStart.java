package org.memphisee.gateway.rest;

import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;

import jakarta.annotation.Resource;
import jakarta.ejb.EJB;
import jakarta.ejb.EJBException;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.inject.Inject;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;

import org.memphisee.config.BrokerSettings;
import org.memphisee.ejb.BrokerEngine;
import org.memphisee.ejb.GatewayHost;
import org.memphisee.gateway.monitor.Monitor;
import org.memphisee.port.HttpService;

/** Brings the gateway, and the monitor's pages for clients, up with their web module and takes them down with it. Called by the container, one call at a time. */
@WebListener
public class GatewayStart implements ServletContextListener {

    private static final System.Logger LOG = System.getLogger(GatewayStart.class.getName());
    private static final long LOG_MILLIS = 250;

    @EJB
    private GatewayHost host;
    @Inject
    private Monitor monitor;
    @Resource
    private ManagedExecutorService executor;
    @Resource
    private ManagedScheduledExecutorService scheduler;

    private volatile AccessLog log = AccessLog.none();
    private volatile BrokerEngine shown;

    @Override
    public void contextInitialized(ServletContextEvent event) {
        host.serveGateway(this::open);
    }

    private HttpService open(BrokerEngine engine, BrokerSettings settings) {
        boolean again = shown != null; // the broker was opened again
        engine.showPages(monitor);
        shown = engine;
        engine.local().idleAfter(TimeUnit.MILLISECONDS.toNanos(settings.gateway().idleMillis()));
        settings.gateway().accessLog().filter(directory -> !again).ifPresent(directory -> {
            log = AccessLog.in(directory);
            scheduler.scheduleWithFixedDelay(log::write, LOG_MILLIS, LOG_MILLIS, TimeUnit.MILLISECONDS);
        });
        return new RestDoor(engine, settings, executor, log);
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
        try {
            host.closeGateway();
        } catch (EJBException | IllegalStateException brokerIsGone) {
            LOG.log(Level.DEBUG, "the port was closed before", brokerIsGone);
        }
        BrokerEngine engine = shown;
        if (engine != null) {
            engine.showPages(null); // they are gone with this module
        }
        log.close();
    }
}
