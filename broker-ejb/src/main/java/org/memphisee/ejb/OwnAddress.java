package org.memphisee.ejb;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.logging.Logger;

import org.memphisee.cluster.jgroups.NameLookup;
import org.memphisee.core.log.StoreException;
import org.memphisee.message.OperatorMessage;

/**
 * Where a node listens. In Kubernetes the name of a pod is known to the DNS a while after the pod was started, and to the pod itself
 * at once, under its short name.
 */
final class OwnAddress {

    private static final Logger LOG = Logger.getLogger(OwnAddress.class.getName());
    /** So long the name of this node may take to be known. */
    static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final NameLookup names;
    private final Pause pause;

    /** How it waits. */
    interface Pause {
        void last(Duration time) throws InterruptedException;
    }

    OwnAddress(NameLookup names) {
        this(names, time -> Thread.sleep(time.toMillis()));
    }

    OwnAddress(NameLookup names, Pause pause) {
        this.names = names;
        this.pause = pause;
    }

    /**
     * The address of this node.
     *
     * @param host where others find it
     * @param node its name, which may be that of this machine
     * @throws StoreException when it is not known for too long
     */
    InetAddress of(String host, String node) throws StoreException, InterruptedException {
        for (Duration waited = Duration.ZERO; ; waited = waited.plus(AGAIN)) {
            try {
                return names.find(host);
            } catch (UnknownHostException e) {
                InetAddress here = here(host, node);
                if (here != null) {
                    return here;
                }
                if (waited.compareTo(PATIENCE) >= 0) {
                    throw new StoreException("this node's own address " + host + " is not known here. Correct it in "
                        + "memphisee.cluster.members or memphisee.cluster.dns.query, or set memphisee.cluster.bind to an address of "
                        + "this machine", e, false);
                }
                if (waited.isZero()) {
                    OperatorMessage.OWN_NAME_UNKNOWN.log(LOG, host);
                }
                pause.last(AGAIN);
            }
        }
    }

    /** Of the machine, when it is called as the node is: as pods are. */
    private InetAddress here(String host, String node) {
        if (!host.startsWith(node + ".")) {
            return null;
        }
        try {
            InetAddress found = names.find(node);
            return found.isLoopbackAddress() ? null : found;
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
