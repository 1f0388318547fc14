package org.memphisee.ra.outbound;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import javax.security.auth.Subject;

import jakarta.resource.NotSupportedException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConfigProperty;
import jakarta.resource.spi.ConnectionDefinition;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionFactory;
import jakarta.resource.spi.ResourceAdapter;
import jakarta.resource.spi.ResourceAdapterAssociation;
import jakarta.resource.spi.ResourceAllocationException;
import jakarta.resource.spi.SecurityException;
import jakarta.resource.spi.ValidatingManagedConnectionFactory;
import jakarta.resource.spi.security.PasswordCredential;
import org.memphisee.client.AccessRefusedException;
import org.memphisee.client.BrokerSession;
import org.memphisee.client.Credentials;
import org.memphisee.client.Publisher;
import org.memphisee.client.SessionSettings;
import org.memphisee.ra.AdapterContext;
import org.memphisee.ra.BrokerResourceAdapter;
import org.memphisee.ra.ConnectionProperties;
import org.memphisee.ra.ConnectionSettings;
import org.memphisee.ra.PropertyCheck;
import org.memphisee.ra.api.BrokerConnection;
import org.memphisee.ra.api.BrokerConnectionFactory;
import org.memphisee.ra.api.BrokerException;
import org.memphisee.ra.api.BrokerUnavailableException;

/** Makes the pool's connections. Properties are set by the container before use; what is empty comes from the adapter. */
@ConnectionDefinition(connectionFactory = BrokerConnectionFactory.class,
    connectionFactoryImpl = PooledConnectionFactory.class, connection = BrokerConnection.class,
    connectionImpl = ConnectionHandle.class)
