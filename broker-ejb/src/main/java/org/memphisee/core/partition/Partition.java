package org.memphisee.core.partition;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

import org.memphisee.core.append.Shard;
import org.memphisee.core.consumer.SubjectFilter;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.partition.cursor.ConsumerSlot;
import org.memphisee.core.partition.cursor.PartitionConsumers;
import org.memphisee.core.partition.letters.LetterFigures;
import org.memphisee.core.partition.letters.LetterLog;
import org.memphisee.core.partition.log.Merger;
import org.memphisee.core.partition.log.MessageQueries;
import org.memphisee.core.partition.log.MessageRead;
import org.memphisee.core.partition.log.ShardResources;
import org.memphisee.core.partition.log.StoredBatch;
import org.memphisee.core.partition.log.StoredIds;
import org.memphisee.core.partition.log.StoredMessages;
import org.memphisee.core.partition.log.StoredView;
import org.memphisee.core.partition.publish.Appender;
import org.memphisee.core.partition.publish.DedupWindow;
import org.memphisee.core.partition.publish.EarlyPublishes;
import org.memphisee.core.partition.publish.IdWindow;
import org.memphisee.core.partition.publish.PublishHeaders;
import org.memphisee.core.partition.publish.PublishOrigin;
import org.memphisee.core.partition.publish.PublishRefusal;
import org.memphisee.core.partition.publish.Republisher;
import org.memphisee.core.partition.publish.Rollups;
import org.memphisee.core.partition.publish.StationWindow;
import org.memphisee.core.partition.publish.WindowShare;
import org.memphisee.core.partition.retention.InterestRetention;
import org.memphisee.core.partition.retention.Removals;
import org.memphisee.core.partition.retention.Trimmer;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.core.tier.Retirement;
import org.memphisee.port.PublishRequest;

/**
 * One partition: what belongs together on its shard. {@link PartitionHandle} is for any thread, everything else for the
 * shard's.
 */
public final class Partition implements PartitionHandle, Shard.Owner {

    private static final byte[] OFFLINE = "NATS/1.0 409 Stream Is Offline\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final long id;
    private final long createdNanos;
    private final ShardResources resources;
    private final StoredMessages messages;
    private final Appender appender;
    private final Removals removals;
    private final Trimmer trimmer;
    private final Merger merger;
    private final InterestRetention interest;
    private final LetterLog letters;
    private final PartitionConsumers consumers;
    private final Applied applied;
    private final PartitionTable.Listener listener;
    private final MessageQueries queries;
    private final RemovalRequests requests;
    private final EarlyPublishes early;
    private final PartitionAdministration administration;
    private Republisher republisher;
    private final Runnable announce = this::announceRemovals;
    private boolean announceRequested;
    /** Whether what is to go was decided elsewhere until now. */
    private boolean copied;
    private PartitionLife life = PartitionLife.OPENING;
    private volatile String fault = "";
    private volatile StreamConfig config;
    private volatile StreamState state;
    private volatile long consumerChanges;

    /** An empty partition whose message ids are its own. */
    Partition(long id, long createdNanos, StreamConfig config, ShardResources resources,
              PartitionTable.Listener listener) {
        this(id, createdNanos, config, resources, listener, Optional.empty());
    }

