package org.memphisee.ra.inbound;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkException;
import org.memphisee.client.AccessRefusedException;
import org.memphisee.client.Backoff;
import org.memphisee.client.BrokerAddress;
import org.memphisee.client.BrokerSession;
import org.memphisee.client.Credentials;
import org.memphisee.client.Delivery;
import org.memphisee.client.GroupFeed;
import org.memphisee.client.GroupRequests;
import org.memphisee.client.GroupSpec;
import org.memphisee.client.SessionSettings;
import org.memphisee.ra.AdapterContext;

/**
 * Keeps one member of a group connected: connects, joins, and begins again after every loss, later each time. Guarded by its own
 * lock, which is never held while the owner or the network is called.
 */
final class GroupConnection implements GroupFeed.Listener {

    private static final Logger LOG = System.getLogger(GroupConnection.class.getName());
    private static final long FIRST_PAUSE_MILLIS = 200;
    private static final long LONGEST_PAUSE_MILLIS = 10_000;

    private final AdapterContext context;
    private final GroupSpec group;
    private final Target target;
    private final Owner owner;
    private final String peer;
    private final Backoff backoff =
        new Backoff(FIRST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS, ThreadLocalRandom.current()::nextDouble);
    private BrokerSession session;
    private GroupFeed feed;
    /** It was a member once: a station that is gone by now was deleted, and is not made anew. */
    private boolean joinedBefore;
    /** When the group was made that it was a member of last; empty for not known. */
    private String created = "";
    private boolean deletionReported;
    private boolean refused;
    private boolean closed;

    /**
     * Where to connect, and how.
     *
     * @param address the broker
     * @param credentials who connects
     * @param settings times and limits
     */
    record Target(BrokerAddress address, Credentials credentials, SessionSettings settings) { }

    /** Whom it serves. Called by a link's thread. */
    interface Owner {

        /** A member of the group from now on. */
        void connected(GroupFeed feed);

        /** Not any more; what it holds may still be acknowledged over the next connection. */
        void disconnected();

        /** Not any more, and what it holds is worth nothing: its station or group was deleted. */
        void voided();

        void delivered(Delivery delivery);

        void readComplete();
    }

    GroupConnection(AdapterContext context, GroupSpec group, Target target, Owner owner) {
        this.context = context;
        this.group = group;
        this.target = target;
        this.owner = owner;
        peer = context.dialer().inProcess() ? "the broker in this process" : target.address().toString();
    }

    /** Begins to connect. */
    void start() {
        inContainer(this::connect);
    }

    /** Whether messages can come. */
    synchronized boolean connected() {
        return feed != null;
    }

    void capacity(int messages, long bytes) {
        GroupFeed current = feed();
        if (current != null) {
            current.capacity(messages, bytes);
        }
    }

    void progress(List<Delivery> messages) {
        GroupFeed current = feed();
        if (current != null && !messages.isEmpty()) {
            current.progress(messages);
        }
    }

    /** Asks for no more messages; when this returns, within the time, nothing is on its way any more. */
    void leave(long millis) {
        GroupFeed current = feed();
        if (current != null) {
            current.unsubscribe();
            flush(current.session(), millis);
        }
    }

    /** Ends the connection when the broker has handled what was sent, or after the time. */
    void close(long millis) {
        BrokerSession current;
        synchronized (this) {
            closed = true;
            current = session;
            feed = null;
        }
        if (current != null) {
            flush(current, millis);
            current.close();
        }
    }

