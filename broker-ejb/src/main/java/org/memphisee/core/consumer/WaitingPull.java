package org.memphisee.core.consumer;

import org.memphisee.core.wire.PullRequest;
import org.memphisee.core.wire.StatusBlocks;

/** A pull request that waits, with what it still wants. */
final class WaitingPull {

    final Inbox inbox;
    private final String subject;
    private final long since;
    private final boolean noWait;
    private final boolean limited;
    private final long expiresAt;
    private final long heartbeatNanos;
    private long left;
    private long bytesLeft;
    private long heartbeatAt;
    private boolean served;
    /** Turn in which the inbox was last looked at, and messages until the next look. */
    long checkedInTurn;
    int untilCheck;

    WaitingPull(PullRequest request, Inbox inbox, long now) {
        this.inbox = inbox;
        this.subject = request.inbox();
        this.since = now;
        this.noWait = request.noWait();
        this.limited = request.maxBytes() > 0;
        this.expiresAt = request.expiresNanos() == 0 ? RedeliverySchedule.NEVER : later(now, request.expiresNanos());
        this.heartbeatNanos = request.idleHeartbeatNanos();
        this.left = request.batch();
        this.bytesLeft = request.maxBytes();
        this.heartbeatAt = heartbeatNanos == 0 ? RedeliverySchedule.NEVER : later(now, heartbeatNanos);
    }

    /** Clients choose the duration freely, so it may go beyond the range of the clock. */
    private static long later(long now, long nanos) {
        long then = now + nanos;
        return then < now ? RedeliverySchedule.NEVER : then;
    }

    /** When it came. */
    long since() {
        return since;
    }

    boolean noWait() {
        return noWait;
    }

    boolean expires() {
        return expiresAt != RedeliverySchedule.NEVER;
    }

    /** The inbox's subject. */
    String subject() {
        return subject;
    }

    long expiresAt() {
        return expiresAt;
    }

    boolean expired(long now) {
        return now >= expiresAt;
    }

    boolean served() {
        return served;
    }

    long left() {
        return left;
    }

    boolean fits(long size) {
        return !limited || size <= bytesLeft;
    }

    void sent(long size, long now) {
        served = true;
        left--;
        if (limited) {
            bytesLeft -= size;
        }
        restartHeartbeat(now);
    }

    /** Whether it has got all it may get. */
    boolean complete() {
        return left == 0 || limited && bytesLeft == 0;
    }

    /** Whether the batch is complete and bytes are left, which the client is told. */
    boolean bytesLeftOver() {
        return left == 0 && limited && bytesLeft > 0;
    }

    void restartHeartbeat(long now) {
        if (heartbeatNanos > 0) {
            heartbeatAt = later(now, heartbeatNanos);
        }
    }

    boolean heartbeatDue(long now) {
        return now >= heartbeatAt;
    }

    long nextWake() {
        return Math.min(expiresAt, heartbeatAt);
    }

    /** What it still wants, as a request that is asked now. */
    PullRequest rest(long now) {
        return new PullRequest(subject, (int) left, expires() ? Math.max(1, expiresAt - now) : 0, noWait,
            limited ? Math.max(1, bytesLeft) : 0, heartbeatNanos);
    }

    /** Ends with a status that tells what is missing. */
    void end(String status) {
        inbox.status(StatusBlocks.unfinished(status, left, bytesLeft), "");
    }
}
