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
import org.memphisee.wire.WireSettings;

/**
 * The adapter as the container knows it. {@code start} only finds threads and checks the properties; the listener lives
 * from {@link #register} to {@link #unregister}. Works embedded in the broker's EAR and stand-alone.
 */
@Connector(displayName = "Memphis EE", description = "Client connections of the Memphis EE broker",
        vendorName = "Memphis EE", eisType = "Memphis EE", version = "0.1",
        reauthenticationSupport = false, transactionSupport = TransactionSupport.TransactionSupportLevel.NoTransaction)
public class BrokerResourceAdapter implements ResourceAdapter {

    private static final Logger LOG = System.getLogger(BrokerResourceAdapter.class.getName());

    @ConfigProperty(defaultValue = "127.0.0.1", description = "Address to listen on")
    private String host = NetSettings.DEFAULTS.host();

    @ConfigProperty(defaultValue = "6666", description = "Port to listen on; 0 takes any free port")
    private Integer port = NetSettings.DEFAULTS.port();

    @ConfigProperty(defaultValue = "true", description = "false for an instance without a listener")
    private Boolean listen = true;

    @ConfigProperty(defaultValue = "0", description = "Event loops; 0 means one per core, at most 4")
    private Integer ioThreads = NetSettings.DEFAULTS.ioThreads();

    @ConfigProperty(defaultValue = "true", description = "Use epoll where there is one")
    private Boolean nativeTransport = NetSettings.DEFAULTS.nativeTransport();

    @ConfigProperty(defaultValue = "concurrent/raThreads", description = "JNDI name of the managed thread factory")
    private String threadFactory = "concurrent/raThreads";

    @ConfigProperty(defaultValue = "65536", description = "Connections at a time")
    private Integer maxConnections = NetSettings.DEFAULTS.maxConnections();

    @ConfigProperty(defaultValue = "67108864", description = "Bytes that may wait for one client")
    private Long maxQueuedBytes = NetSettings.DEFAULTS.maxQueuedBytes();

    @ConfigProperty(defaultValue = "10000", description = "Time without write progress, in milliseconds")
    private Long writeDeadlineMillis = NetSettings.DEFAULTS.writeDeadlineMillis();

    @ConfigProperty(defaultValue = "4096", description = "Longest control line in bytes")
    private Integer maxControlLine = WireSettings.DEFAULTS.maxControlLine();

    @ConfigProperty(defaultValue = "2000", description = "Time for CONNECT in milliseconds")
    private Long authTimeoutMillis = WireSettings.DEFAULTS.authTimeoutMillis();

    @ConfigProperty(defaultValue = "120000", description = "Time between PINGs in milliseconds")
    private Long pingIntervalMillis = WireSettings.DEFAULTS.pingIntervalMillis();

    private final NetCounters counters = new NetCounters();
    private State state = new Stopped();

    /** What the adapter is doing; every change goes through {@link #start}, {@link #stop} and the two registrations. */
    private sealed interface State { }

    private record Stopped() implements State { }

    private record Started(NetSettings settings, ThreadFactory threads) implements State { }

    private record WithoutListener(Started started) implements State { }

    private record Listening(Started started, ClientListener listener) implements State { }

    @Override
    public synchronized void start(BootstrapContext context) throws ResourceAdapterInternalException {
        try {
            state = new Started(settings(), threads());
        } catch (IllegalArgumentException e) {
            throw new ResourceAdapterInternalException("RA0001 Adapter property is out of range: " + e.getMessage(), e);
        }
    }

    @Override
    public synchronized void stop() {
        unregister(); // the broker did so already, unless it failed
        state = new Stopped();
    }

    /** See {@link RaControl#register}. */
    public synchronized void register(BrokerPort broker) throws ListenException {
        Objects.requireNonNull(broker, "broker is required");
        if (!(state instanceof Started started)) {
            throw new IllegalStateException(state instanceof Stopped ? "The adapter is not started"
                    : "A broker is registered already");
        }
        state = listen
                ? new Listening(started, ClientListener.open(broker, started.settings, counters, started.threads))
                : new WithoutListener(started);
    }

    /** See {@link RaControl#unregister}. */
    public synchronized void unregister() {
        if (state instanceof Listening listening) {
            listening.listener.close();
            state = listening.started;
        } else if (state instanceof WithoutListener idle) {
            state = idle.started;
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

    private NetSettings settings() {
        WireSettings wire = new WireSettings(maxControlLine, authTimeoutMillis,
                WireSettings.DEFAULTS.firstPingMillis(), pingIntervalMillis,
                WireSettings.DEFAULTS.maxOutstandingPings());
        return NetSettings.DEFAULTS.withAddress(host, port).withLoops(ioThreads, nativeTransport)
                .withBudgets(maxConnections, maxQueuedBytes, writeDeadlineMillis).withWire(wire);
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

    // ---- properties, set by the container before start

    public String getHost() {
        return host;
    }

    public void setHost(String host) {
        this.host = host;
    }

    public Integer getPort() {
        return port;
    }

    public void setPort(Integer port) {
        this.port = port;
    }

    public Boolean getListen() {
        return listen;
    }

    public void setListen(Boolean listen) {
        this.listen = listen;
    }

    public Integer getIoThreads() {
        return ioThreads;
    }

    public void setIoThreads(Integer ioThreads) {
        this.ioThreads = ioThreads;
    }

    public Boolean getNativeTransport() {
        return nativeTransport;
    }

    public void setNativeTransport(Boolean nativeTransport) {
        this.nativeTransport = nativeTransport;
    }

    public String getThreadFactory() {
        return threadFactory;
    }

    public void setThreadFactory(String threadFactory) {
        this.threadFactory = threadFactory;
    }

    public Integer getMaxConnections() {
        return maxConnections;
    }

    public void setMaxConnections(Integer maxConnections) {
        this.maxConnections = maxConnections;
    }

    public Long getMaxQueuedBytes() {
        return maxQueuedBytes;
    }

    public void setMaxQueuedBytes(Long maxQueuedBytes) {
        this.maxQueuedBytes = maxQueuedBytes;
    }

    public Long getWriteDeadlineMillis() {
        return writeDeadlineMillis;
    }

    public void setWriteDeadlineMillis(Long writeDeadlineMillis) {
        this.writeDeadlineMillis = writeDeadlineMillis;
    }

    public Integer getMaxControlLine() {
        return maxControlLine;
    }

    public void setMaxControlLine(Integer maxControlLine) {
        this.maxControlLine = maxControlLine;
    }

    public Long getAuthTimeoutMillis() {
        return authTimeoutMillis;
    }

    public void setAuthTimeoutMillis(Long authTimeoutMillis) {
        this.authTimeoutMillis = authTimeoutMillis;
    }

    public Long getPingIntervalMillis() {
        return pingIntervalMillis;
    }

    public void setPingIntervalMillis(Long pingIntervalMillis) {
        this.pingIntervalMillis = pingIntervalMillis;
    }
}
