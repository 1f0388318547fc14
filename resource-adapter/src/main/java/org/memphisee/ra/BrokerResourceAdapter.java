package org.memphisee.ra;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
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
import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.ResourceAdapter;
import jakarta.resource.spi.ResourceAdapterInternalException;
import jakarta.resource.spi.TransactionSupport;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import org.memphisee.net.ConnectionFigures;
import org.memphisee.net.NetCounters;
import org.memphisee.net.NetSettings;
import org.memphisee.net.NetStatistics;
import org.memphisee.net.http.HttpSettings;
import org.memphisee.net.link.Links;
import org.memphisee.net.listen.ClientListener;
import org.memphisee.net.listen.ListenException;
import org.memphisee.port.BrokerPort;
import org.memphisee.port.HttpService;
import org.memphisee.ra.inbound.BrokerActivationSpec;
import org.memphisee.ra.inbound.RunningActivation;

/**
 * The adapter as the container knows it. It serves two: the broker, whose listener lives from {@link #register} to {@link
 * #unregister}, and applications, which connect to a broker over TCP or, in mode {@code in-process}, to the registered one.
 * Works embedded in the broker's EAR and stand-alone.
 */
@Connector(displayName = "Memphis EE", description = "Connections to and of the Memphis EE broker",
        vendorName = "Memphis EE", eisType = "Memphis EE", version = "0.1",
        reauthenticationSupport = false,
        transactionSupport = TransactionSupport.TransactionSupportLevel.LocalTransaction)
public class BrokerResourceAdapter extends ConnectionProperties implements ResourceAdapter {

    private static final long serialVersionUID = 1;
    private static final Logger LOG = System.getLogger(BrokerResourceAdapter.class.getName());
    private static final String CLIENT = "client";
    private static final String IN_PROCESS = "in-process";
    private static final int MOST_THREADS = 64;
    private static final long LONGEST_CONNECT_MILLIS = 600_000;

    @ConfigProperty(defaultValue = "concurrent/raThreads", description = "JNDI name of the managed thread factory")
    private String threadFactory = "concurrent/raThreads";
    @ConfigProperty(defaultValue = CLIENT, description = "client: applications reach a broker over TCP; in-process: the "
            + "broker that registers with this adapter")
    private String mode = CLIENT;
    @ConfigProperty(defaultValue = "1", description = "Threads that read from and write to brokers")
    private Integer linkThreads = 1;
    @ConfigProperty(defaultValue = "5000", description = "Time to connect to the broker, in milliseconds")
    private Long connectTimeoutMillis = 5_000L;

    private final NetCounters counters = new NetCounters();
    private final Map<MessageEndpointFactory, RunningActivation> activations = new ConcurrentHashMap<>();
    private State state = new Stopped();
    private volatile AdapterContext context;

    /** What the adapter is doing; every change goes through {@link #start}, {@link #stop} and the two registrations. */
    private sealed interface State { }

    private record Stopped() implements State { }

    private record Started(ThreadFactory threads, Links links) implements State { }

    private record Listening(Started started, ClientListener listener) implements State { }

    @Override
    public synchronized void start(BootstrapContext bootstrap) throws ResourceAdapterInternalException {
        try {
            validate();
        } catch (InvalidPropertyException e) {
            throw new ResourceAdapterInternalException(e.getMessage(), e);
        }
        ThreadFactory threads = threads();
        Links links = new Links(linkThreads, threads, counters, connectTimeoutMillis.intValue());
        state = new Started(threads, links);
        context = new AdapterContext(links, mode.equals(CLIENT) ? links.tcp() : links.inProcess(),
                bootstrap.getWorkManager(), bootstrap.getTransactionSynchronizationRegistry(),
                new WorkExecutor(bootstrap.getWorkManager()), new BrokerWatch());
    }

    @Override
    public void validate() throws InvalidPropertyException {
        super.validate();
        PropertyCheck.holds("mode", CLIENT.equals(mode) || IN_PROCESS.equals(mode),
                "must be " + CLIENT + " or " + IN_PROCESS + ", is " + mode);
        PropertyCheck.required("threadFactory", threadFactory);
        PropertyCheck.range("linkThreads", linkThreads, 1, MOST_THREADS);
        PropertyCheck.range("connectTimeoutMillis", connectTimeoutMillis, 1, LONGEST_CONNECT_MILLIS);
    }

