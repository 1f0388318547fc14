package org.memphisee.ra.outbound;

import java.io.Serializable;
import javax.naming.Reference;

import jakarta.resource.Referenceable;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionManager;
import org.memphisee.ra.api.BrokerConnection;
import org.memphisee.ra.api.BrokerConnectionFactory;
import org.memphisee.ra.api.BrokerException;
import org.memphisee.ra.api.BrokerUnavailableException;

/** What applications look up: asks the container's pool. */
public final class PooledConnectionFactory implements BrokerConnectionFactory, Serializable, Referenceable {

    private static final long serialVersionUID = 1L;

    private final BrokerManagedConnectionFactory factory;
    private final ConnectionManager pool;
    private Reference reference;

    PooledConnectionFactory(BrokerManagedConnectionFactory factory, ConnectionManager pool) {
        this.factory = factory;
        this.pool = pool;
    }

    @Override
    public BrokerConnection getConnection() {
        return allocate(null);
    }

    @Override
    public BrokerConnection getConnection(String user, String password) {
        return allocate(new LoginRequest(user, password));
    }

    private BrokerConnection allocate(LoginRequest login) {
        try {
            return (BrokerConnection) pool.allocateConnection(factory, login);
        } catch (ResourceException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof BrokerException ours) {
                    throw cause instanceof BrokerUnavailableException
                        ? new BrokerUnavailableException(ours.getMessage(), e) : new BrokerException(ours.getMessage(), e);
                }
            }
            throw new BrokerException("The container gives no connection: " + e.getMessage(), e);
        }
    }

    @Override
    public Reference getReference() {
        return reference;
    }

    @Override
    public void setReference(Reference reference) {
        this.reference = reference;
    }
}
