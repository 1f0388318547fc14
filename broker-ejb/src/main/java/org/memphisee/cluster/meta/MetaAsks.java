package org.memphisee.cluster.meta;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.memphisee.cluster.node.NodeFrames;
import org.memphisee.cluster.node.NodeGroups;
import org.memphisee.cluster.node.NodeService;
import org.memphisee.core.cluster.UndecidedException;
import org.memphisee.core.cluster.UndecidedException.Outcome;
import org.memphisee.core.cluster.link.PeerFrame;
import org.memphisee.core.cluster.link.PeerIdentity;
import org.memphisee.core.cluster.link.PeerLinks.Sent;
import org.memphisee.core.cluster.link.Traffic;

/**
 * Brings requests to the node that leads the definitions, and its answers back. A request that certainly did not get anywhere is
 * held and brought again; one of which that is not certain is never sent twice. An answer is told where it was asked for when
 * what it answers for is folded there: who asked sees it.
 *
 * <p>On the wire (version 1 of {@link NodeFrames}): kind 32 asks, number (8), the leader's term (8), request; kind 33 answers,
 * number (8), what became of it (1), system event up to which it holds (8), answer or reason in UTF-8.
 */
final class MetaAsks implements NodeService {

    static final int ASK = 32;
    static final int ASKED = 33;
    private static final int ASK_HEADER = 2 * Long.BYTES;
    private static final int ASKED_HEADER = 2 * Long.BYTES + 1;
    /** After who should lead said that it does not, or when nobody is known to. */
    private static final long AGAIN_NANOS = 20_000_000;

    /** What became of it; numbers are part of the format. */
    private enum End { ANSWERED, REFUSED, LOST, UNKNOWN, NOT_LEADING }

    private final NodeGroups node;
    private final MetaLog log;
    private final Executor controlLoop;
    private final MetaDecider decider;
    private final MetaSettings settings;
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicLong askedBytes = new AtomicLong();
    private final ArrayDeque<Ask> held = new ArrayDeque<>();
    /** Brought to a leader and not answered, by number. */
    private final Map<Long, Ask> away = new LinkedHashMap<>();
    private final Map<String, ArrayDeque<byte[]>> answers = new HashMap<>();
    private MetaGroup group;
    private long numbers;
    /** Number of the link to a peer: an answer to one that ended goes nowhere. */
    private final Map<String, Long> lives = new HashMap<>();

    private static final class Ask {
        private final byte[] request;
        private final MetaAnswer answer;
        private final long heldUntil;
        private final long until;
        private long notBefore;
        private String at = "";

        private Ask(byte[] request, MetaAnswer answer, long heldUntil, long until) {
            this.request = request;
            this.answer = answer;
            this.heldUntil = heldUntil;
            this.until = until;
        }
    }

    MetaAsks(NodeGroups node, MetaLog log, Executor controlLoop, MetaDecider decider, MetaSettings settings) {
        this.node = node;
        this.log = log;
        this.controlLoop = controlLoop;
        this.decider = decider;
        this.settings = settings;
    }

    /** The group is there. */
    void of(MetaGroup metaGroup) {
        group = metaGroup;
    }

    /** Asks, and is not refused because many wait. Any thread. */
    void askSurely(byte[] request, MetaAnswer answer, long now) {
        begin(request, answer, now);
    }

    /** Asks. Any thread. */
    void ask(byte[] request, MetaAnswer answer, long now) {
        if (request.length > MetaGroup.LARGEST) {
            fail(answer, Outcome.REFUSED, "it was not asked: it takes " + request.length + " bytes, and may take "
                + MetaGroup.LARGEST
                + "; make it smaller");
        } else if (asked.get() >= settings.askedAtOnce() || askedBytes.get() > settings.askedBytes()) {
            fail(answer, Outcome.REFUSED, "it was not asked: " + asked.get()
                + " changes of definitions are waiting already; ask again "
                + "later");
        } else {
            begin(request, answer, now);
        }
    }

