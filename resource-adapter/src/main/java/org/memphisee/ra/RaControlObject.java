package org.memphisee.ra;

import java.io.Serializable;
import java.util.List;
import java.util.OptionalInt;
import javax.naming.Reference;

import jakarta.resource.Referenceable;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.AdministeredObject;
import jakarta.resource.spi.ResourceAdapter;
import jakarta.resource.spi.ResourceAdapterAssociation;
import org.memphisee.net.ConnectionFigures;
import org.memphisee.net.NetSettings;
import org.memphisee.net.NetStatistics;
import org.memphisee.net.http.HttpSettings;
import org.memphisee.net.listen.ListenException;
import org.memphisee.port.BrokerPort;
import org.memphisee.port.HttpService;

/** Passes everything on to the adapter instance that the container associates. */
@AdministeredObject(adminObjectInterfaces = RaControl.class)
public class RaControlObject implements RaControl, ResourceAdapterAssociation, Referenceable, Serializable {

    private static final long serialVersionUID = 1L;

    private transient volatile BrokerResourceAdapter adapter;
    private transient volatile Reference reference;

    @Override
    public void register(BrokerPort broker, NetSettings settings) throws ListenException {
        adapter().register(broker, settings);
    }

    @Override
    public void unregister() {
        adapter().unregister();
    }

    @Override
    public void leave() {
        adapter().leave();
    }

    @Override
    public void dismiss(int most) {
        adapter().dismiss(most);
    }

    @Override
    public void openHttp(HttpService service, HttpSettings settings) throws ListenException {
        adapter().openHttp(service, settings);
    }

    @Override
    public void closeHttp() {
        adapter().closeHttp();
    }

    @Override
    public NetStatistics counters() {
        return adapter().counters();
    }

    @Override
    public List<ConnectionFigures> openConnections() {
        return adapter().openConnections();
    }

    @Override
    public List<ConnectionFigures> closedConnections() {
        return adapter().closedConnections();
    }

    @Override
    public OptionalInt boundPort() {
        return adapter().boundPort();
    }

    @Override
    public OptionalInt boundWebSocketPort() {
        return adapter().boundWebSocketPort();
    }

    @Override
    public ResourceAdapter getResourceAdapter() {
        return adapter;
    }

    @Override
    public void setResourceAdapter(ResourceAdapter resourceAdapter) throws ResourceException {
        if (!(resourceAdapter instanceof BrokerResourceAdapter ours)) {
            throw new ResourceException("RaControl belongs to the Memphis EE adapter, not to " + resourceAdapter);
        }
        adapter = ours;
    }

    @Override
    public Reference getReference() {
        return reference;
    }

    @Override
    public void setReference(Reference reference) {
        this.reference = reference;
    }

    private BrokerResourceAdapter adapter() {
        BrokerResourceAdapter current = adapter;
        if (current == null) {
            throw new IllegalStateException("The container has not associated RaControl with its adapter");
        }
        return current;
    }
}