    private void flush(BrokerSession current, long millis) {
        try {
            current.flush().get(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.log(Level.DEBUG, "the broker did not confirm the words of " + group.group(), e);
        }
    }

    private synchronized GroupFeed feed() {
        return feed;
    }

    private void connect() {
        synchronized (this) {
            if (closed) {
                return;
            }
        }
        BrokerSession.open(context.dialer(), target.address(), target.credentials(), target.settings(), this::lost)
            .whenComplete((opened, failure) -> {
                if (failure != null) {
                    failed(failure);
                    return;
                }
                context.watch().connected(peer);
                synchronized (this) {
                    session = opened;
                    if (closed) {
                        opened.close();
                        return;
                    }
                }
                join(opened);
            });
    }

    /** Link's thread. */
    private void join(BrokerSession on) {
        CompletableFuture<Boolean> there = joinedBefore() ? GroupRequests.stationExists(on, group.station())
            : CompletableFuture.completedFuture(true);
        there.thenCompose(exists -> exists ? GroupFeed.join(on, group, this)
            : CompletableFuture.<GroupFeed>completedFuture(null)).whenComplete((joined, failure) -> {
                if (failure != null) {
                    joinFailed(on, failure);
                } else if (joined == null) {
                    stationDeleted();
                    on.schedule(() -> join(on), nextPause());
                } else {
                    joined(joined);
                }
            });
    }

    private synchronized boolean joinedBefore() {
        return joinedBefore;
    }

    private void stationDeleted() {
        boolean first;
        synchronized (this) {
            first = !deletionReported;
            deletionReported = true;
        }
        if (first) {
            LOG.log(Level.WARNING, "RA0205 Station {0} was deleted; group {1} consumes again when somebody creates it, "
                + "which is looked for. Create the station, or undeploy the bean", group.station(), group.group());
        }
    }

    private void joined(GroupFeed joined) {
        boolean another;
        synchronized (this) {
            if (closed) {
                return; // its session is closed, and the membership with it
            }
            another = !created.isEmpty() && !joined.created().isEmpty() && !created.equals(joined.created());
            created = joined.created();
            feed = joined;
            joinedBefore = true;
            deletionReported = false;
            refused = false;
            backoff.reset();
        }
        if (another) {
            LOG.log(Level.WARNING, "RA0210 Group {0} or its station {1} was deleted and made again while there was no connection. "
                + "What beans had in their hands is neither acknowledged nor given back: it was of the earlier one",
                group.group(), group.station());
            owner.voided();
        }
        LOG.log(Level.INFO, "RA0203 Group {0} consumes from station {1} ({2} partitions)", group.group(), group.station(),
            Integer.toString(joined.partitions()));
        owner.connected(joined);
    }

    private void joinFailed(BrokerSession on, Throwable failure) {
        if (!on.open()) {
            return; // lost() begins again
        }
        String text = text(failure);
        boolean first;
        synchronized (this) {
            first = !refused;
            refused = true;
        }
        LOG.log(first ? Level.WARNING : Level.DEBUG, "RA0204 Group {0} cannot consume from station {1}, it is tried again: {2}",
            group.group(), group.station(), text);
        on.schedule(() -> join(on), nextPause());
    }

    private void failed(Throwable failure) {
        if (failure instanceof AccessRefusedException) {
            boolean first;
            synchronized (this) {
                first = !refused;
                refused = true;
            }
            LOG.log(first ? Level.WARNING : Level.DEBUG, "RA0204 Group {0} cannot consume from station {1}, it is tried again: "
                + "{2}", group.group(), group.station(), failure.getMessage());
        } else {
            context.watch().lost(peer, text(failure));
        }
        again();
    }

    private void lost(String reason) {
        boolean ended;
        synchronized (this) {
            feed = null;
            session = null;
            ended = closed;
        }
        owner.disconnected();
        if (!ended) {
            context.watch().lost(peer, reason);
            again();
        }
    }

    private void again() {
        context.links().schedule(() -> inContainer(this::connect), nextPause());
    }

    private synchronized long nextPause() {
        return backoff.nextMillis();
    }

    /** Runs a task on a thread of the container: looking an address up may block. */
    private void inContainer(Runnable task) {
        try {
            context.work().scheduleWork(new Work() {
                @Override
                public void run() {
                    task.run();
                }

                @Override
                public void release() {
                    // ends by itself
                }
            });
        } catch (WorkException e) {
            LOG.log(Level.DEBUG, "no thread to connect with", e);
            synchronized (this) {
                if (closed) {
                    return;
                }
            }
            context.links().schedule(() -> inContainer(task), LONGEST_PAUSE_MILLIS);
        }
    }

    private static String text(Throwable failure) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause() : failure;
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    // ---- GroupFeed.Listener

    @Override
    public void delivered(Delivery delivery) {
        owner.delivered(delivery);
    }

    @Override
    public void readComplete() {
        owner.readComplete();
    }

    @Override
    public void gone(String why) {
        BrokerSession on;
        synchronized (this) {
            feed = null;
            created = "";
            on = session;
        }
        owner.voided();
        if (on != null) {
            GroupRequests.stationExists(on, group.station()).thenAccept(exists -> {
                if (exists) {
                    LOG.log(Level.WARNING, "RA0205 Group {0} of station {1} was deleted; it is made again and begins "
                        + "with the first message that the station still has. Undeploy the bean to stop consuming",
                        group.group(), group.station());
                } else {
                    stationDeleted();
                }
            });
            on.schedule(() -> join(on), nextPause());
        }
    }
}
