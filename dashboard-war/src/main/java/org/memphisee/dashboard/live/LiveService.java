package org.memphisee.dashboard.live;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.Resource;
import jakarta.ejb.EJB;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.context.ApplicationScoped;

import org.memphisee.ejb.BrokerStatus;

/** Gives the hub what it needs of the container. Made at the first connection. */
@ApplicationScoped
public class LiveService {

    @EJB
    private BrokerStatus status;

    @Resource
    private ManagedScheduledExecutorService executor;

    private LiveHub hub;

    @PostConstruct
    void start() {
        hub = new LiveHub(status, executor);
    }

    LiveHub hub() {
        return hub;
    }
}