    /** An empty partition that may share a window of message ids with others of its station. */
    Partition(long id, long createdNanos, StreamConfig config, ShardResources resources,
              PartitionTable.Listener listener, Optional<StationWindow> station) {
        this.id = id;
        this.createdNanos = createdNanos;
        this.config = config;
        this.resources = resources;
        this.early = new EarlyPublishes(resources.shard());
        this.messages = new StoredMessages(id, config, resources);
        this.queries = new MessageQueries(messages, this::unknown);
        long window = config.duplicateWindowNanos();
        IdWindow ids = station.isPresent() ? station.get().join(resources.shard(), window, this::repeated)
            : new DedupWindow(resources.index(), resources.shard(), window);
        this.appender = new Appender(id, config, resources, messages, ids, this::committed, this::skipped,
            this::frozen);
        this.listener = listener;
        this.removals = new Removals(id, messages, appender::state, this::removalsPending);
        this.trimmer = new Trimmer(config, messages, resources, removals, resources.tier().holds(id));
        this.merger = new Merger(id, messages, resources, new PublishHeaders()::messageId, appender::freeze, this::merged);
        removals.merger(merger);
        this.interest = new InterestRetention(config, resources, messages, removals, appender::lastAssigned);
        appender.interest(interest);
        this.letters = new LetterLog(id, resources, messages);
        this.consumers = new PartitionConsumers(id, resources, messages, removals, interest, () -> life.writes(),
            appender::freeze, letters);
        letters.bind(consumers::storeSoon, consumers::storeNow, name -> consumers.find(name).isPresent());
        this.applied = new Applied(messages, consumers, appender, resources.shard().clock(),
            () -> this.config.duplicateWindowNanos());
        this.requests = new RemovalRequests(messages, appender, removals, consumers, this::announceRemovals);
        this.administration = new PartitionAdministration(this, messages, queries, consumers, requests);
        messages.listeners(consumers::dataReady, this::corrupt);
        messages.owner(this);
        messages.watcher(consumers);
        if (config.firstSeq() > 1) {
            messages.advance(config.firstSeq() - 1, 0);
            appender.startAt(config.firstSeq());
        }
        consumersChanged();
        republisher = new Republisher(config, resources.publisher());
        publishState();
    }

    // ---- any thread

    @Override
    public long id() {
        return id;
    }

    @Override
    public String name() {
        return config.name();
    }

    @Override
    public StreamConfig config() {
        return config;
    }

    @Override
    public long createdNanos() {
        return createdNanos;
    }

    @Override
    public StreamState state() {
        return state;
    }

    @Override
    public LetterFigures deadLetters() {
        return letters.figures();
    }

    @Override
    public void run(Consumer<PartitionOperations> operation) {
        resources.shard().execute(() -> {
            enter();
            operation.accept(administration);
        });
    }

    @Override
    public String fault() {
        return fault;
    }

    /** How often a consumer came or went. */
    public long consumerChanges() {
        return consumerChanges;
    }

    /** What the partitions of its shard share. */
    public ShardResources resources() {
        return resources;
    }

    // ---- recovery

    /** Reads what the store has of it. */
    void recover(LogStore store) throws StoreException {
        boolean over = new PartitionRecovery(messages, applied).run(id, config, store);
        removals.dropStored(applied.remainders());
        letters.recover(store);
        if (over) {
            trimmer.trimSubjects();
        }
        trimmer.run();
        publishState();
    }

    /** Reads what the store has of it, to copy from now on what another broker decides. */
    void follow(LogStore store) throws StoreException {
        copied = true;
        trimmer.follows();
        new PartitionRecovery(messages, applied).run(id, config, store);
        life = PartitionLife.FOLLOWING;
        publishState();
    }

    /** Decides from now on, when its consumers are back; everything that was decided elsewhere has taken effect here. */
    void lead(LogStore store) throws StoreException {
        enter();
        life = PartitionLife.OPENING;
        applied.complete();
        letters.recover(store);
        removals.dropStored(applied.remainders());
        removals.storeGone();
        publishState();
    }

    /** The store has what was applied of another broker's decisions. */
    void copied() {
        applied.stored();
        publishState();
    }

    /** How what is stored takes effect here, while nothing is decided here. */
    Applied applied() {
        return applied;
    }

    /** Nothing of it is given out, taken or changed until the store was mended (P2). */
    void failedRecovery(StoreException cause) {
        life = PartitionLife.FAILED;
        trimmer.stop();
        letters.stop();
        appender.ids().close();
        appender.freeze(cause);
    }

