package org.memphisee.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import org.memphisee.core.cluster.Leaders;
import org.memphisee.core.cluster.link.LinkEnd;
import org.memphisee.core.cluster.link.LinkHealth;
import org.memphisee.core.cluster.link.PeerFrame;
import org.memphisee.core.cluster.link.PeerIdentity;
import org.memphisee.core.cluster.link.PeerLinks;
import org.memphisee.core.cluster.link.Traffic;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.partition.Partition;
import org.memphisee.core.routing.RoutesOptions;
import org.memphisee.core.routing.RoutesReport;
import org.memphisee.core.routing.RoutesSettings;
import org.memphisee.core.schema.SchemaLanguages;
import org.memphisee.core.time.World;
import org.memphisee.store.memory.MemoryLogStore;

/**
 * Three whole brokers with threads and clients, whose routes are linked in memory. Streams are made at one of them; the others are
 * told that they are there, as definitions of a cluster would.
 */
final class BrokersOfOneCluster implements AutoCloseable {

    final Map<String, Broker> brokers = new TreeMap<>();
    final Map<String, Leaders> leaders = new TreeMap<>();
    final List<String> unexpected = new CopyOnWriteArrayList<>();
    private final Map<String, Links> links = new TreeMap<>();

    BrokersOfOneCluster() throws StoreException {
        for (String name : List.of("a", "b", "c")) {
            BrokerOptions o = WholeBroker.options(WholeBroker.SHARDS, 10_000_000);
            Broker broker = Broker.open(o, new MemoryLogStore(MemoryLogStore.Disk.KEEPS), World.of(task -> {
                Thread thread = new Thread(task);
                thread.setDaemon(true);
                return thread;
            }), new WholeBroker.Events(unexpected), SchemaLanguages.NONE, new RoutesOptions(RoutesSettings.DEFAULT, new RoutesReport() {
                @Override
                public void notUnderstood(String peer, String why) {
                    unexpected.add(peer + ": " + why);
                }

                @Override
                public void interestRefused(String peer, int patterns) {
                    unexpected.add(peer + " " + patterns);
                }
            }, 64 << 20));
            brokers.put(name, broker);
            links.put(name, new Links(name));
            leaders.put(name, new Leaders(name));
            broker.routes().over(links.get(name), leaders.get(name));
        }
        link("a", "b");
        link("a", "c");
        link("b", "c");
    }

    private void link(String x, String y) {
        links.get(x).up.add(y);
        links.get(y).up.add(x);
        brokers.get(x).routes().linked(y, new PeerIdentity("t", y, 1, 1, 1, "", Map.of()));
        brokers.get(y).routes().linked(x, new PeerIdentity("t", x, 1, 1, 1, "", Map.of()));
    }

    /** All others hear of what was made at a node. */
    void tell(String owner) {
        for (Partition p : new ArrayList<>(partitions(owner))) {
            brokers.forEach((name, broker) -> {
                leaders.get(name).atNode(p.id(), owner);
                if (!name.equals(owner)) {
                    broker.router().partitions().openElsewhere(p.id(), p.config());
                }
            });
        }
    }

    private Collection<Partition> partitions(String owner) {
        return brokers.get(owner).partitions();
    }

    CoreClient client(String node, String own) {
        return new CoreClient(brokers.get(node), WholeBroker.SECRET, own + ".");
    }

    /** A node is there no more for the others. */
    void kill(String name) {
        for (String other : List.copyOf(links.get(name).up)) {
            links.get(name).up.remove(other);
            links.get(other).up.remove(name);
            brokers.get(other).routes().unlinked(name, LinkEnd.CLOSED);
        }
    }

    @Override
    public void close() {
        brokers.values().forEach(Broker::close);
    }

    private final class Links implements PeerLinks {
        private final String name;
        private final Set<String> up = ConcurrentHashMap.newKeySet();

        private Links(String name) {
            this.name = name;
        }

        @Override
        public String self() {
            return name;
        }

        @Override
        public Set<String> peers() {
            Set<String> all = new HashSet<>(Set.of("a", "b", "c"));
            all.remove(name);
            return all;
        }

        @Override
        public Sent send(String peer, Traffic traffic, byte[] frame) {
            if (!up.contains(peer)) {
                return Sent.NOT_LINKED;
            }
            brokers.get(peer).routes().received(name, traffic, new PeerFrame() {
                @Override
                public byte[] bytes() {
                    return frame;
                }

                @Override
                public void done() { }
            });
            return Sent.TAKEN;
        }

        @Override
        public LinkHealth health(String peer) {
            throw new UnsupportedOperationException();
        }
    }
}
