package org.memphisee.core.append;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import org.memphisee.core.time.BrokerClock;
import org.memphisee.core.time.Loop;
import org.memphisee.core.time.Parking;

/**
 * One single-writer loop. A turn takes all that waits, runs due timers, lets whoever asked finish the turn (seal batches,
 * store cursors), hands over what the turn caused, and writes what may be written here. {@link #submit} and {@link #execute}
 * may be called by any thread, everything else by the shard's own.
 */
public final class Shard implements Loop {

    /** Called by the shard for what no command may throw. */
    public interface Failure {
        void failed(Shard shard, Throwable cause);
    }

    /** Whose state is worked on: what escapes from that concerns nobody else. */
    public interface Owner {
        /** Something escaped while its state was changed, which is now in doubt. */
        void escaped(Throwable cause);
    }

    private static final long NOT_READ = Long.MIN_VALUE;

    private final int number;
    private final BrokerClock clock;
    private final Runnable handOver;
    private final Failure failure;
    private final long budget;
    private final Intake<ShardCommand.Batch> inbox = new Intake<>();
    private final AtomicLong heldBytes = new AtomicLong();
    private final TimerHeap timers = new TimerHeap();
    private final List<ShardCommand.Reader> pausedReaders = new ArrayList<>();
    private List<Runnable> endOfTurn = new ArrayList<>();
    private List<Runnable> endOfTurnSpare = new ArrayList<>();
    /** Whose the actions are, by the same index. */
    private List<Owner> endOfTurnOwners = new ArrayList<>();
    private List<Owner> endOfTurnOwnersSpare = new ArrayList<>();
    private final List<Runnable> afterHandOver = new ArrayList<>(1);
    private final Parking parking = new Parking();
    private long napUntil = Long.MAX_VALUE;
    private long wall = NOT_READ;
    /** Whether commands that were handed over together run. */
    private boolean running;
    /** Of what runs now; null while nobody's state is touched. */
    private Owner owner;

    /**
     * A shard that is driven by {@link #turn()}.
     *
     * @param number its index, from 0
     * @param clock time
     * @param handOver called at the end of each turn, to hand over frames and commands gathered in it
     * @param failure told of exceptions that escape from what has no owner, or from its owner; the shard goes on
     * @param budget bytes of client data held (queued or not yet durable) above which readers are paused
     */
    public Shard(int number, BrokerClock clock, Runnable handOver, Failure failure, long budget) {
        this.number = number;
        this.clock = clock;
        this.handOver = handOver;
        this.failure = failure;
        this.budget = budget;
    }

    /** Its index, from 0. */
    public int number() {
        return number;
    }

    /** The clock of its timers. */
    public BrokerClock clock() {
        return clock;
    }

    /**
     * Wall clock, nanoseconds since the epoch: the same for commands that were handed over together, so that it is read once for
     * all messages of one read from a socket. The shard's thread.
     */
    public long wallNanos() {
        if (!running) {
            return clock.wallNanos();
        }
        if (wall == NOT_READ) {
            wall = clock.wallNanos();
        }
        return wall;
    }

    /** Hands over a batch; pauses its reader when the shard is over its budget, and resumes it later. */
    public void submit(ShardCommand.Batch batch, ShardCommand.Reader reader) {
        if (batch.bytes() > 0 && heldBytes.addAndGet(batch.bytes()) > budget && reader != ShardCommand.Reader.NONE) {
            batch.paused = reader;
            reader.pauseReading();
        }
        inbox.add(batch);
        parking.wake();
    }

    /** Hands over one command. */
    public void execute(ShardCommand command) {
        ShardCommand.Batch batch = new ShardCommand.Batch();
        batch.add(command, 0);
        submit(batch, ShardCommand.Reader.NONE);
    }

    /** Bytes of client data that are queued or not yet durable. Any thread. */
    public long heldBytes() {
        return heldBytes.get();
    }

    /** From here to the end of the command, timer or action that runs now, the state of this one is worked on. */
    public void enter(Owner whose) {
        owner = whose;
    }

    /** Client data of a command stays held after the command ran (it is part of a batch), until {@link #release}. */
    public void hold(int bytes) {
        heldBytes.addAndGet(bytes);
    }