public class BrokerManagedConnectionFactory extends ConnectionProperties
    implements ManagedConnectionFactory, ValidatingManagedConnectionFactory, ResourceAdapterAssociation {

    private static final long serialVersionUID = 1L;
    private static final long MOST_BYTES = Integer.MAX_VALUE;
    private static final long LONGEST_MILLIS = 3_600_000;

    @ConfigProperty(defaultValue = "jca", description = "Name under which the broker shows the producer")
    private String producerName = "jca";
    @ConfigProperty(defaultValue = "67108864", description = "Bytes of messages one transaction may hold")
    private Long transactionBytes = 64L << 20;
    @ConfigProperty(defaultValue = "16777216", description = "Published bytes that may wait for acknowledgement")
    private Long maxInFlightBytes = 16L << 20;
    @ConfigProperty(defaultValue = "15000", description = "Time for an answer of the broker, in milliseconds")
    private Long requestTimeoutMillis = 15_000L;
    @ConfigProperty(defaultValue = "30000", description = "Time a commit goes on trying when the broker is lost")
    private Long commitTimeoutMillis = 30_000L;

    private transient BrokerResourceAdapter adapter;
    private transient PrintWriter log;

    @Override
    public Object createConnectionFactory(ConnectionManager pool) throws ResourceException {
        validate(); // the first moment at which all properties are set
        return new PooledConnectionFactory(this, pool);
    }

    @Override
    public Object createConnectionFactory() throws ResourceException {
        throw new NotSupportedException("Connections are the container's to pool: deploy the adapter in one");
    }

    @Override
    public void validate() throws InvalidPropertyException {
        super.validate();
        PropertyCheck.required("producerName", producerName);
        PropertyCheck.range("transactionBytes", transactionBytes, 1, MOST_BYTES);
        PropertyCheck.range("maxInFlightBytes", maxInFlightBytes, 1, MOST_BYTES);
        PropertyCheck.range("requestTimeoutMillis", requestTimeoutMillis, 1, LONGEST_MILLIS);
        PropertyCheck.range("commitTimeoutMillis", commitTimeoutMillis, 0, LONGEST_MILLIS);
    }

    @Override
    public ManagedConnection createManagedConnection(Subject subject, ConnectionRequestInfo info)
        throws ResourceException {
        Credentials credentials = credentials(subject, info);
        try {
            return new BrokerManagedConnection(this, credentials, openSession(credentials));
        } catch (AccessRefusedException e) {
            throw new SecurityException(e.getMessage(), e);
        } catch (BrokerException e) {
            throw new ResourceAllocationException(e.getMessage(), e);
        }
    }

    /**
     * Connects to the broker.
     *
     * @throws BrokerException if it is not there or refuses the credentials
     */
    BrokerSession openSession(Credentials credentials) {
        AdapterContext context = context();
        SessionSettings settings = new SessionSettings(adapter.getConnectTimeoutMillis(), requestTimeoutMillis,
            SessionSettings.DEFAULTS.pingMillis(), maxInFlightBytes);
        ConnectionSettings wanted = adapter.complete(connection());
        String peer = context.dialer().inProcess() ? "the broker in this process" : wanted.address().toString();
        CompletableFuture<BrokerSession> opening = BrokerSession.open(context.dialer(), wanted.address(), credentials,
            settings, reason -> context.watch().lost(peer, reason));
        try {
            BrokerSession session = Publisher.await(opening, 2L * settings.connectMillis() + 1_000);
            context.watch().connected(peer);
            return session;
        } catch (AccessRefusedException e) {
            throw e;
        } catch (BrokerException e) {
            opening.thenAccept(BrokerSession::close); // one that opens after all, when nobody waits any more
            if (Thread.currentThread().isInterrupted()) {
                throw e; // that says nothing about the broker
            }
            context.watch().lost(peer, e.getMessage());
            throw e;
        }
    }

    /** The container's, else what the application said, else what is configured. */
    private Credentials credentials(Subject subject, ConnectionRequestInfo info) {
        if (subject != null) {
            for (PasswordCredential c : subject.getPrivateCredentials(PasswordCredential.class)) {
                // some containers pass an empty user for none
                boolean given = c.getUserName() != null && !c.getUserName().isEmpty();
                if (given && equals(c.getManagedConnectionFactory())) {
                    return new Credentials(c.getUserName(), new String(c.getPassword()), "");
                }
            }
        }
        if (info instanceof LoginRequest login) {
            return new Credentials(login.user(), login.password(), "");
        }
        return adapter.complete(connection()).credentials();
    }

    AdapterContext context() {
        if (adapter == null) {
            throw new BrokerException("The container has not associated the connection factory with its adapter");
        }
        try {
            return adapter.context();
        } catch (IllegalStateException e) { // the adapter goes while an application still works
            throw new BrokerUnavailableException(e.getMessage(), e);
        }
    }

    @Override
    @SuppressWarnings({"rawtypes", "unchecked"})
    public ManagedConnection matchManagedConnections(Set candidates, Subject subject, ConnectionRequestInfo info) {
        Credentials wanted = credentials(subject, info);
        for (Object candidate : candidates) {
            if (candidate instanceof BrokerManagedConnection ours && ours.serves(wanted)) {
                return ours;
            }
        }
        return null;
    }

    @Override
    @SuppressWarnings({"rawtypes", "unchecked"})
    public Set getInvalidConnections(Set connections) {
        Set<Object> invalid = new HashSet<>();
        for (Object connection : connections) {
            if (connection instanceof BrokerManagedConnection ours && !ours.working()) {
                invalid.add(ours);
            }
        }
        return invalid;
    }

    @Override
    public ResourceAdapter getResourceAdapter() {
        return adapter;
    }

    @Override
    public void setResourceAdapter(ResourceAdapter resourceAdapter) throws ResourceException {
        if (!(resourceAdapter instanceof BrokerResourceAdapter ours)) {
            throw new ResourceException("The factory belongs to the Memphis EE adapter, not to " + resourceAdapter);
        }
        adapter = ours;
    }

    @Override
    public void setLogWriter(PrintWriter out) {
        log = out;
    }

    @Override
    public PrintWriter getLogWriter() {
        return log;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BrokerManagedConnectionFactory f && properties().equals(f.properties());
    }

    @Override
    public int hashCode() {
        return properties().hashCode();
    }

    private List<Object> properties() { // a container may set null
        return Arrays.asList(connection(), producerName, transactionBytes, maxInFlightBytes, requestTimeoutMillis,
            commitTimeoutMillis);
    }

    public String getProducerName() {
        return producerName;
    }

    public void setProducerName(String producerName) {
        this.producerName = producerName;
    }

    public Long getTransactionBytes() {
        return transactionBytes;
    }

    public void setTransactionBytes(Long transactionBytes) {
        this.transactionBytes = transactionBytes;
    }

    public Long getMaxInFlightBytes() {
        return maxInFlightBytes;
    }

    public void setMaxInFlightBytes(Long maxInFlightBytes) {
        this.maxInFlightBytes = maxInFlightBytes;
    }

    public Long getRequestTimeoutMillis() {
        return requestTimeoutMillis;
    }

    public void setRequestTimeoutMillis(Long requestTimeoutMillis) {
        this.requestTimeoutMillis = requestTimeoutMillis;
    }

    public Long getCommitTimeoutMillis() {
        return commitTimeoutMillis;
    }

    public void setCommitTimeoutMillis(Long commitTimeoutMillis) {
        this.commitTimeoutMillis = commitTimeoutMillis;
    }
}
