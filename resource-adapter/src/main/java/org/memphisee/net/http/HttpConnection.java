package org.memphisee.net.http;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import org.memphisee.net.Farewell;
import org.memphisee.port.HttpAnswer;
import org.memphisee.port.HttpService;

/**
 * One client of an HTTP port: its requests one after the other, each answered before the next begins. What a client sends
 * ahead waits, and nothing more is read meanwhile, so one read is all the memory it can make us use. On its event loop.
 */
final class HttpConnection extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = System.getLogger(HttpConnection.class.getName());
    /** So long a client may go on sending what nobody wants, so that it reads the answer instead of a reset. */
    private static final long LINGER_MILLIS = 2_000;
    private static final long REFUSED_MILLIS = 5_000;
    private static final String CONTINUE = "100-continue";

    private final Channel channel;
    private final HttpService service;
    private final HttpSettings settings;
    private final HttpConnections connections;
    private final HttpAnswers answers;
    private final Deque<HttpObject> ahead = new ArrayDeque<>(4);
    private HttpExchange current;
    private boolean full;
    private boolean taking;
    private boolean last;
    private boolean lingering;
    private Runnable whenOverdue;
    private volatile long deadline;

    HttpConnection(Channel channel, HttpService service, HttpSettings settings, HttpConnections connections) {
        this.channel = channel;
        this.service = service;
        this.settings = settings;
        this.connections = connections;
        this.answers = new HttpAnswers(channel, connections, () -> within(settings.stallMillis(), channel::close));
        within(settings.idleMillis(), channel::close);
    }

    Channel channel() {
        return channel;
    }

    HttpSettings settings() {
        return settings;
    }

    // ---- from the client

    @Override
    public void channelActive(ChannelHandlerContext context) {
        full = connections.full();
        if (full) {
            within(REFUSED_MILLIS, channel::close);
        }
        connections.opened(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ahead.add((HttpObject) message);
        takeWhatIsWanted();
    }

    /** Goes on with what was read, as far as the request at hand is ready for it. */
    void takeWhatIsWanted() {
        if (taking) {
            return; // further up on this stack
        }
        taking = true;
        try {
            while (!ahead.isEmpty() && (current == null || current.wantsMore())) {
                take(ahead.poll());
            }
        } finally {
            taking = false;
        }
        if (channel.config().isAutoRead() != ahead.isEmpty()) {
            channel.config().setAutoRead(ahead.isEmpty());
        }
    }

    private void take(HttpObject object) {
        try {
            if (lingering) {
                return;
            }
            if (current == null) {
                begin((HttpRequest) object);
            } else if (object instanceof HttpContent content) {
                current.content(content);
            }
        } finally {
            ReferenceCountUtil.release(object);
        }
    }

    private void begin(HttpRequest head) {
        current = new HttpExchange(this, head);
        Throwable failure = head.decoderResult().cause();
        String expected = head.headers().get(HttpHeaderNames.EXPECT);
        if (failure instanceof TooLongFrameException) {
            refuse(431, "Request Header Fields Too Large");
        } else if (failure != null) {
            refuse(400, "this is no HTTP request");
        } else if (head.protocolVersion().majorVersion() != 1) {
            refuse(505, "HTTP/1.1 is spoken here");
        } else if (head.protocolVersion().minorVersion() > 0 && !head.headers().contains(HttpHeaderNames.HOST)) {
            refuse(400, "HTTP/1.1 needs a Host header");
        } else if (expected != null && !expected.equalsIgnoreCase(CONTINUE)) {
            refuse(417, "only 100-continue can be expected");
        } else if (full) {
            refuse(503, "maximum connections exceeded");
        } else {
            serve(current);
        }
    }

    private void serve(HttpExchange exchange) {
        try {
            service.serve(exchange);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "RA0110 A request failed", e);
            refuse(500, "Server error");
        }
    }

    private void refuse(int status, String why) {
        last = true;
        current.answer(service.refusal(status, why), () -> { });
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        connections.ended(this);
        deadline = 0;
        whenOverdue = null;
        dropAhead();
        if (current != null) {
            current.gone();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close(); // a broken socket, or no TLS: nobody to tell
    }

    // ---- to the client

    /** Writes an answer, the only one to its exchange. */
    void write(HttpExchange exchange, HttpAnswer answer, Runnable whenWritten) {
        if (exchange != current || !exchange.answering() || !channel.isActive()) {
            whenWritten.run();
            return;
        }
        if (!keptAlive(exchange.head()) || !exchange.endsSoon() || connections.closing()) {
            last = true;
        }
        within(settings.stallMillis(), channel::close);
        answers.write(exchange.head(), answer, last).addListener(written -> {
            whenWritten.run();
            exchange.written();
            if (!written.isSuccess()) {
                channel.close();
            } else if (last) {
                linger();
            } else if (exchange.ended()) {
                next();
            } else {
                within(LINGER_MILLIS, channel::close);
                takeWhatIsWanted();
            }
        });
    }

    private static boolean keptAlive(HttpRequest head) {
        boolean close = head.headers().containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true);
        return !close && (head.protocolVersion().equals(HttpVersion.HTTP_1_1)
                || head.headers().containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE, true));
    }

    /** The exchange is answered and all of its request has been read. */
    void next() {
        current = null;
        within(settings.idleMillis(), channel::close);
        if (last) {
            channel.close();
        } else {
            takeWhatIsWanted();
        }
    }

    /** Nothing more is to be said. */
    private void linger() {
        if (current.ended() && ahead.isEmpty() || lingering) {
            channel.close();
            return;
        }
        lingering = true;
        dropAhead();
        Farewell.shutOutput(channel);
        within(LINGER_MILLIS, channel::close);
        channel.config().setAutoRead(true);
    }

    /** There will be no other request after the one at hand. */
    void lastRequest() {
        last = true;
    }

    private void dropAhead() {
        ahead.forEach(ReferenceCountUtil::release);
        ahead.clear();
    }

    // ---- time

    /** Sets the one deadline of this connection. */
    void within(long millis, Runnable otherwise) {
        whenOverdue = otherwise;
        deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** Looks whether its time is over. Any thread. */
    void look(long now) {
        if (now - deadline >= 0) {
            execute(() -> {
                if (whenOverdue != null && System.nanoTime() - deadline >= 0) {
                    Runnable work = whenOverdue;
                    within(settings.stallMillis(), channel::close); // if even that ends nothing
                    work.run();
                }
            });
        }
    }

    /** Ends when the request at hand is answered. Any thread. */
    void finishLater() {
        execute(() -> {
            last = true;
            if (current == null) {
                channel.close();
            }
        });
    }

    /** Ends now. Any thread. */
    void dropLater() {
        execute(channel::close);
    }

    private void execute(Runnable work) {
        try {
            channel.eventLoop().execute(work);
        } catch (RejectedExecutionException loopEnded) {
            // with it the socket
        }
    }
}
