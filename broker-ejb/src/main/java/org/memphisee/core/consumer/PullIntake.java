package org.memphisee.core.consumer;

import org.memphisee.core.wire.Ack;
import org.memphisee.core.wire.GoDuration;
import org.memphisee.core.wire.PullRequest;
import org.memphisee.core.wire.PullRequests;
import org.memphisee.core.wire.StatusBlocks;

/** Takes pull requests: each is refused at once or waits (jetstream-api.md 6.9). Shard's thread only. */
final class PullIntake {

    private static final byte[] ACCEPTED = new byte[0];

    private final ConsumerEnvironment env;
    private final Demand demand;
    private final Backlog backlog;
    private final RedeliverySchedule schedule;
    private final Idleness idleness;
    private final DeliveryTurns turns;
    private ConsumerConfig config;

    PullIntake(ConsumerConfig config, ConsumerEnvironment env, Demand demand, Backlog backlog, RedeliverySchedule schedule,
               Idleness idleness, DeliveryTurns turns) {
        this.config = config;
        this.env = env;
        this.demand = demand;
        this.backlog = backlog;
        this.schedule = schedule;
        this.idleness = idleness;
        this.turns = turns;
    }

    void configure(ConsumerConfig newConfig) {
        config = newConfig;
    }

    /** A request for messages. */
    void take(PullRequest request) {
        if (turns.closed()) {
            return;
        }
        Inbox inbox = env.inbox(request.inbox(), "");
        if (!(demand instanceof PullQueue pulls)) {
            inbox.status(StatusBlocks.PUSH_BASED, "");
            return;
        }
        long now = env.nowNanos();
        idleness.used(now);
        byte[] refusal = refusal(request, pulls, now);
        if (refusal.length > 0) {
            inbox.status(refusal, "");
            turns.arm(RedeliverySchedule.NEVER);
            return;
        }
        pulls.add(new WaitingPull(request, inbox, now));
        turns.turn(now);
    }

    /** A request that came with an acknowledgement. */
    void takeNext(Ack.AcknowledgeAndNext next, String inbox) {
        PullRequests.Parsed parsed = PullRequests.parse(next.pull(), inbox);
        if (parsed instanceof PullRequests.Accepted accepted) {
            take(accepted.request());
        } else if (parsed instanceof PullRequests.Refused refused) {
            refuse(inbox, refused.status());
        }
    }

    /** A request that {@link PullRequests} refused. */
    void refuse(String inbox, byte[] status) {
        if (!turns.closed()) {
            env.inbox(inbox, "").status(config.push() ? StatusBlocks.PUSH_BASED : status, "");
        }
    }

    /**
     * The status that a request is refused with, empty when it is accepted; in the order of the table. Ends waiting requests
     * that have expired.
     */
    private byte[] refusal(PullRequest request, PullQueue pulls, long now) {
        if (config.maxBatch() > 0 && request.batch() > config.maxBatch()) {
            return StatusBlocks.of("409 Exceeded MaxRequestBatch of " + config.maxBatch());
        }
        if (config.maxExpiresNanos() > 0 && request.expiresNanos() > config.maxExpiresNanos()) {
            return StatusBlocks.of("409 Exceeded MaxRequestExpires of " + GoDuration.format(config.maxExpiresNanos()));
        }
        if (config.maxBytes() > 0 && request.maxBytes() > config.maxBytes()) {
            return StatusBlocks.of("409 Exceeded MaxRequestMaxBytes of " + config.maxBytes());
        }
        if (request.noWait() && backlog.counted()) { // else there may be some
            long available = backlog.size() + schedule.queued();
            if (available == 0 && request.expiresNanos() == 0) {
                return StatusBlocks.NO_MESSAGES;
            }
            if (available > 0 && pulls.size() > 0) {
                pulls.prune(now);
                if (available < pulls.wanted()) {
                    return StatusBlocks.REQUESTS_PENDING;
                }
            }
        }
        if (pulls.size() >= config.maxWaiting() && config.maxWaiting() > 0) {
            pulls.prune(now);
            if (pulls.size() >= config.maxWaiting()) {
                return StatusBlocks.EXCEEDED_MAX_WAITING;
            }
        }
        return ACCEPTED;
    }
}
