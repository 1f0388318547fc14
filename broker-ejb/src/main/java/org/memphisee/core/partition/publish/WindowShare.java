package org.memphisee.core.partition.publish;

import java.nio.charset.StandardCharsets;
import java.util.List;

import org.memphisee.core.append.Shard;
import org.memphisee.core.append.ShardCommand;
import org.memphisee.core.append.ShardTimer;
import org.memphisee.core.log.MessageId;
import org.memphisee.core.subject.SipHash;
import org.memphisee.port.PublishRequest;

/**
 * A partition's share of its {@link StationWindow}: what it claims, and who else has an id. Shard's thread only, but for what
 * says otherwise.
 */
public final class WindowShare implements IdWindow {

    private final StationWindow station;
    private final int partition;
    private final Shard shard;
    private final Holder holder;
    private final SipHash hash = new SipHash();
    private final ShardTimer expiry = new ShardTimer(this::expire);
    private volatile long window;
    private boolean closed;
    /** Of the id that was looked for last. */
    private long low;
    private long high;
    private long seen;
    private long lookedAt;
    private long elsewhere;

    /** Answers for the messages of a partition, on its shard. */
    public interface Holder {
        /**
         * A message of this partition was published to another one again.
         *
         * @param sequence its sequence here, 0 when it is known no more
         * @return false when it was never written and never will be
         */
        boolean repeated(long sequence, PublishRequest r, PublishOrigin origin);
    }

    WindowShare(StationWindow station, int partition, Shard shard, long windowNanos, Holder holder) {
        this.station = station;
        this.partition = partition;
        this.shard = shard;
        this.window = windowNanos;
        this.holder = holder;
    }

    @Override
    public void window(long nanos) {
        if (nanos != window) {
            window = nanos;
            station.windowChanged();
        }
    }

    /** How long its ids are remembered. Any thread. */
    long window() {
        return window;
    }

    @Override
    public long find(String id, long nowNanos) {
        identify(id);
        if (window <= 0) {
            return 0;
        }
        WindowStripe stripe = station.stripe(high);
        seen = stripe.additions();
        lookedAt = nowNanos;
        return judge(stripe.find(low, high, partition, nowNanos));
    }

    private void identify(String id) {
        byte[] b = id.getBytes(StandardCharsets.UTF_8);
        hash.identify(b, 0, b.length);
        low = hash.low();
        high = hash.high();
    }

    private long judge(long claim) {
        if (claim == 0 || StationWindow.partition(claim) == partition) {
            return StationWindow.sequence(claim);
        }
        elsewhere = claim;
        return ELSEWHERE;
    }

    @Override
    public Claim claim(long sequence, long nowNanos) {
        if (window <= 0) {
            return Claim.GRANTED;
        }
        if (nowNanos < station.blindUntil()) {
            return Claim.NO_ROOM;
        }
        long claim = StationWindow.claim(partition, sequence);
        long other = station.stripe(high).claim(low, high, claim, seen, nowNanos, window);
        if (other == WindowStripe.NO_ROOM) {
            station.expire(nowNanos); // other stripes may have what is old
            other = station.stripe(high).claim(low, high, claim, seen, nowNanos, window);
        }
        if (other == WindowStripe.NO_ROOM) {
            return Claim.NO_ROOM;
        }
        if (other != 0) {
            elsewhere = other;
            return Claim.ELSEWHERE;
        }
        expireLater();
        return Claim.GRANTED;
    }

    @Override
    public boolean refer(PublishRequest r, PublishOrigin origin) {
        WindowShare other = station.share(StationWindow.partition(elsewhere));
        if (other == null) {
            return false;
        }
        byte[] reply = new byte[r.replyLength()];
        System.arraycopy(r.bytes(), r.replyOffset(), reply, 0, reply.length);
        PublishRequest asking = new PublishRequest(reply, 0, 0, 0, reply.length, reply.length, 0, 0);
        long identity = low;
        long place = high;
        long then = lookedAt;
        ShardCommand.Batch batch = new ShardCommand.Batch();
        batch.add(() -> other.asked(identity, place, then, asking, origin), reply.length);
        other.shard.submit(batch, ShardCommand.Reader.NONE);
        return true;
    }

    private void asked(long identity, long place, long then, PublishRequest r, PublishOrigin origin) {
        WindowStripe stripe = station.stripe(place);
        long claim = stripe.find(identity, place, partition, then); // it may have become old on the way
        long sequence = StationWindow.partition(claim) == partition ? StationWindow.sequence(claim) : 0;
        if (!holder.repeated(sequence, r, origin) && sequence > 0) {
            stripe.release(identity, place, claim);
        }
    }

    @Override
    public void recovered(byte[] b, int offset, int length, long sequence, long timeNanos) {
        hash.identify(b, offset, length);
        if (station.stripe(hash.high()).add(hash.low(), hash.high(), StationWindow.claim(partition, sequence), timeNanos,
            window)) {
            expireLater();
        } else {
            station.blind(timeNanos + window);
        }
    }

    @Override
    public void takeBack(long from, List<MessageId> ids) {
        for (MessageId id : ids) {
            identify(id.id());
            station.stripe(high).release(low, high, StationWindow.claim(partition, id.sequence()));
        }
    }

    private void expireLater() {
        if (!expiry.set() && !closed) {
            shard.set(expiry, shard.clock().nowNanos() + window);
        }
    }

    /** What is in the window is looked through from time to time. Any thread. */
    void watch() {
        shard.execute(this::expireLater);
    }

    private void expire() {
        long now = shard.clock().wallNanos();
        long due = station.expire(now);
        if (due != Long.MAX_VALUE) {
            shard.set(expiry, shard.clock().nowNanos() + Math.max(DedupWindow.EXPIRY_PAUSE_NANOS, due - now));
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            shard.cancel(expiry);
            station.leave(partition);
        }
    }
}