    @Override
    public synchronized void stop() {
        activations.values().forEach(RunningActivation::stop); // the container did so already, unless it failed
        activations.clear();
        unregister(); // as the broker did
        if (state instanceof Started started) {
            started.links.close();
        }
        context = null;
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
        started.links.serve(broker);
    }

    /** See {@link RaControl#unregister}. */
    public synchronized void unregister() {
        if (state instanceof Listening listening) {
            listening.started.links.unserve();
            listening.listener.close();
            state = listening.started;
        }
    }

    /** See {@link RaControl#leave}. */
    public synchronized void leave() {
        if (state instanceof Listening listening) {
            listening.listener.leave();
        }
    }

    /** See {@link RaControl#dismiss}. */
    public synchronized void dismiss(int most) {
        if (state instanceof Listening listening) {
            listening.listener.dismiss(most);
        }
    }

    /** See {@link RaControl#openHttp}. */
    public synchronized void openHttp(HttpService service, HttpSettings settings) throws ListenException {
        if (!(state instanceof Listening listening)) {
            throw new IllegalStateException("No broker is registered");
        }
        listening.listener.openHttp(service, settings);
    }

    /** See {@link RaControl#closeHttp}. */
    public synchronized void closeHttp() {
        if (state instanceof Listening listening) {
            listening.listener.closeHttp();
        }
    }

    /** See {@link RaControl#counters}. */
    public NetStatistics counters() {
        return counters;
    }

    /** See {@link RaControl#openConnections}. */
    public synchronized List<ConnectionFigures> openConnections() {
        return state instanceof Listening listening ? listening.listener.figures() : List.of();
    }

    /** See {@link RaControl#closedConnections}. */
    public synchronized List<ConnectionFigures> closedConnections() {
        return state instanceof Listening listening ? listening.listener.closedFigures() : List.of();
    }

    /** See {@link RaControl#boundPort}. */
    public synchronized OptionalInt boundPort() {
        return state instanceof Listening listening ? OptionalInt.of(listening.listener.port()) : OptionalInt.empty();
    }

    /** See {@link RaControl#boundWebSocketPort}. */
    public synchronized OptionalInt boundWebSocketPort() {
        return state instanceof Listening listening ? listening.listener.webSocketPort() : OptionalInt.empty();
    }

    /**
     * What connections and activations need.
     *
     * @throws IllegalStateException if the adapter is not started
     */
    public AdapterContext context() {
        AdapterContext current = context;
        if (current == null) {
            throw new IllegalStateException("The resource adapter is not started");
        }
        return current;
    }

    /** The settings of a connection factory or activation, completed by the adapter's and the defaults. */
    public ConnectionSettings complete(ConnectionSettings own) {
        return own.over(connection().over(ConnectionSettings.DEFAULTS));
    }

    @Override
    public void endpointActivation(MessageEndpointFactory factory, ActivationSpec spec) throws ResourceException {
        if (!(spec instanceof BrokerActivationSpec ours)) {
            throw new NotSupportedException("RA0002 " + spec + " is no activation of this adapter");
        }
        ours.validate();
        activations.put(factory, RunningActivation.begin(context(), factory, ours, complete(ours.connection()),
                connectTimeoutMillis));
    }

    @Override
    public void endpointDeactivation(MessageEndpointFactory factory, ActivationSpec spec) {
        RunningActivation activation = activations.remove(factory);
        if (activation != null) {
            activation.stop();
        }
    }

    /** None: deliveries are acknowledged after the transaction's end, so that nothing of ours is ever in doubt. */
    @Override
    public XAResource[] getXAResources(ActivationSpec[] specs) {
        return new XAResource[0];
    }

    /** Each adapter has threads and connections of its own: none is like another. Containers insist on this method. */
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
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

    // Properties: set by the container before start.

    public String getThreadFactory() {
        return threadFactory;
    }

    public void setThreadFactory(String threadFactory) {
        this.threadFactory = threadFactory;
    }

    public String getMode() {
        return mode;
    }

    public void setMode(String mode) {
        this.mode = mode;
    }

    public Integer getLinkThreads() {
        return linkThreads;
    }

    public void setLinkThreads(Integer linkThreads) {
        this.linkThreads = linkThreads;
    }

    public Long getConnectTimeoutMillis() {
        return connectTimeoutMillis;
    }

    public void setConnectTimeoutMillis(Long connectTimeoutMillis) {
        this.connectTimeoutMillis = connectTimeoutMillis;
    }
}
