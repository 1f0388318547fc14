package org.memphisee.dashboard.live;

import java.util.logging.Level;
import java.util.logging.Logger;

import jakarta.annotation.Resource;
import jakarta.ejb.EJB;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;

import org.memphisee.ejb.BrokerStatus;

/**
 * Tells the container of the live channel when the web module starts, with what the channel needs. By hand, because
 * the container does not inject into WebSocket endpoints of this module.
 */
@WebListener
public class LiveRegistration implements ServletContextListener {

    /** Where the web module keeps its {@link LiveHub}. */
    static final String HUB = LiveHub.class.getName();

    private static final Logger LOG = Logger.getLogger(LiveRegistration.class.getName());

    @EJB
    private BrokerStatus status;

    @Resource
    private ManagedScheduledExecutorService executor;

    @Override
    public void contextInitialized(ServletContextEvent event) {
        LiveHub hub = new LiveHub(status, executor);
        event.getServletContext().setAttribute(HUB, hub);
        ServerEndpointConfig config = ServerEndpointConfig.Builder.create(LiveEndpoint.class, LiveEndpoint.PATH)
            .configurator(new ServerEndpointConfig.Configurator() {
                @Override
                public <T> T getEndpointInstance(Class<T> type) {
                    return type.cast(new LiveEndpoint(hub));
                }
            }).build();
        ServerContainer container =
            (ServerContainer) event.getServletContext().getAttribute(ServerContainer.class.getName());
        try {
            container.addEndpoint(config);
        } catch (DeploymentException e) { // the pages say that they get no figures; everything else goes on
            LOG.log(Level.WARNING, "the dashboard's live channel could not be registered", e);
        }
    }
}