    /** All consumers are back: it serves from now on. */
    void opened() {
        if (life != PartitionLife.OPENING) {
            return;
        }
        life = PartitionLife.SERVING;
        letters.opened();
        consumers.opened();
        applyRetention();
        if (copied) { // limits are looked at when it is known who consumes
            copied = false;
            trimmer.leads(applied.over() && messages.subjectIndex().someOver());
        }
        early.handOn(this::publish);
        publishState();
    }

    // ---- the data path

    /** Takes one message, or refuses it; the origin hears which. */
    public void publish(PublishRequest request, PublishOrigin origin) {
        enter();
        if (!origin.wanted()) {
            return;
        }
        switch (life) {
            case SERVING, FROZEN -> appender.publish(request, origin);
            case FOLLOWING, CEASED -> appender.refuse(request, origin, PublishRefusal.NO_LEADER, "");
            case OPENING -> {
                if (!early.add(request, origin)) {
                    appender.refuse(request, origin, PublishRefusal.NO_ROOM_YET, "");
                }
            }
            case FAILED -> appender.refuse(request, origin, PublishRefusal.OFFLINE, appender.frozen().getMessage());
            case CLOSED -> appender.refuse(request, origin, PublishRefusal.GONE, "");
        }
    }

    /** Whether messages that do not fit their schema become dead letters. Any thread, a moment old. */
    public boolean keepsSchemaFailures() {
        return letters.keepsFailures();
    }

    /** A message that was published here does not fit its schema; whether it is stored all the same is not said. */
    public void schemaFailure(PublishRequest request, String problem) {
        enter();
        if (life == PartitionLife.SERVING) {
            letters.failed(request, problem);
        }
    }

    /**
     * Whether another object serves the partition from now on, here or elsewhere: what is still on its way to this one is for
     * that. Shard's thread only.
     */
    public boolean ceased() {
        return life == PartitionLife.CEASED;
    }

    /** Takes an acknowledgement: subject and payload are slices of the request. False when nobody asked for it. */
    public boolean acknowledge(PublishRequest r, String reply) {
        enter();
        if (life == PartitionLife.FAILED) {
            return false;
        }
        return consumers.acknowledge(r.bytes(), r.subjectOffset(), r.subjectLength(), r.bodyOffset() + r.headerLength(),
            r.payloadLength(), reply);
    }

    /** Takes a pull request of the consumer named in the slice; false when that is not here. */
    public boolean pull(PublishRequest r, int consumerOffset, int consumerLength, String inbox) {
        enter();
        if (life == PartitionLife.FAILED) {
            resources.inboxes().inbox(inbox, "").status(OFFLINE, "");
            return true;
        }
        ConsumerSlot slot = consumers.find(r.bytes(), consumerOffset, consumerLength);
        if (slot != null) {
            consumers.pull(slot, r.bytes(), r.bodyOffset() + r.headerLength(), r.payloadLength(), inbox);
        }
        return slot != null;
    }

    /** A client answered a flow-control request. */
    public void flowControl(String consumer, String subject) {
        enter();
        consumers.find(consumer).ifPresent(s -> s.consumer().flowControlAnswered(subject));
    }

    private boolean repeated(long sequence, PublishRequest request, PublishOrigin origin) {
        enter();
        return appender.repeated(life.over() ? 0 : sequence, request, origin);
    }

    private void committed(StoredBatch batch) {
        trimmer.count(batch);
        if (republisher.applies()) {
            republisher.committed(batch, messages::lastBefore);
        }
        Rollups.Rollup rollup;
        while ((rollup = appender.takeRollup()) != null) {
            long message = rollup.sequence();
            trimmer.begin();
            removals.removeIf(1, message - 1, filter(rollup.subject()), m -> true, n -> trimmer.ended());
        }
        trimmer.committed(batch);
        consumers.committed();
        interest.committed(batch);
        merger.committed();
        publishState();
    }

    private void skipped(long from, long to) {
        removals.skipped(from, to);
        publishState();
    }

    private void merged() {
        if (life.over()) {
            return;
        }
        trimmer.run();
        if (messages.file()) {
            consumers.storeSoon();
        }
    }

