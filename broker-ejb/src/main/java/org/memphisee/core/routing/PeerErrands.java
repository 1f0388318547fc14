package org.memphisee.core.routing;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

import org.memphisee.core.errand.ErrandFormatException;
import org.memphisee.core.errand.ErrandKind;

/**
 * Errands of one other node that are being done here, and what their answers may take: so much is reserved for each until it is
 * answered. One that is never answered is forgotten with the time. The routes' thread.
 */
final class PeerErrands {

    private static final long FORGET_NANOS = 15_000_000_000L;

    private record Doing(long reserved, long sinceNanos) { }

    private final Map<Long, Doing> doing = new LinkedHashMap<>();
    private final long mostBytes;
    private long reserved;

    PeerErrands(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /**
     * One is to be done.
     *
     * @param waiting bytes of answers that wait for the link
     * @return false when its answer might take more memory than there is for this node; it is not being done then
     */
    boolean begins(long number, int kind, long now, long waiting) {
        for (Iterator<Doing> oldest = doing.values().iterator(); oldest.hasNext();) {
            Doing old = oldest.next();
            if (now - old.sinceNanos() < FORGET_NANOS) {
                break;
            }
            reserved -= old.reserved();
            oldest.remove();
        }
        long wanted = wanted(kind);
        if (reserved + waiting + wanted > mostBytes) {
            return false;
        }
        reserved += wanted;
        doing.put(number, new Doing(wanted, now));
        return true;
    }

    private static long wanted(int kind) {
        try {
            return ErrandKind.of(kind).answerBytes();
        } catch (ErrandFormatException e) {
            return 0; // it will be refused
        }
    }

    /** It is answered. */
    void ended(long number) {
        Doing done = doing.remove(number);
        if (done != null) {
            reserved -= done.reserved();
        }
    }

    /** Nobody waits for any of them. */
    void clear() {
        doing.clear();
        reserved = 0;
    }
}
