package org.memphisee.core.partition.publish;

import java.util.List;

import org.memphisee.core.log.MessageId;
import org.memphisee.port.PublishRequest;

/**
 * The ids of a partition that had a window of its own and shares one from now on, because its station got more partitions: what
 * it knew before, it goes on knowing; new ids are claimed in the window of the station. Shard's thread only.
 */
final class JoiningWindow implements IdWindow {

    private final IdWindow before;
    private final IdWindow share;

    JoiningWindow(IdWindow before, IdWindow share) {
        this.before = before;
        this.share = share;
    }

    @Override
    public void window(long nanos) {
        before.window(nanos);
        share.window(nanos);
    }

    @Override
    public long find(String id, long nowNanos) {
        long shared = share.find(id, nowNanos); // remembers the id for the claim
        long own = before.find(id, nowNanos);
        return own != 0 ? own : shared;
    }

    @Override
    public Claim claim(long sequence, long nowNanos) {
        return share.claim(sequence, nowNanos);
    }

    @Override
    public boolean refer(PublishRequest r, PublishOrigin origin) {
        return share.refer(r, origin);
    }

    @Override
    public void recovered(byte[] b, int offset, int length, long sequence, long timeNanos) {
        share.recovered(b, offset, length, sequence, timeNanos);
    }

    @Override
    public void takeBack(long from, List<MessageId> ids) {
        before.takeBack(from, ids);
        share.takeBack(from, ids);
    }

    @Override
    public void close() {
        before.close();
        share.close();
    }
}
