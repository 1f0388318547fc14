package org.memphisee.cluster.broker;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeoutException;

import org.memphisee.cluster.data.DataGroups;
import org.memphisee.cluster.data.DataReport;
import org.memphisee.cluster.data.DataView;
import org.memphisee.cluster.jgroups.ChannelLinks;
import org.memphisee.cluster.meta.Formation;
import org.memphisee.cluster.meta.MetaEngine;
import org.memphisee.cluster.meta.MetaLog;
import org.memphisee.cluster.meta.MetaNode;
import org.memphisee.cluster.meta.MetaReport;
import org.memphisee.cluster.meta.MetaSettings;
import org.memphisee.cluster.node.NodeGroups;
import org.memphisee.cluster.node.NodeReport;
import org.memphisee.core.Broker;
import org.memphisee.core.BrokerEvents;
import org.memphisee.core.BrokerOptions;
import org.memphisee.core.ControlPlane;
import org.memphisee.core.Membership;
import org.memphisee.core.access.Users;
import org.memphisee.core.cluster.ClusterView;
import org.memphisee.core.cluster.Leaders;
import org.memphisee.core.cluster.election.Hindrance;
import org.memphisee.core.cluster.journal.JournalException;
import org.memphisee.core.cluster.journal.JournalFiles;
import org.memphisee.core.cluster.journal.RaftJournal;
import org.memphisee.core.cluster.watch.ClusterStatus;
import org.memphisee.core.cluster.watch.NodeUse;
import org.memphisee.core.control.ChangeResult;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.DefinitionsSnapshot;
import org.memphisee.core.jetstream.LeaderAdvisories;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.SystemEventStore;
import org.memphisee.core.log.SystemLog;
import org.memphisee.core.memphis.MemphisApi;
import org.memphisee.core.partition.GroupHomes;
import org.memphisee.core.replication.GroupPosition;
import org.memphisee.core.routing.PeerRoutes;
import org.memphisee.core.routing.RoutesOptions;
import org.memphisee.core.routing.RoutesReport;
import org.memphisee.core.routing.RoutesSettings;
import org.memphisee.core.schema.SchemaLanguages;
import org.memphisee.core.time.World;

/**
 * A broker that is a node of a cluster. {@link #open} links to the others, waits until the cluster is formed, and returns when
 * clients may be served; what is defined then comes from a majority of the nodes, and is there also when no other node is. The
 * store is the caller's.
 */
public final class ClusterNode implements AutoCloseable {

    private static final long SECONDS = 1_000_000_000L;
    /** So long a start waits for what was defined meanwhile, and for root; without a majority it serves with what it has. */
    private static final long CURRENT_NANOS = 10 * SECONDS;
    private static final int LOOKS_PER_SECOND = 10;
    private static final long LOOK_NANOS = SECONDS / LOOKS_PER_SECOND;
    private static final long PAUSE_NANOS = SECONDS / 100;

    private final ClusterOptions options;
    private final String self;
    private final World world;
    private final ClusterReport report;
    private final RaftJournal journal;
    private final NodeGroups groups;
    private final LateStore late = new LateStore();
    private final MetaLog log;
    private final MetaNode meta;
    private final DataGroups data;
    private final Formation formation;
    private final CompletableFuture<String> formed = new CompletableFuture<>();
    private final CompletableFuture<Void> current = new CompletableFuture<>();
    private final CompletableFuture<Void> began = new CompletableFuture<>();
    private final CompletableFuture<Void> anew = new CompletableFuture<>();
    private final LinkSplit split;
    private final PresenceNews presence;
    private final ClusterWatch observed;
    private volatile ChannelLinks links;
    private volatile Broker broker;
    private volatile ControlPlane control;
    private volatile boolean leads;
    private boolean outdated;
    private boolean serves;
    /** Whether what a leader begins with is to be tried again. */
    private volatile boolean again;
    private volatile String waits = "it is starting";
    private volatile LeaderAdvisories advisories;
    private int untilLook;
    private World.Running watch;
    private String leaderBefore = "";
    private boolean fullBefore;

