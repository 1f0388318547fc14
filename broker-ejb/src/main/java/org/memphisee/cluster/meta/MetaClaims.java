package org.memphisee.cluster.meta;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import org.memphisee.core.cluster.UndecidedException;
import org.memphisee.core.cluster.UndecidedException.Outcome;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.SystemLog;
import org.memphisee.core.time.BrokerClock;

/**
 * What this node has of names for itself, and what it asks the leader to append under them. Control loop only.
 *
 * <p>A name that could not be had is held all the same, so that whoever wanted it can go on and answer; as long as it is held,
 * everything that this node appends is refused for that reason.
 */
final class MetaClaims {

    private final String node;
    private final long life;
    private final MetaLog log;
    private final Asking asking;
    private final MetaSettings settings;
    private final BrokerClock clock;
    private final Map<Long, Held> held = new LinkedHashMap<>();
    /** What is to be appended when this node is current: its numbers of things could be some of an earlier life before. */
    private final List<Early> early = new ArrayList<>();
    private long numbers;
    private volatile boolean closing;
    /** Whether it has seen everything that was appended before it began. */
    private boolean current;

    /** To the leader, wherever it is. */
    interface Asking {

        void ask(byte[] request, MetaAnswer answer);

        /** The same for what must not be refused because many wait. */
        void askSurely(byte[] request, MetaAnswer answer);
    }

    /** @param not why it is not had, null when it is */
    private record Held(MetaRequest.By by, long term, UndecidedException not) { }

    private record Early(byte[] event, MetaAnswer answer) { }

    /** @param life number of this life of the node */
    MetaClaims(String node, long life, MetaLog log, Asking asking, MetaSettings settings, BrokerClock clock) {
        this.node = node;
        this.life = life;
        this.log = log;
        this.asking = asking;
        this.settings = settings;
        this.clock = clock;
    }

    /** Nothing is asked again from now on. Any thread. */
    void close() {
        closing = true;
    }

    /** Has something done when this node has seen everything that was there when it asks; again and again until then. */
    void whenCurrent(Runnable then) {
        asking.askSurely(new MetaRequest.Quiet().bytes(), new MetaAnswer() {
            @Override
            public void answered(byte[] answer) {
                current = true;
                early(each -> append(each.event(), each.answer()));
                then.run();
            }

            @Override
            public void failed(UndecidedException why) {
                early(each -> each.answer().failed(why));
                if (!closing) {
                    log.onLoop(() -> whenCurrent(then));
                }
            }
        });
    }

    private void early(Consumer<Early> what) {
        List<Early> all = List.copyOf(early);
        early.clear();
        all.forEach(what);
    }

    /** As {@link org.memphisee.core.log.SystemLog#claim}. */
    void claim(String name, Consumer<SystemLog.Claim> claimed) {
        claim(name, clock.nowNanos() + settings.holdNanos(), claimed);
    }

    private void claim(String name, long until, Consumer<SystemLog.Claim> claimed) {
        MetaRequest.By by = new MetaRequest.By(node, life, ++numbers);
        asking.ask(new MetaRequest.Claim(by, name).bytes(), new MetaAnswer() {
            @Override
            public void answered(byte[] answer) {
                has(new Held(by, ByteBuffer.wrap(answer).getLong(), null), claimed);
            }

            @Override
            public void failed(UndecidedException why) {
                if (why.outcome() == Outcome.UNKNOWN) {
                    giveBack(by, 0); // it may be had, or be given later
                }
                if (why.outcome() == Outcome.REFUSED || closing || clock.nowNanos() >= until) {
                    has(new Held(by, 0, new UndecidedException(Outcome.REFUSED, why.outcome() == Outcome.REFUSED ? why.getMessage()
                        : "it was not done: others change the same, or no node leads the definitions for long enough; ask again")),
                        claimed);
                } else {
                    claim(name, until, claimed);
                }
            }
        });
    }

    private void has(Held name, Consumer<SystemLog.Claim> claimed) {
        long number = name.by().number();
        held.put(number, name);
        claimed.accept(new SystemLog.Claim() {
            @Override
            public void giveBack() {
                if (held.remove(number) != null && name.not() == null) {
                    MetaClaims.this.giveBack(name.by(), name.term());
                }
            }

            @Override
            public Optional<StoreException> refused() {
                return Optional.ofNullable(name.not());
            }
        });
    }

    private void giveBack(MetaRequest.By by, long term) {
        asking.askSurely(new MetaRequest.Release(by, term, log.folded()).bytes(), IGNORED);
    }

    private static final MetaAnswer IGNORED = new MetaAnswer() {
        @Override
        public void answered(byte[] answer) { }

        @Override
        public void failed(UndecidedException why) { } // the leader is another one, or has seen this node's link end
    };

    /** Why nothing can be appended now in a leadership of this node; null when it can be. */
    UndecidedException bar(long term) {
        for (Held name : held.values()) {
            if (name.not() != null) {
                return name.not();
            }
            if (name.term() != term) {
                return new UndecidedException(Outcome.REFUSED,
                    "the change was not made: the nodes chose another leader meanwhile; ask again");
            }
        }
        return null;
    }

    /** The leadership in which its names were given, 0 when it has none. */
    private long term() {
        return held.isEmpty() ? 0 : held.values().iterator().next().term();
    }

    /** Asks the leader to append an event. */
    void append(byte[] event, MetaAnswer answer) {
        UndecidedException bar = bar(term());
        if (bar == null && !current) {
            early.add(new Early(event, answer));
            return;
        } else if (bar == null && held.size() > MetaRequest.MOST_NAMES) {
            bar = new UndecidedException(Outcome.REFUSED, "the change was not made: too many wait at this node; ask again later");
        }
        if (bar != null) {
            UndecidedException why = bar;
            log.onLoop(() -> answer.failed(why));
            return;
        }
        List<MetaRequest.By> under = new ArrayList<>();
        held.values().forEach(name -> under.add(name.by()));
        asking.ask(new MetaRequest.Append(term(), under, event).bytes(), new MetaAnswer() {
            @Override
            public void answered(byte[] bytes) {
                answer.answered(bytes);
            }

            @Override
            public void failed(UndecidedException why) {
                if (why.outcome() == Outcome.UNKNOWN) {
                    findOut(why, answer);
                } else {
                    answer.failed(why);
                }
            }
        });
    }

    /** When all is folded here that was on its way, it is among it or never will be. */
    private void findOut(UndecidedException unknown, MetaAnswer answer) {
        asking.askSurely(new MetaRequest.Quiet().bytes(), new MetaAnswer() {
            @Override
            public void answered(byte[] bytes) {
                answer.failed(new UndecidedException(Outcome.LOST,
                    "the change was not made: its leader was lost, or could not be reached, before it had it; ask again"));
            }

            @Override
            public void failed(UndecidedException why) {
                answer.failed(unknown);
            }
        });
    }
}
