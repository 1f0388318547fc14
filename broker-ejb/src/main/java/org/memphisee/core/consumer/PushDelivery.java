package org.memphisee.core.consumer;

import org.memphisee.core.wire.StatusBlocks;

/** The deliver subject of a push consumer, with heartbeats, flow control and rate limit (jetstream-api.md 6.10). */
final class PushDelivery implements Demand {

    private static final long FIRST_WINDOW = 2L << 20;
    private static final long LARGEST_WINDOW = 32L << 20;
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private final ConsumerEnvironment env;
    private final Marks marks;
    private final String flowPrefix;
    private ConsumerConfig config;
    private Inbox inbox;
    private boolean bound;
    private int untilCheck;
    private long retryAt = RedeliverySchedule.NEVER;
    private long heartbeatAt = RedeliverySchedule.NEVER;
    private final Pacer rate = new Pacer();

    private long window = FIRST_WINDOW;
    private long outstanding;
    private long asked;
    private String question = "";

    PushDelivery(ConsumerConfig config, String stream, Marks marks, ConsumerEnvironment env) {
        this.env = env;
        this.marks = marks;
        this.flowPrefix = "$JS.FC." + stream + "." + config.name() + ".";
        this.config = config;
        this.inbox = env.inbox(config.deliverSubject(), config.deliverGroup());
    }

    void configure(ConsumerConfig newConfig) {
        boolean moved = !newConfig.deliverSubject().equals(config.deliverSubject())
            || !newConfig.deliverGroup().equals(config.deliverGroup());
        config = newConfig;
        if (moved) {
            inbox = env.inbox(config.deliverSubject(), config.deliverGroup());
            unbind();
        }
    }

    /** Whether somebody listens now. */
    boolean hasInterest() {
        return inbox.hasInterest();
    }

    @Override
    public void beginTurn() {
        untilCheck = 0;
        retryAt = RedeliverySchedule.NEVER;
    }

    @Override
    public boolean ready(long now) {
        if (untilCheck-- <= 0) {
            untilCheck = CHECK_INTERVAL - 1;
            checkInterest(now);
            if (bound && inbox.congested()) {
                retryAt = now + CONGESTION_PAUSE_NANOS;
                untilCheck = 0;
                return false;
            }
        }
        if (!bound || config.flowControl() && outstanding >= window) {
            untilCheck = 0;
            return false;
        }
        if (config.rateLimitBps() > 0 && rate.nextAt() > now) {
            retryAt = rate.nextAt();
            return false;
        }
        return true;
    }

    private void checkInterest(long now) {
        boolean interest = inbox.hasInterest();
        if (interest && !bound) {
            bound = true;
            restartHeartbeat(now);
        } else if (!interest && bound) {
            unbind();
        }
    }

    /** Whoever listens next has nothing outstanding and owes no answer. */
    private void unbind() {
        bound = false;
        heartbeatAt = RedeliverySchedule.NEVER;
        window = FIRST_WINDOW;
        outstanding = 0;
        asked = 0;
        question = "";
    }

    @Override
    public Inbox inboxFor(long size, long now) {
        return inbox;
    }

    @Override
    public void sent(long size, long now) {
        restartHeartbeat(now);
        if (config.rateLimitBps() > 0) {
            rate.spend(now, (long) (size * 8e9 / config.rateLimitBps()));
        }
        if (config.flowControl()) {
            outstanding += size;
            if (question.isEmpty() && outstanding > window / 2) {
                ask();
            }
        }
    }

    private void ask() {
        asked = outstanding;
        question = flowPrefix + randomToken();
        inbox.status(StatusBlocks.FLOW_CONTROL, question);
    }

    /** Answers whether the client's answer opened the window. */
    boolean flowControlAnswered(String reply) {
        if (question.isEmpty() || !question.equals(reply)) {
            return false;
        }
        outstanding -= asked;
        asked = 0;
        question = "";
        window = Math.min(LARGEST_WINDOW, window * 2);
        return true;
    }

    private String randomToken() {
        long random = env.random() >>> 1;
        StringBuilder token = new StringBuilder(4);
        for (int i = 0; i < 4; i++) {
            token.append(ALPHABET.charAt((int) (random % ALPHABET.length())));
            random /= ALPHABET.length();
        }
        return token.toString();
    }

    @Override
    public void caughtUp(long now) {
        retryAt = RedeliverySchedule.NEVER;
    }

    /** Nobody asked: health and the list of problems name stream and record. */
    @Override
    public void unreadable() {
        retryAt = RedeliverySchedule.NEVER;
    }

    @Override
    public void onTimer(long now) {
        checkInterest(now);
        if (bound && now >= heartbeatAt) {
            inbox.status(StatusBlocks.heartbeat(marks.deliveredConsumer, marks.deliveredStream, question), "");
            restartHeartbeat(now);
        }
    }

    private void restartHeartbeat(long now) {
        if (config.idleHeartbeatNanos() > 0) {
            heartbeatAt = now + config.idleHeartbeatNanos();
        }
    }

    @Override
    public long nextWake() {
        return Math.min(retryAt, heartbeatAt);
    }
}
