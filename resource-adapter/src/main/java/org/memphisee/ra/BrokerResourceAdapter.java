package org.memphisee.ra;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.ThreadFactory;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.transaction.xa.XAResource;

import jakarta.resource.NotSupportedException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.BootstrapContext;
import jakarta.resource.spi.ConfigProperty;
import jakarta.resource.spi.Connector;
import jakarta.resource.spi.ResourceAdapter;
import jakarta.resource.spi.ResourceAdapterInternalException;
import jakarta.resource.spi.TransactionSupport;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import org.memphisee.net.ClientListener;
import org.memphisee.net.ListenException;
import org.memphisee.net.NetCounters;
import org.memphisee.net.NetSettings;
import org.memphisee.net.NetStatistics;
import org.memphisee.port.BrokerPort;

/**
 * The adapter as the container knows it. {@code start} only finds threads; the listener, with its address and limits from the broker, lives
 * from {@link #register} to {@link #unregister}. Works embedded in the broker's EAR and stand-alone.
 */
@Connector(displayName = "Memphis EE", description = "Client connections of the Memphis EE broker",
        vendorName = "Memphis EE", eisType = "Memphis EE", version = "0.1",
        reauthenticationSupport = false, transactionSupport = TransactionSupport.TransactionSupportLevel.NoTransaction)
public class BrokerResourceAdapter implements ResourceAdapter {

    private static final Logger LOG = System.getLogger(BrokerResourceAdapter.class.getName());

    @ConfigProperty(defaultValue = "concurrent/raThreads", description = "JNDI name of the managed thread factory")
    private String threadFactory = "concurrent/raThreads";

    private final NetCounters counters = new NetCounters();
    private State state = new Stopped();

    /** What the adapter is doing; every change goes through {@link #start}, {@link #stop} and the two registrations. */
    private sealed interface State { }

    private record Stopped() implements State { }

    private record Started(ThreadFactory threads) implements State { }

    private record Listening(Started started, ClientListener listener) implements State { }

    @Override
    public synchronized void start(BootstrapContext context) throws ResourceAdapterInternalException {
        state = new Started(threads());
    }

    @Override
    public synchronized void stop() {
        unregister(); // the broker did so already, unless it failed
        state = new Stopped();
    }

    /** See {@link RaControl#register}. */
    public synchronized void register(BrokerPort broker, NetSettings settings) throws ListenException {
        Objects.requireNonNull(broker, "broker is required");
        if (!(state instanceof Started started)) {
            throw new IllegalStateException(state instanceof Stopped ? "The adapter is not started"
                    : "A broker is registered already");
        }
        state = new Listening(started, ClientListener.open(broker, settings, counters, started.threads));
    }

    /** See {@link RaControl#unregister}. */
    public synchronized void unregister() {
        if (state instanceof Listening listening) {
            listening.listener.close();
            state = listening.started;
        }
    }

    /** See {@link RaControl#counters}. */
    public NetStatistics counters() {
        return counters;
    }

    /** See {@link RaControl#boundPort}. */
    public synchronized OptionalInt boundPort() {
        return state instanceof Listening listening ? OptionalInt.of(listening.listener.port()) : OptionalInt.empty();
    }

    /** See {@link RaControl#boundWebSocketPort}. */
    public synchronized OptionalInt boundWebSocketPort() {
        return state instanceof Listening listening ? listening.listener.webSocketPort() : OptionalInt.empty();
    }

    @Override
    public void endpointActivation(MessageEndpointFactory factory, ActivationSpec spec) throws ResourceException {
        throw new NotSupportedException("RA0002 This adapter delivers to clients on its port only; "
                + "it does not activate message-driven beans");
    }

    @Override
    public void endpointDeactivation(MessageEndpointFactory factory, ActivationSpec spec) {
        // None was activated.
    }

    @Override
    public XAResource[] getXAResources(ActivationSpec[] specs) {
        return new XAResource[0];
    }

    private ThreadFactory threads() {
        try {
            if (new InitialContext().lookup(threadFactory) instanceof ThreadFactory found) {
                return found;
            }
            LOG.log(Level.WARNING, "RA0103 {0} is no thread factory; the adapter makes its own threads", threadFactory);
        } catch (NamingException e) {
            LOG.log(Level.INFO, "RA0104 No thread factory {0}; the adapter makes its own threads", threadFactory);
        }
        return task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        };
    }

    public String getThreadFactory() {
        return threadFactory;
    }

    /** Set by the container before start. */
    public void setThreadFactory(String threadFactory) {
        this.threadFactory = threadFactory;
    }
}