    private void begin(byte[] request, MetaAnswer answer, long now) {
        asked.incrementAndGet();
        askedBytes.addAndGet(request.length);
        Ask ask = new Ask(request, answer, now + settings.holdNanos(), now + settings.decideNanos());
        if (!node.resume(() -> held.add(ask))) {
            end(ask, Outcome.REFUSED, "it was not asked: this node stops; ask at another one");
        }
    }

    private void end(Ask ask, Outcome outcome, String why) {
        over(ask);
        fail(ask.answer, outcome, why);
    }

    private void over(Ask ask) {
        asked.decrementAndGet();
        askedBytes.addAndGet(-ask.request.length);
    }

    private void fail(MetaAnswer answer, Outcome outcome, String why) {
        controlLoop.execute(() -> answer.failed(new UndecidedException(outcome, why)));
    }

    // ---- at the node where it was asked

    @Override
    public long turn(long now) {
        answers.forEach(this::flush);
        long due = Long.MAX_VALUE;
        Ask full = null;
        for (Iterator<Ask> each = held.iterator(); each.hasNext();) {
            Ask ask = each.next();
            if (ask.heldUntil <= now) {
                each.remove();
                end(ask, Outcome.REFUSED, "it was not done: no node leads the definitions. They can be changed when a majority "
                    + "of the "
                    + "nodes is linked; ask again then");
            } else if (ask.notBefore > now) {
                due = Math.min(due, ask.notBefore);
            } else if (full == null && bring(ask, now)) {
                each.remove();
            } else {
                full = ask; // in the order in which they were asked
                ask.notBefore = now + AGAIN_NANOS;
                due = Math.min(due, ask.notBefore);
            }
        }
        for (Iterator<Ask> each = away.values().iterator(); each.hasNext();) {
            Ask ask = each.next();
            if (ask.until <= now) {
                each.remove();
                unknown(ask, "the node that leads the definitions did not answer in time");
            } else {
                due = Math.min(due, ask.until);
            }
        }
        return due;
    }

    /** False when it cannot be brought now. */
    private boolean bring(Ask ask, long now) {
        String leader = group == null ? "" : group.leader();
        if (leader.isEmpty()) {
            return false;
        }
        long number = numbers + 1;
        long term = group.term();
        if (leader.equals(node.self())) {
            if (group.leads() != term) {
                return false;
            }
            numbers = number;
            ask.at = leader;
            away.put(number, ask);
            decide(term, ask.request, (end, index, bytes) -> ended(number, end, index, bytes));
            return true;
        }
        byte[] frame = NodeFrames.begin(ASK, ASK_HEADER + ask.request.length).putLong(number).putLong(term).put(ask.request)
            .array();
        if (node.send(leader, Traffic.REQUESTS, frame) != Sent.TAKEN) {
            return false;
        }
        numbers = number;
        ask.at = leader;
        away.put(number, ask);
        return true;
    }