    /** What the shard does from here on is done to this partition. */
    void enter() {
        resources.shard().enter(this);
    }

    /**
     * A change was left half done by something unforeseen. What is in memory may be wrong, so that nothing of it is given
     * out or stored any more; the store has what it had, and a restart reads that. Told once.
     */
    @Override
    public void escaped(Throwable cause) {
        if (!life.known()) {
            return;
        }
        StoreException failure = new StoreException("unexpected: " + cause, cause, false);
        life = PartitionLife.FAILED;
        fault = "stream " + name() + " is offline until a restart, nothing of it is changed, since something unexpected: "
            + cause;
        listener.frozen(this, failure);
        publishState();
        trimmer.stop();
        letters.stop();
        consumers.stop();
        appender.abandon(failure);
        early.handOn(this::publish);
        requests.frozen(failure);
        messages.end();
    }

    private void corrupt(StoreException cause) {
        appender.freeze(cause);
    }

    private void frozen(StoreException cause) {
        if (life.over()) {
            return; // something was on its way when it was removed
        }
        if (life == PartitionLife.FAILED) {
            fault = "stream " + name() + " could not be recovered and is offline, nothing of it is changed: "
                + cause.getMessage();
        } else {
            life = PartitionLife.FROZEN;
            fault = "stream " + name() + " is frozen after a failed read or write: " + cause.getMessage();
        }
        early.handOn(this::publish);
        requests.frozen(cause);
        publishState();
        listener.frozen(this, cause);
    }

    private void removalsPending() {
        if (!announceRequested) {
            announceRequested = true;
            resources.shard().atEndOfTurn(announce);
        }
    }

    private void announceRemovals() {
        announceRequested = false;
        if (removals.removedTo() > 0) {
            consumers.messagesRemoved(removals.removedFrom(), removals.removedTo());
            removals.announced();
            consumers.storeSoon();
            publishState();
        }
    }

    private void publishState() {
        if (!life.known()) {
            state = new StreamState(0, 0, 0, 0, 0, 0, 0, 0, 0, life);
            return;
        }
        long count = messages.count();
        long first = count > 0 ? messages.firstSequence() : messages.lastSequence() == 0 ? 0 : messages.lastSequence() + 1;
        long deleted = count == 0 ? 0 : messages.lastSequence() - first + 1 - count;
        state = new StreamState(count, messages.bytes(), first, messages.firstTimeNanos(), messages.lastSequence(),
            messages.lastTimeNanos(), messages.subjectIndex().live(), deleted, consumers.size(), life);
    }

    /** One came or went. */
    void consumersChanged() {
        consumerChanges = consumerChanges + 1; // one writer
        applyRetention();
        publishState();
    }

    private void applyRetention() {
        // until it serves, consumers may come back that need what is there
        trimmer.unclaimed(life.writes() && config.retention() == StreamConfig.Retention.INTEREST && consumers.size() == 0);
    }

    // ---- administration

    void configure(StreamConfig next) {
        config = next;
        if (life == PartitionLife.FAILED) {
            return;
        }
        appender.config(next);
        messages.streamSubjects().changed(next.subjects());
        republisher = new Republisher(next, resources.publisher());
        applyRetention();
        interest.config(next);
        trimmer.config(next);
        publishState();
    }

    /** Shares the station's window of message ids from now on; done when all that is known here is known there. */
    void share(StationWindow station, Runnable done) {
        if (!life.known()) { // as one that could not be recovered
            done.run();
            return;
        }
        long window = config.duplicateWindowNanos();
        WindowShare share = station.join(resources.shard(), window, this::repeated);
        appender.share(share);
        StoredIds.visit(messages, new PublishHeaders()::messageId, resources.shard().clock().wallNanos() - window,
            share::recovered, all -> done.run());
    }

