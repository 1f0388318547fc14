package org.memphisee.port;

import java.util.Set;
import java.util.concurrent.Executor;

/** One request to an {@link HttpService}, to be answered once. */
public interface HttpCall {

    /** The method as sent. */
    String method();

    /** What was asked for as it was sent, neither decoded nor checked: mostly path and query. */
    String target();

    /** The first value of a header, its bytes as characters; null when there is none. */
    String header(String name);

    /** Names of the headers in the order and the case in which they were sent, each spelling once. */
    Set<String> headerNames();

    /** Bytes of the body as announced, 0 for none, -1 when it comes in pieces of which nobody knows how many. */
    long contentLength();

    /** Runs work on the event loop of this connection, at once if that is the caller. */
    Executor loop();

    /** Begins to read the body; without it the body is thrown away. Event loop, once, before the answer. */
    void read(HttpBody body);

    /**
     * How long the answer may take from now on; the last call counts. Event loop.
     *
     * @param millis milliseconds, seen to within a second or so
     * @param whenOver run on the event loop if there is no answer by then
     */
    void patience(long millis, Runnable whenOver);

    /** What to do when the client leaves before the answer is written; run on the event loop. Event loop. */
    void whenGone(Runnable work);

    /**
     * Answers. Any thread.
     *
     * @param whenWritten run on some thread when the body is not needed any more, in any case
     */
    void answer(HttpAnswer answer, Runnable whenWritten);
}
