package org.memphisee.net.http;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import org.memphisee.port.HttpAnswer;
import org.memphisee.port.HttpBody;
import org.memphisee.port.HttpCall;

/** A request on its connection. On its event loop but where {@link HttpCall} says otherwise. */
final class HttpExchange implements HttpCall {

    /** What is still to come of a body that nobody wants is read up to this size; more is not waited for. */
    private static final long MAX_UNWANTED = 64 << 10;
    /** A body that comes more slowly uses up its time. */
    private static final long SLOWEST_BYTES_PER_SECOND = 1024;
    private static final Runnable NOTHING = () -> { };

    private final HttpConnection connection;
    private final HttpRequest head;
    private final long announced;
    private HttpBody body;
    private boolean expectsContinue;
    private boolean answered;
    private boolean written;
    private boolean ended;
    private long received;
    private long bodyDeadline;
    private long patienceMillis;
    private Runnable whenOver = NOTHING;
    private Runnable whenGone = NOTHING;

    HttpExchange(HttpConnection connection, HttpRequest head) {
        this.connection = connection;
        this.head = head;
        this.announced = HttpUtil.isTransferEncodingChunked(head) ? -1 : announced(head);
        this.expectsContinue = announced != 0 && head.headers().contains(HttpHeaderNames.EXPECT);
        this.patienceMillis = connection.settings().stallMillis();
    }

    private static long announced(HttpRequest head) {
        try {
            return Math.max(0, HttpUtil.getContentLength(head, 0L));
        } catch (NumberFormatException e) { // not a request at all: the decoder says so too
            return 0;
        }
    }

    HttpRequest head() {
        return head;
    }

    // ---- for the service

    @Override
    public String method() {
        return head.method().name();
    }

    @Override
    public String target() {
        return head.uri();
    }

    @Override
    public String header(String name) {
        return head.headers().get(name);
    }

    @Override
    public Set<String> headerNames() {
        return head.headers().names();
    }

    @Override
    public long contentLength() {
        return announced;
    }

    @Override
    public Executor loop() {
        EventLoop loop = connection.channel().eventLoop();
        return work -> {
            if (loop.inEventLoop()) {
                work.run();
            } else {
                loop.execute(work);
            }
        };
    }

    @Override
    public void read(HttpBody wanted) {
        if (body != null || answered) {
            throw new IllegalStateException("a body is read once, before the answer");
        }
        body = wanted;
        if (expectsContinue && received == 0) {
            connection.channel().writeAndFlush(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1,
                    HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
        }
        expectsContinue = false;
        bodyDeadline = System.nanoTime() + stallNanos();
        connection.within(connection.settings().stallMillis(), this::stalled);
        connection.takeWhatIsWanted();
    }

    @Override
    public void patience(long millis, Runnable otherwise) {
        patienceMillis = millis;
        whenOver = otherwise;
        if (body == null || ended) {
            connection.within(millis, otherwise);
        }
    }

    @Override
    public void whenGone(Runnable work) {
        whenGone = work;
    }

    @Override
    public void answer(HttpAnswer answer, Runnable whenWritten) {
        EventLoop loop = connection.channel().eventLoop();
        if (loop.inEventLoop()) {
            connection.write(this, answer, whenWritten);
            return;
        }
        try {
            loop.execute(() -> connection.write(this, answer, whenWritten));
        } catch (RejectedExecutionException loopEnded) {
            whenWritten.run();
        }
    }

    // ---- for the connection

    /** Whether this is the first answer. */
    boolean answering() {
        boolean first = !answered;
        answered = true;
        whenGone = NOTHING;
        return first;
    }

    /** Whether all of the request has been read, or never will be. */
    boolean ended() {
        return ended;
    }

    /** The answer is with the socket. */
    void written() {
        written = true;
    }

    /** Whether more of the body is read, by the service or to be thrown away. */
    boolean wantsMore() {
        return !ended && (body != null || answered);
    }

    /** Whether the rest of the request is here or worth waiting for. */
    boolean endsSoon() {
        return ended || !expectsContinue && announced >= 0 && announced - received <= MAX_UNWANTED;
    }

    void content(HttpContent content) {
        if (content.decoderResult().isFailure()) {
            connection.lastRequest();
            fail(new IOException("the body is not what its headers say"));
            return;
        }
        int n = content.content().readableBytes();
        received += n;
        ended = content instanceof LastHttpContent;
        if (answered) {
            if (ended && written) {
                connection.next();
            }
            return;
        }
        if (n > 0) {
            body.piece(content.content().nioBuffer());
        }
        if (ended) {
            connection.within(patienceMillis, whenOver);
            body.end();
        } else if (!answered) {
            long now = System.nanoTime();
            bodyDeadline = Math.min(now + stallNanos(),
                    bodyDeadline + TimeUnit.SECONDS.toNanos(n) / SLOWEST_BYTES_PER_SECOND);
            connection.within(TimeUnit.NANOSECONDS.toMillis(bodyDeadline - now), this::stalled);
        }
    }

    private void stalled() {
        connection.lastRequest();
        fail(new IOException("the body came too slowly"));
    }

    private void fail(IOException why) {
        ended = true;
        if (body != null) {
            body.failed(why);
        }
    }

    /** The client left. */
    void gone() {
        if (!ended) {
            fail(new IOException("the client left"));
        }
        Runnable work = whenGone;
        whenGone = NOTHING;
        work.run();
    }

    private long stallNanos() {
        return TimeUnit.MILLISECONDS.toNanos(connection.settings().stallMillis());
    }
}