    /** Removes it from the shard; the store's part is submitted behind everything written before. */
    void remove(Runnable done) {
        life = PartitionLife.CLOSED;
        fault = "";
        early.handOn(this::publish);
        appender.removed();
        consumers.deleted();
        end("stream " + name() + " was deleted");
        if (!messages.file()) {
            done.run();
            return;
        }
        new StoredDrop(id, resources).submit(done);
    }

    /**
     * Another broker decides from now on: nothing of this object is of use any more, since it may have what will never be
     * decided. Of what is on its way publishers are still told what became of it.
     */
    void cease() {
        life = PartitionLife.CEASED;
        fault = "";
        early.handOn((request, origin) -> refuse(request, origin, PublishRefusal.NO_LEADER));
        appender.ceased();
        consumers.ceased();
        end("the leader of stream " + name() + " changed, and whether this was done is not known here; ask again");
    }

    private void end(String why) {
        trimmer.stop();
        letters.stop();
        merger.stop();
        giveBack();
        for (int i = 0; i < messages.batches().size(); i++) {
            StoredBatch b = messages.batches().get(i);
            b.gone = true;
            resources.guard().memory().remove(b);
            resources.cache().remove(b);
        }
        requests.over(why);
        messages.end();
    }

    /** Says that a publish is not taken. */
    void refuse(PublishRequest request, PublishOrigin origin, PublishRefusal why) {
        appender.refuse(request, origin, why, "");
    }

    /** Merges as another broker did; see {@link Merger#follow}. */
    void followMerge(List<Long> keys, int crc, Consumer<StoreChange.MergeBatches> merged) {
        merger.follow(keys, crc, merged);
    }

    /** Gives back the memory that is shared with others; it takes no more publishes after that. */
    void giveBack() {
        appender.ids().close();
        messages.subjectIndex().close();
    }

    /** Tells waiting pulls that the server stops, and stores cursors. Any thread; told when they are durable, or nothing is stored here. */
    public void shutdown(Runnable stored) {
        resources.shard().execute(() -> {
            if (!life.writes()) {
                stored.run();
                return;
            }
            enter();
            consumers.shutdown();
            if (life().writes()) {
                requests.whenStored(stored, cause -> stored.run());
            } else {
                stored.run(); // of a copy nothing is to be stored that another node has not decided
            }
        });
    }

    /** Nothing is delivered for a moment, because another broker is about to serve it; or again. Shard's thread only. */
    void pause(boolean now) {
        enter();
        consumers.pause(now);
    }

    /** Whether nobody waits for a message or an acknowledgement that is not written. Shard's thread only. */
    boolean idle() {
        return appender.idle() && (!life.writes() || consumers.idle());
    }

    /** Stores cursors that have changed. Shard's thread only. */
    void storeCursors() {
        enter();
        requests.whenStored(() -> { }, cause -> { });
    }

    /** What the control plane and the JetStream API may ask of it. Shard's thread only. */
    public PartitionOperations operations() {
        return administration;
    }

    /** What its limits no longer allow and that waits for the second tier. Shard's thread only. */
    Retirement retirement() {
        return trimmer.retirement();
    }

    /** What its groups gave up. Shard's thread, but for its figures. */
    public LetterLog letters() {
        return letters;
    }

    /** Its messages as consumers see them. */
    StoredView view() {
        return messages.view();
    }

    /** Records it consists of. */
    int batchCount() {
        return messages.batches().size();
    }

    /** The answer to a question about a message when nothing is known of any. */
    MessageRead unknown() {
        return switch (life) {
            case CLOSED -> MessageRead.GONE;
            case CEASED -> new MessageRead.Offline("the leader of stream " + name() + " changed; ask again");
            default -> new MessageRead.Offline(fault);
        };
    }

    static SubjectFilter filter(String pattern) {
        return pattern.isEmpty() ? SubjectFilter.EVERYTHING : SubjectFilter.of(List.of(pattern));
    }

    /** What it may do. */
    PartitionLife life() {
        return life;
    }

    /** The failure that froze it, or null. */
    StoreException frozenBy() {
        return appender.frozen();
    }
}