    private ClusterNode(ClusterOptions options, LogStore store, JournalFiles files, World world, ClusterReport report)
        throws JournalException, StoreException {
        this.options = options;
        this.self = options.self().node();
        this.world = world;
        this.report = report;
        Formation.Beginning seed = StoredBeginning.of(store);
        journal = RaftJournal.open(files, options.journal(), world.clock(), world.random());
        try {
            Reports reports = new Reports();
            groups = new NodeGroups(self, world.clock(), journal, options.replicas(), world.random(), reports);
            log = new MetaLog(late, late);
            meta = new MetaNode(groups, options.members(), log, late, MetaSettings.DEFAULT, world.clock(), journal,
                options.self().incarnation(), reports);
            data = new DataGroups(groups, journal, new Leaders(self), reports, reports);
            data.rebuildWith(options.rebuild());
            data.scrubWith(options.scrub());
            data.whenDefinitionsAreHandedOver(meta::handOver);
            formation = new Formation(groups, options.members(), journal, seed, (beginning, position, done) ->
                StoredBeginning.put(store, beginning, position, done), world::newId, formed::complete, reports);
            presence = new PresenceNews(groups, options.members(), reports);
            observed = new ClusterWatch(options, groups, journal, data, world.clock(), new ClusterWatch.Asked(formed::isDone,
                current::isDone, this::outdated, meta::leader, () -> links), reports);
            split = new LinkSplit(groups);
        } catch (JournalException | RuntimeException e) {
            journal.close();
            throw e;
        }
    }

    /** Opens the files of the journal, which are closed with a node; the next one opens them again. */
    public interface Journals {
        JournalFiles open() throws IOException;
    }

    /**
     * Opens a node. One that lacks what no other keeps takes all definitions from them before this returns, and has its broker opened
     * with them (ADR 0217); when that is known later, {@link ClusterReport#outdated} says so.
     *
     * @param broker what its broker needs to know; its server's name is that of the node
     * @param store an open store, to be closed by the caller after {@link #close}
     * @param threads makes threads that may wait
     * @throws StoreException when definitions or journal cannot be read, or the port of the cluster cannot be opened
     * @throws InterruptedException while it waited for the others
     */
    public static ClusterNode open(ClusterOptions options, BrokerOptions broker, LogStore store, Journals journals, World world,
                                   ThreadFactory threads, BrokerEvents events, ClusterReport report, SchemaLanguages languages)
        throws StoreException, InterruptedException {
        ClusterOptions own = options;
        while (true) {
            ClusterNode node;
            try {
                node = new ClusterNode(own, store, journals.open(), world, report);
            } catch (IOException e) {
                throw new StoreException(e.getMessage(), e, false);
            }
            boolean opened = false;
            try {
                node.start(threads);
                node.broker(broker, store, events, languages);
                opened = node.serves();
                if (opened) {
                    return node;
                }
            } finally {
                if (!opened) {
                    node.close();
                }
            }
            own = own.anotherLife(world.random().nextLong());
        }
    }

    /** From now on somebody else has to close it when it is outdated; false when it is already. */
    private synchronized boolean serves() {
        serves = !outdated;
        return serves;
    }

    private synchronized boolean outdated() {
        return outdated;
    }

    private void start(ThreadFactory threads) throws StoreException {
        journal.start(world);
        groups.start(world);
        try {
            links = ChannelLinks.start(options.self(), options.channel(), options.links(), world.clock(), threads, split);
        } catch (IOException e) {
            throw new StoreException("the port of the cluster cannot be opened: " + e.getMessage()
                + ". Choose another memphisee.cluster.port, or address, in memphisee.cluster.members of all nodes", e, false);
        }
        groups.over(links.links());
    }

    private void broker(BrokerOptions settings, LogStore store, BrokerEvents events, SchemaLanguages languages)
        throws StoreException, InterruptedException {
        try {
            world.await(formed, Long.MAX_VALUE);
            broker = Broker.open(settings, store, world, events, languages, new Member(store));
            broker.announce(options.self().cluster(), options.self().clientUrl());
            split.routes(broker.routes());
            groups.hindrances().tellWhoStops(broker.routes()::leaving);
            watch = world.repeat("memphisee-cluster-watch", LOOK_NANOS, this::look);
            current.thenRun(control.tasks()::resumeOwn);
            awaitDefinitions();
        } catch (ExecutionException e) {
            throw new StoreException("this node cannot be one of the cluster: " + e.getCause().getMessage(), e.getCause(), false);
        } catch (TimeoutException e) {
            throw new IllegalStateException("a wait without an end has ended", e);
        }
    }

    private void awaitDefinitions() throws ExecutionException, TimeoutException, InterruptedException {
        CompletableFuture<Void> known = current.thenCombine(began, (seen, root) -> null);
        try {
            world.await(CompletableFuture.anyOf(known, anew), CURRENT_NANOS);
        } catch (TimeoutException e) {
            // it serves with what it has, and says that it is not current; but a new one that has not heard of root cannot say whether
            // everybody knows the password, and whoever starts it would refuse what was set as it should be
            world.await(CompletableFuture.anyOf(began, anew), Long.MAX_VALUE);
        }
    }

    // ---- what it leads

    /** This node begins to decide about definitions. Control loop. */
    private void leads() {
        leads = true;
        advisories.leadsDefinitions();
        formGroups();
    }

