package org.memphisee.cluster.jgroups;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Where a name is now. Asked each time when a connection is made, since a node may come back at another address. May wait. */
public interface NameLookup {

    /** As the system knows names. */
    NameLookup SYSTEM = InetAddress::getByName;

    /**
     * Looks up a name or an address.
     *
     * @throws UnknownHostException when nothing is known of it now
     */
    InetAddress find(String host) throws UnknownHostException;
}
