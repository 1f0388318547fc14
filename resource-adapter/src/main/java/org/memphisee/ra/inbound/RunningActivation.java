package org.memphisee.ra.inbound;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.JMException;
import javax.management.ObjectName;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import org.memphisee.client.SessionSettings;
import org.memphisee.ra.AdapterContext;
import org.memphisee.ra.ConnectionSettings;

/** An activation with its figures in JMX, from begin to stop. */
public final class RunningActivation {

    private static final Logger LOG = System.getLogger(RunningActivation.class.getName());
    private static final AtomicLong NUMBERS = new AtomicLong();

    private final EndpointActivation activation;
    private final ObjectName name;

    private RunningActivation(EndpointActivation activation, ObjectName name) {
        this.activation = activation;
        this.name = name;
    }

    /**
     * Begins to deliver to a bean; returns at once.
     *
     * @throws ResourceException if the bean does not fit
     */
    public static RunningActivation begin(AdapterContext context, MessageEndpointFactory factory,
                                          BrokerActivationSpec spec, ConnectionSettings connection,
                                          long connectMillis) throws ResourceException {
        SessionSettings defaults = SessionSettings.DEFAULTS;
        EndpointActivation activation = new EndpointActivation(context, factory, spec, new GroupConnection.Target(
            connection.address(), connection.credentials(), new SessionSettings(connectMillis, defaults.requestMillis(),
                defaults.pingMillis(), defaults.maxInFlightBytes())));
        RunningActivation running = new RunningActivation(activation, publish(activation.bean(), spec));
        activation.start();
        return running;
    }

    private static ObjectName publish(ActivationMXBean activation, BrokerActivationSpec spec) {
        try {
            ObjectName name = new ObjectName("org.memphisee:type=Activation,station=" + ObjectName.quote(spec.getStation())
                + ",group=" + ObjectName.quote(spec.getConsumerGroup()) + ",id=" + NUMBERS.incrementAndGet());
            ManagementFactory.getPlatformMBeanServer().registerMBean(activation, name);
            return name;
        } catch (JMException e) {
            LOG.log(Level.DEBUG, "no figures in JMX", e);
            return null;
        }
    }

    /** Ends it; see {@link EndpointActivation#stop}. */
    public void stop() {
        activation.stop();
        if (name != null) {
            try {
                ManagementFactory.getPlatformMBeanServer().unregisterMBean(name);
            } catch (JMException e) {
                LOG.log(Level.DEBUG, "figures were not in JMX", e);
            }
        }
    }
}
