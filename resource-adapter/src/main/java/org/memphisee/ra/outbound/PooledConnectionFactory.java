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
            BrokerConnection connection = (BrokerConnection) pool.allocateConnection(factory, login);
            if (connection instanceof ConnectionHandle ours) { // some containers wrap it
                ours.from(pool, factory, login);
            }
            return connection;
        } catch (ResourceException e) {
            throw translated(e);
        }
    }

    /** What applications get to see: the broker's reason if there is one. */
    static BrokerException translated(ResourceException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof BrokerException ours) {
                return cause instanceof BrokerUnavailableException
                    ? new BrokerUnavailableException(ours.getMessage(), e) : new BrokerException(ours.getMessage(), e);
            }
        }
        return new BrokerException("The container gives no connection: " + e.getMessage(), e);
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