    private void formGroups() {
        ControlEngine engine = control.engine();
        boolean before = engine.definitions().streams().findAny().isPresent() && !engine.definitions().replicationGroups().clustered();
        groups.resume(() -> {
            String seed = formation.seedNode();
            engine.resume(() -> {
                if (before && seed.isEmpty()) {
                    again = true; // the node that has what was defined before is not linked
                    return;
                }
                engine.formGroups(options.members(), seed, options.rings(), new ChangeResult() {
                    @Override
                    public void effective() {
                        control.lead().whenComplete((done, failure) -> {
                            if (failure != null) {
                                again = true;
                            }
                        });
                    }

                    @Override
                    public void failed(StoreException cause) {
                        again = true;
                    }
                });
            });
        });
    }

    /** Notices what changed; ten times a second. */
    private void look() {
        leads = log.leading();
        if (again && leads) {
            again = false;
            control.engine().resume(this::formGroups);
        }
        if (--untilLook <= 0) {
            untilLook = LOOKS_PER_SECOND;
            advisories.look(groups.shown());
        }
        String leader = meta.leader();
        if (!leader.equals(leaderBefore)) {
            leaderBefore = leader;
            report.leads(leader);
        }
        boolean full = broker.storageFull();
        if (full != fullBefore) {
            fullBefore = full;
            report.full(full);
            data.full(full);
        }
        if (!began.isDone() && control.users().find(Users.ROOT).isPresent()) {
            control.users().judgeRoot().thenRun(() -> began.complete(null));
        }
    }

    // ---- for others

    /** The broker of this node. */
    public Broker broker() {
        return broker;
    }

    /** Id of the cluster; empty while it is not formed. */
    public String cluster() {
        return formed.getNow("");
    }

    /** Who leads the definitions; empty when none is known. Any thread. */
    public String leader() {
        return meta.leader();
    }

    /** Whether this node has seen everything that was defined when it came. Any thread. */
    public boolean current() {
        return current.isDone();
    }

    /** What keeps it from being as the others are; empty when nothing does. Any thread. */
    public Optional<String> problem() {
        if (outdated()) {
            return Optional.of("has taken all definitions anew, and opens again with them");
        }
        if (meta.leader().isEmpty()) {
            return Optional.of("has not established contact with a meta leader");
        }
        if (!current.isDone()) {
            return Optional.of("is not current with the meta leader");
        }
        return observed.problem().or(() -> {
            int lacking = data.lacking();
            return lacking == 0 ? Optional.empty()
                : Optional.of("is not current with the leaders of " + lacking + " replication groups");
        });
    }

    /** What it waited for when it last said so. Any thread. */
    public String waits() {
        return waits;
    }

    /** All that is known here of the cluster, about a second old. Any thread; waits for nobody. */
    public ClusterStatus status() {
        return observed.status();
    }

    /** What this process is and uses now, for the others to see. Any thread. */
    public void uses(NodeUse use) {
        observed.uses(use);
    }

    /** The others see from now on that this node is being stopped. Any thread. */
    public void draining() {
        observed.drains();
    }

    /** The groups of partitions. */
    public DataGroups data() {
        return data;
    }

    /** The links to the others. */
    public ChannelLinks links() {
        return links;
    }

    /**
     * This node is about to stop: others lead what it leads, and it leads nothing more. Nothing that clients sent fails for it, as far
     * as there are others. The broker is told before.
     *
     * @param nanos so long at most, when others have yet to come in step
     * @param hurry asked whether it should end before
     * @return whether it leads nothing that others could
     */
    public boolean handOver(long nanos, Hurry hurry) throws InterruptedException {
        long until = world.clock().nowNanos() + nanos;
        draining();
        groups.hindrances().of(Hindrance.STOPS, true);
        while (leadsSomething() && !others().isEmpty()) {
            if (world.clock().nowNanos() >= until || hurry.now()) {
                return false;
            }
            data.handOver();
            if (data.led().isEmpty()) { // what is created meanwhile has a leader until the end
                meta.handOver();
            }
            pause();
        }
        return !leadsSomething();
    }

    /** Whoever waits has no time. */
    public interface Hurry {
        /** Whether that is so now. */
        boolean now() throws InterruptedException;
    }

    /** Nodes that clients may go to when this one stops. Any thread. */
    public Set<String> others() {
        Set<String> others = data.live();
        others.remove(self);
        return others;
    }

    private boolean leadsSomething() {
        return !data.led().isEmpty() || meta.leader().equals(self);
    }

