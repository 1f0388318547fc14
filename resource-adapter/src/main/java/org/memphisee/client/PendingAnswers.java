package org.memphisee.client;

import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;

import org.memphisee.ra.api.BrokerException;

/** Answers that are still to come, by the last token of their reply subject. Thread-safe. */
final class PendingAnswers {

    private record Pending(String subject, AnswerHandler handler, long deadline) { }

    private final Map<Long, Pending> waiting = new ConcurrentHashMap<>();
    private final AtomicLong last = new AtomicLong();
    private volatile boolean closed;

    /** Expects an answer; its token, or -1 if the session is over: the handler was told then. */
    long add(String subject, AnswerHandler handler, long deadline, BrokerException ifClosed) {
        long token = last.incrementAndGet();
        waiting.put(token, new Pending(subject, handler, deadline));
        if (closed && waiting.remove(token) != null) {
            handler.failed(ifClosed);
            return -1;
        }
        return token;
    }

    /** The answer with the token has come; unknown tokens are ignored: their time was over. */
    void answered(long token, int status, byte[] bytes, int payloadOffset, int payloadLength) {
        Pending pending = waiting.remove(token);
        if (pending != null) {
            pending.handler.answered(status, bytes, payloadOffset, payloadLength);
        }
    }

    /** Ends those whose time is over. */
    void expire(long now, Function<String, BrokerException> why) {
        failIf(p -> now - p.deadline >= 0, why);
    }

    /** Ends those that wait for an answer from a subject. */
    void refused(String subject, BrokerException why) {
        failIf(p -> p.subject.equals(subject), s -> why);
    }

    /** Ends all, and those to come. */
    void close(BrokerException why) {
        closed = true;
        failIf(p -> true, s -> why);
    }

    private void failIf(Predicate<Pending> which, Function<String, BrokerException> why) {
        for (Iterator<Map.Entry<Long, Pending>> i = waiting.entrySet().iterator(); i.hasNext();) {
            Map.Entry<Long, Pending> entry = i.next();
            if (which.test(entry.getValue()) && waiting.remove(entry.getKey(), entry.getValue())) {
                entry.getValue().handler.failed(why.apply(entry.getValue().subject));
            }
        }
    }
}
