package org.memphisee.cluster.meta;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import org.memphisee.core.cluster.UndecidedException;
import org.memphisee.core.cluster.UndecidedException.Outcome;
import org.memphisee.core.control.ChangeResult;
import org.memphisee.core.log.StoreException;

/**
 * What nodes ask of the one that leads the definitions: a name for themselves, to give it back, an event to be appended under
 * names that they have, or when all that is being appended is through. Control loop only.
 */
final class MetaDoor implements MetaDecider {

    private static final byte[] NOTHING = {};

    private final MetaLog log;
    private final Names names = new Names();
    private MetaEngine engine;
    /** The leadership in which names were given. */
    private long term;

    MetaDoor(MetaLog log) {
        this.log = log;
    }

    /** Before the control loop runs. */
    void append(MetaEngine of) {
        engine = of;
    }

    /** A node is not linked any more: what it has is free, and what it waits for is not given. */
    void left(String node) {
        names.left(node);
    }

    @Override
    public void decide(byte[] request, MetaAnswer answer) {
        if (term != log.deciding()) {
            names.clear(); // those of an earlier leadership are void, and who had them is told so
            term = log.deciding();
        }
        try {
            MetaRequest asked = MetaRequest.read(ByteBuffer.wrap(request));
            if (asked instanceof MetaRequest.Claim claim) {
                long now = term;
                names.claim(claim.by(), claim.name(), () -> answer.answered(ByteBuffer.allocate(Long.BYTES).putLong(now).array()));
            } else if (asked instanceof MetaRequest.Release release) {
                release(release);
                answer.answered(NOTHING);
            } else if (asked instanceof MetaRequest.Append append) {
                append(append, answer);
            } else {
                log.whenQuiet(() -> answer.answered(NOTHING));
            }
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            refuse(answer, "the node that leads the definitions cannot read it; start all nodes with the same release and ask again");
        }
    }

    private static void refuse(MetaAnswer answer, String why) {
        answer.failed(new UndecidedException(Outcome.REFUSED, "the change was not made: " + why));
    }

    private void release(MetaRequest.Release release) {
        if (release.term() == term || release.term() == 0) {
            // the next one must see what this one did
            log.whenFolded(release.folded(), () -> names.release(release.by()), why -> names.release(release.by()));
        }
    }

    private void append(MetaRequest.Append append, MetaAnswer answer) {
        if (append.term() != 0 && append.term() != term) {
            refuse(answer, "the nodes chose another leader meanwhile; ask again");
            return;
        }
        List<Names.Has> under = new ArrayList<>();
        for (MetaRequest.By by : append.under()) {
            Names.Has has = names.has(by);
            if (has == null) {
                refuse(answer, "the link to the leader ended meanwhile; ask again");
                return;
            }
            under.add(has);
        }
        under.forEach(Names.Has::began);
        try {
            if (log.appendBrought(append.event(), over(under, answer))) {
                return;
            }
            engine.append(append.event(), new ChangeResult() {
                @Override
                public void effective() {
                    over(under, answer).answered(NOTHING);
                }

                @Override
                public void failed(StoreException cause) {
                    over(under, answer).failed(cause instanceof UndecidedException known ? known
                        : new UndecidedException(Outcome.UNKNOWN, "it is not known whether the change was made: the store of the leader "
                            + "failed (" + cause.getMessage() + "); look before you ask again"));
                }
            });
        } catch (IllegalStateException e) {
            under.forEach(Names.Has::ended);
            refuse(answer, e.getMessage() + "; start all nodes with the same release and ask again");
        }
    }

    /** Names are free for others when what was being appended under them is through. */
    private MetaAnswer over(List<Names.Has> under, MetaAnswer answer) {
        return new MetaAnswer() {
            @Override
            public void answered(byte[] bytes) {
                log.onLoop(() -> under.forEach(Names.Has::ended));
                answer.answered(bytes);
            }

            @Override
            public void failed(UndecidedException why) {
                log.onLoop(() -> under.forEach(Names.Has::ended));
                answer.failed(why);
            }
        };
    }
}
