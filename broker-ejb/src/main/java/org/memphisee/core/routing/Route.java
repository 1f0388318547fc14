package org.memphisee.core.routing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.memphisee.core.api.ApiHandler;

/** Everything that is interested in one subject, at one generation of the tree. Immutable. */
final class Route {

    /** Nobody, whatever the tree holds. */
    static final Route NOBODY = new Route(new ClientSubscription[0], new ClientSubscription[0][], null, null, null);

    final ClientSubscription[] plain;
    final ClientSubscription[][] queues;
    /** Null when no stream stores the subject. */
    final PartitionRef partition;
    /** Null when the broker does not serve the subject. */
    final ApiHandler handler;
    /** Who listens at other nodes, with the queue groups that have members there; null when nobody does. */
    final RemoteRoute remote;
    /** Those at this node, and queue groups that have members here only. */
    final Route here;

    private Route(ClientSubscription[] plain, ClientSubscription[][] queues, PartitionRef partition, ApiHandler handler,
                  RemoteRoute remote) {
        this.plain = plain;
        this.queues = queues;
        this.partition = partition;
        this.handler = handler;
        this.remote = remote;
        this.here = remote == null ? this : new Route(plain, queues, partition, handler, null);
    }

    boolean nobody() {
        return plain.length == 0 && queues.length == 0 && partition == null && handler == null && remote == null;
    }

    /** Whether a client listens, here or elsewhere. */
    boolean subscribed() {
        return plain.length > 0 || queues.length > 0 || remote != null;
    }

    /** Members at this node of a queue group; empty for none. */
    ClientSubscription[] group(String name) {
        for (ClientSubscription[] group : queues) {
            if (group[0].queue.equals(name)) {
                return group;
            }
        }
        return remote == null ? NOBODY.plain : remote.localGroup(name);
    }

    /**
     * A client that should read before more is sent to it, or null. Of a queue group that is one when all its members are:
     * otherwise somebody else takes the message.
     *
     * @param not who does not get the message, null to exclude nobody
     */
    ClientSession behind(ClientSession not) {
        for (ClientSubscription s : plain) {
            if (s.session.behind() && s.session != not && s.active()) {
                return s.session;
            }
        }
        for (ClientSubscription[] group : queues) {
            ClientSession all = behind(group, not);
            if (all != null) {
                return all;
            }
        }
        return null;
    }

    private static ClientSession behind(ClientSubscription[] group, ClientSession not) {
        ClientSession last = null;
        for (ClientSubscription s : group) {
            if (s.session != not && s.active()) {
                if (!s.session.behind()) {
                    return null;
                }
                last = s.session;
            }
        }
        return last;
    }

    /** Gathers interests into a route. */
    static final class Builder {
        private final List<ClientSubscription> plain = new ArrayList<>();
        private final Map<String, List<ClientSubscription>> queues = new LinkedHashMap<>();
        private PartitionRef partition;
        private ApiHandler handler;
        private List<RemoteInterest> remote = List.of();

        /** Adds who has asked for these subjects, not who listens to everything: an application may not hear all. */
        void addNamed(Interest interest) {
            byte[] pattern = interest instanceof ClientSubscription s ? s.pattern
                : interest instanceof RemoteInterest r ? r.pattern() : null;
            if (pattern == null || pattern[0] == '$') {
                add(interest);
            }
        }

        void add(Interest interest) {
            if (interest instanceof ClientSubscription s) {
                if (s.queue.isEmpty()) {
                    plain.add(s);
                } else {
                    queues.computeIfAbsent(s.queue, q -> new ArrayList<>()).add(s);
                }
            } else if (interest instanceof RemoteInterest r) {
                if (remote.isEmpty()) {
                    remote = new ArrayList<>();
                }
                remote.add(r);
            } else if (interest instanceof Interest.Stored s) {
                partition = s.partition();
            } else if (interest instanceof Interest.Served s) {
                handler = s.handler();
            }
        }

        /** Leaves out the stream. */
        void unstored() {
            partition = null;
        }

        Route build() {
            RemoteRoute elsewhere = remote.isEmpty() ? null : RemoteRoute.of(remote, queues);
            ClientSubscription[][] groups = new ClientSubscription[queues.size()][];
            int i = 0;
            for (List<ClientSubscription> members : queues.values()) {
                groups[i++] = members.toArray(ClientSubscription[]::new);
            }
            return new Route(plain.toArray(ClientSubscription[]::new), groups, partition, handler,
                elsewhere);
        }
    }
}