    /**
     * Whether so many more bytes may be held for long. Readers are paused at the budget; who is not read, or was read a
     * moment before, has as much again.
     */
    public boolean mayHold(int bytes) {
        return heldBytes.get() + bytes <= 2 * budget;
    }

    /** Client data became durable or was refused. */
    public void release(long bytes) {
        heldBytes.addAndGet(-bytes);
    }

    /** Sets a timer, for whoever is worked on now. */
    public void set(ShardTimer timer, long atNanos) {
        timer.owner = owner;
        timers.set(timer, atNanos);
    }

    /** Cancels a timer. */
    public void cancel(ShardTimer timer) {
        timers.cancel(timer);
    }

    /** Runs an action once at the end of this turn, for whoever is worked on now. */
    public void atEndOfTurn(Runnable action) {
        endOfTurn.add(action);
        endOfTurnOwners.add(owner);
    }

    /**
     * Has the shard's thread sleep after this turn, whatever is submitted meanwhile: what gathers is worth more than haste.
     *
     * @param untilNanos when it ends; when several ask, the earliest counts
     * @return false when that is over already
     */
    public boolean nap(long untilNanos) {
        if (untilNanos <= clock.nowNanos()) {
            return false;
        }
        napUntil = Math.min(napUntil, untilNanos);
        return true;
    }

    @Override
    public long takeNap() {
        long until = napUntil;
        napUntil = Long.MAX_VALUE;
        return until == Long.MAX_VALUE ? NO_NAP : until;
    }

    /** Runs an action once, when what this turn caused has been handed over; it may take as long as a write to the disk. */
    public void afterHandOver(Runnable action) {
        afterHandOver.add(action);
    }

    @Override
    public long turn() {
        ShardCommand.Batch batch = inbox.takeAll();
        while (batch != null) {
            run(batch);
            batch = batch.next();
        }
        ShardTimer due;
        long now = clock.nowNanos();
        while ((due = timers.takeDue(now)) != null) {
            guarded(due.action, due.owner);
        }
        while (!endOfTurn.isEmpty()) {
            List<Runnable> actions = endOfTurn;
            endOfTurn = endOfTurnSpare;
            endOfTurnSpare = actions;
            List<Owner> owners = endOfTurnOwners;
            endOfTurnOwners = endOfTurnOwnersSpare;
            endOfTurnOwnersSpare = owners;
            for (int i = 0; i < actions.size(); i++) {
                guarded(actions.get(i), owners.get(i));
            }
            actions.clear();
            owners.clear();
        }
        handOver.run();
        if (!pausedReaders.isEmpty() && heldBytes.get() < budget / 2) {
            pausedReaders.forEach(ShardCommand.Reader::resumeReading);
            pausedReaders.clear();
        }
        if (!afterHandOver.isEmpty()) {
            for (int i = 0; i < afterHandOver.size(); i++) {
                guarded(afterHandOver.get(i), null);
            }
            afterHandOver.clear();
        }
        return !inbox.isEmpty() ? AT_ONCE : timers.next();
    }

    @Override
    public boolean ready() {
        return !inbox.isEmpty();
    }

    @Override
    public Parking parking() {
        return parking;
    }

    private void run(ShardCommand.Batch batch) {
        wall = NOT_READ;
        running = true;
        for (int i = 0; i < batch.size(); i++) {
            owner = null;
            try {
                batch.command(i).run();
            } catch (RuntimeException | Error e) {
                escaped(e);
            }
        }
        running = false;
        heldBytes.addAndGet(-batch.bytes());
        if (batch.paused != ShardCommand.Reader.NONE) {
            pausedReaders.add(batch.paused);
        }
    }

    private void guarded(Runnable action, Owner whose) {
        owner = whose;
        try {
            action.run();
        } catch (RuntimeException | Error e) {
            escaped(e);
        }
    }

    private void escaped(Throwable cause) {
        Owner whose = owner;
        owner = null;
        if (whose == null) {
            failure.failed(this, cause);
            return;
        }
        try {
            whose.escaped(cause);
        } catch (RuntimeException | Error e) {
            e.addSuppressed(cause);
            failure.failed(this, e);
        }
    }
}