    private void ended(long number, End end, long index, byte[] bytes) {
        Ask ask = away.remove(number);
        if (ask == null) {
            return; // given up
        }
        switch (end) {
            case ANSWERED -> {
                over(ask);
                controlLoop.execute(() -> log.whenFolded(index, () -> ask.answer.answered(bytes),
                    why -> ask.answer.failed(new UndecidedException(Outcome.UNKNOWN,
                    "it was answered, and this node cannot show it: " + why
                        + "; look at another node before you ask again"))));
            }
            case NOT_LEADING -> {
                ask.notBefore = node.now() + AGAIN_NANOS;
                held.add(ask);
            }
            case REFUSED -> end(ask, Outcome.REFUSED, text(bytes));
            case LOST -> end(ask, Outcome.LOST, text(bytes));
            case UNKNOWN -> end(ask, Outcome.UNKNOWN, text(bytes));
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private void unknown(Ask ask, String why) {
        end(ask, Outcome.UNKNOWN, "it is not known whether it was done: " + why + "; look before you ask again");
    }

    // ---- at the leader

    private interface Told {
        void ended(End end, long index, byte[] bytes);
    }

    private static final byte[] NOTHING = {};

    private void decide(long term, byte[] request, Told told) {
        controlLoop.execute(() -> {
            if (log.deciding() != term) {
                hand(told, End.NOT_LEADING, NOTHING);
                return;
            }
            decider.decide(request, new MetaAnswer() {
                @Override
                public void answered(byte[] answer) {
                    hand(told, End.ANSWERED, answer);
                }

                @Override
                public void failed(UndecidedException why) {
                    End end = switch (why.outcome()) {
                        case REFUSED -> End.REFUSED;
                        case LOST -> End.LOST;
                        case UNKNOWN -> End.UNKNOWN;
                    };
                    hand(told, end, why.getMessage().getBytes(StandardCharsets.UTF_8));
                }
            });
        });
    }

    private void hand(Told told, End end, byte[] bytes) {
        long index = log.folded();
        node.resume(() -> told.ended(end, index, bytes)); // when the node has ended, those who wait were told
    }

    private void asked(String peer, PeerFrame frame) {
        byte[] bytes = frame.bytes();
        ByteBuffer in = NodeFrames.body(bytes);
        long number = in.getLong();
        long term = in.getLong();
        byte[] request = new byte[in.remaining()];
        in.get(request);
        long life = lives.getOrDefault(peer, 0L);
        Told told = (end, index, answer) -> {
            if (lives.getOrDefault(peer, 0L) == life) {
                answers.computeIfAbsent(peer, name -> new ArrayDeque<>())
                    .add(NodeFrames.begin(ASKED, ASKED_HEADER + answer.length)
                    .putLong(number).put((byte) end.ordinal()).putLong(index).put(answer).array());
                flush(peer, answers.get(peer));
            }
            frame.done(); // so that what waits here is bounded by the budget of those who ask
        };
        if (group == null || group.leads() == 0 || group.leads() != term) {
            told.ended(End.NOT_LEADING, 0, NOTHING);
        } else {
            decide(term, request, told);
        }
    }

    private void flush(String peer, ArrayDeque<byte[]> waiting) {
        while (!waiting.isEmpty() && node.send(peer, Traffic.ANSWERS, waiting.peek()) == Sent.TAKEN) {
            waiting.poll();
        }
    }

    // ---- as a service

    @Override
    public Set<Integer> kinds() {
        return Set.of(ASK, ASKED);
    }

    @Override
    public void received(String peer, int kind, PeerFrame frame, long now) {
        byte[] bytes = frame.bytes();
        if (bytes.length < NodeFrames.HEADER + (kind == ASK ? ASK_HEADER : ASKED_HEADER)) {
            frame.done();
        } else if (kind == ASK) {
            asked(peer, frame);
        } else {
            ByteBuffer in = NodeFrames.body(bytes);
            long number = in.getLong();
            int end = in.get();
            long index = in.getLong();
            byte[] answer = new byte[in.remaining()];
            in.get(answer);
            frame.done();
            Ask ask = away.get(number);
            if (ask != null && ask.at.equals(peer) && end >= 0 && end < End.values().length) {
                ended(number, End.values()[end], index, answer);
            }
        }
    }

    @Override
    public void linked(String peer, PeerIdentity who) {
        lives.merge(peer, 1L, Long::sum);
    }

    @Override
    public void unlinked(String peer) {
        lives.merge(peer, 1L, Long::sum);
        answers.remove(peer);
        List<Ask> lost = new ArrayList<>();
        away.values().removeIf(ask -> ask.at.equals(peer) && lost.add(ask));
        lost.forEach(ask -> unknown(ask, "the link to " + peer + ", which leads the definitions, ended"));
    }

    @Override
    public void stopped() {
        held.forEach(ask -> end(ask, Outcome.REFUSED, "it was not done: this node stops; ask at another one"));
        held.clear();
        away.values().forEach(ask -> unknown(ask, "this node stops"));
        away.clear();
    }
}
