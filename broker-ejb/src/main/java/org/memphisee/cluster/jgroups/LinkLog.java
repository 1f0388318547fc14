package org.memphisee.cluster.jgroups;

import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

import org.memphisee.core.cluster.link.LinkEnd;
import org.memphisee.core.cluster.link.LinkRefusal;
import org.memphisee.core.cluster.link.LinkReport;
import org.memphisee.core.cluster.link.PeerFrame;
import org.memphisee.core.cluster.link.PeerIdentity;
import org.memphisee.core.cluster.link.PeerListener;
import org.memphisee.core.cluster.link.Traffic;
import org.memphisee.core.time.BrokerClock;
import org.memphisee.message.OperatorMessage;

/**
 * Says to people what happens to links, and passes it on. The same thing is said once in ten minutes, since nodes that are refused
 * try again four times a second. Any thread.
 */
final class LinkLog implements PeerListener, LinkReport {

    private static final Logger LOG = Logger.getLogger(ChannelLinks.class.getName());
    private static final long AGAIN_NANOS = TimeUnit.MINUTES.toNanos(10);
    /** Different things that are remembered; whoever makes up names cannot fill memory or the log. */
    private static final int MOST = 64;

    private final PeerListener listener;
    private final String cluster;
    private final BrokerClock clock;
    private final Map<String, Long> said = new ConcurrentHashMap<>();

    LinkLog(PeerListener listener, String cluster, BrokerClock clock) {
        this.listener = listener;
        this.cluster = cluster;
        this.clock = clock;
    }

    void starts(ChannelSettings settings) {
        if (settings.tls().isEmpty() && !settings.listen().getAddress().isLoopbackAddress()) {
            OperatorMessage.CLUSTER_INSECURE.log(LOG, settings.listen().getAddress().getHostAddress());
        }
    }

    void notConnected(String peer, Exception e) {
        LOG.log(Level.FINE, peer + " was not connected", e);
    }

    /**
     * Somebody at the port is no node.
     *
     * @param host that it came from
     * @param what it did
     */
    void noNode(InetAddress host, String what) {
        say("no node " + host.getHostAddress(), OperatorMessage.NO_NODE, host.getHostAddress(), what);
    }

    @Override
    public void linked(String peer, PeerIdentity who) {
        said.keySet().removeIf(key -> key.startsWith(peer + ' '));
        OperatorMessage.PEER_LINKED.log(LOG, peer);
        listener.linked(peer, who);
    }

    @Override
    public void unlinked(String peer, LinkEnd end) {
        if (end != LinkEnd.STOPPED) {
            OperatorMessage.PEER_LOST.log(LOG, peer, switch (end) {
                case CLOSED -> "the connection was closed";
                case SILENT -> "nothing was heard of it";
                case GAP -> "something was lost on the way";
                case RESET -> "it began anew";
                case GARBLED -> "what it sent could not be understood";
                case STOPPED -> "this node stops";
            });
        }
        listener.unlinked(peer, end);
    }

    @Override
    public void received(String peer, Traffic traffic, PeerFrame frame) {
        listener.received(peer, traffic, frame);
    }

    @Override
    public void room(String peer, Traffic traffic) {
        listener.room(peer, traffic);
    }

    @Override
    public void gone(String peer) {
        listener.gone(peer);
    }

    @Override
    public void refused(String node, LinkRefusal why, String detail) {
        String key = node + ' ' + why + ' ' + detail;
        switch (why) {
            case VERSION -> say(key, OperatorMessage.PEER_OTHER_VERSION, node, detail);
            case CLUSTER -> say(key, OperatorMessage.PEER_OTHER_CLUSTER, node, detail, cluster);
            case WRONG_NODE, UNKNOWN_NODE -> say(key, OperatorMessage.PEER_NOT_LISTED, node);
            case SAME_NAME -> say(key, OperatorMessage.PEER_SAME_NAME, node);
            case SECRET -> say(key, OperatorMessage.PEER_OTHER_SECRET, node, "memphisee.cluster.secret");
            case FINGERPRINT -> say(key, OperatorMessage.PEER_OTHER_SECRET, node, detail);
        }
    }

    @Override
    public void refusedBy(String node, LinkRefusal why) {
        say("by " + node + ' ' + why, OperatorMessage.REFUSED_BY_PEER, node, switch (why) {
            case VERSION -> "another version";
            case CLUSTER -> "another cluster's name";
            case WRONG_NODE -> "somebody else was meant";
            case UNKNOWN_NODE -> "not in its list of members";
            case SAME_NAME -> "a name that is in use";
            case SECRET -> "another memphisee.cluster.secret";
            case FINGERPRINT -> "another secret of tokens or encryption";
        });
    }

    private void say(String key, OperatorMessage message, Object... arguments) {
        long now = clock.nowNanos();
        Long before = said.get(key);
        if (before != null && now - before < AGAIN_NANOS) {
            return;
        }
        if (said.size() >= MOST) {
            said.values().removeIf(at -> now - at >= AGAIN_NANOS);
        }
        if (said.size() < MOST) {
            said.put(key, now);
            message.log(LOG, arguments);
        }
    }
}