    private void pause() throws InterruptedException {
        try {
            world.await(new CompletableFuture<Void>(), PAUSE_NANOS);
        } catch (TimeoutException e) {
            // as it should
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Stops leading, answers who waits, and ends; the broker was told before that it stops ({@link Broker#stopping}). */
    @Override
    public void close() {
        if (watch != null) {
            watch.close();
        }
        groups.close();
        if (broker != null) {
            broker.close();
        }
        if (links != null) {
            links.close();
        }
        try {
            journal.close();
        } catch (JournalException e) {
            report.failed("the journal", e.getMessage(), e);
        }
    }

    /** What the broker asks for while it opens. */
    private final class Member implements Membership {
        private final LogStore store;

        private Member(LogStore store) {
            this.store = store;
        }

        @Override
        public RoutesOptions routes() {
            return new RoutesOptions(RoutesSettings.DEFAULT, new RoutesReport() {
                @Override
                public void notUnderstood(String peer, String why) {
                    report.notUnderstood(peer, why);
                }

                @Override
                public void interestRefused(String peer, int patterns) {
                    report.interestRefused(peer, patterns);
                }
            }, RoutesSettings.DEFAULT.unansweredBytes() * options.members().size());
        }

        @Override
        public GroupHomes homes(Rooms rooms) {
            return data.in(rooms);
        }

        @Override
        public SystemLog definitions(SystemEventStore own, Executor loop) {
            late.are(own, loop);
            return log;
        }

        @Override
        public void recovered(long last, ControlPlane plane, PeerRoutes routes) throws StoreException {
            control = plane;
            ControlEngine engine = plane.engine();
            ClusterView view = new DataView(options.self().cluster(), data, meta::leader, meta::stepDown);
            engine.view(view);
            engine.whenHandedOver(data::handsOver, data::handedOver);
            advisories = new LeaderAdvisories(engine);
            routes.definitions(data);
            routes.over(links.links(), data.leaders());
            observed.held(routes::held);
            engine.errands().among(view::here, routes.errands(engine.errands()));
            log.whenDeciding(ClusterNode.this::leads);
            plane.presence(presence::changed);
            plane.backups().among(self);
            MemphisApi memphis = plane.memphis();
            presence.tell(new PresenceNews.Listener() {
                @Override
                public void opened(String id, String address) {
                    memphis.connectionOpenedElsewhere(id, address);
                }

                @Override
                public void closed(String id, boolean unheard) {
                    memphis.connectionClosedElsewhere(id, unheard);
                }

                @Override
                public void gone(String id) {
                    memphis.connectionGoneElsewhere(id);
                }

                @Override
                public void unheard(Set<String> nodes) {
                    memphis.unheard(nodes);
                }
            });
            meta.begin(last, GroupPosition.read(store, GroupPosition.DEFINITIONS), new MetaEngine() {
                @Override
                public void append(byte[] event, ChangeResult result) {
                    engine.changeOf(event, result);
                }

                @Override
                public CompletableFuture<DefinitionsSnapshot> snapshot() {
                    return engine.snapshot();
                }
            }, () -> current.complete(null));
        }

        @Override
        public boolean leads() {
            return leads;
        }
    }

    private final class Reports implements NodeReport, MetaReport, DataReport {

        @Override
        public void notUnderstood(String peer, String why) {
            report.notUnderstood(peer, why);
        }

        @Override
        public void groupFailed(long group, String why, Throwable cause) {
            report.failed("replication group " + group, why, cause);
        }

        @Override
        public void unexpected(Throwable cause) {
            report.failed("the loop of the groups", "a defect: " + cause, cause);
        }

        @Override
        public void formed(String cluster) {
            waits = "";
            report.formed(cluster);
        }

        @Override
        public void waits(String why) {
            waits = why;
            report.waits(why);
        }

        @Override
        public void behind() {
            boolean serving;
            synchronized (ClusterNode.this) {
                serving = serves && !outdated;
                outdated = true;
            }
            anew.complete(null);
            if (serving) {
                report.outdated();
            }
        }

        @Override
        public void failed(String why) {
            report.failed("the definitions", why, null);
        }

        @Override
        public void behind(long group) {
            report.behind("replication group " + group);
        }

        @Override
        public void rebuilt(long group) {
            report.rebuilt("replication group " + group);
        }

        @Override
        public void damaged(String what) {
            report.damaged(what);
        }

        @Override
        public void mended(String what, String from) {
            report.mended(what, from);
        }

        @Override
        public void differs(String what, Collection<String> nodes, boolean decided) {
            report.differs(what, String.join(", ", nodes), decided);
        }

        @Override
        public void notMended(String why) {
            report.notMended(why);
        }

        @Override
        public void leader(long group, String name) {
            LeaderAdvisories tells = advisories;
            if (tells != null && name.equals(self)) {
                tells.leads(group);
            }
        }
    }
}
