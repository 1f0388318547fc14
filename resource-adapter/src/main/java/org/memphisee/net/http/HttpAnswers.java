package org.memphisee.net.http;

import java.util.List;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import org.memphisee.port.HttpAnswer;

/** Writes answers of one connection, large ones as fast as the client takes them. On its event loop. */
final class HttpAnswers {

    private static final int PIECE = 64 << 10;
    private static final int NO_CONTENT = 204;
    /** With capitals: some clients look for these and no others. */
    private static final AsciiString DATE = AsciiString.cached("Date");
    private static final AsciiString CONTENT_LENGTH = AsciiString.cached("Content-Length");
    private static final AsciiString CONNECTION = AsciiString.cached("Connection");

    private final Channel channel;
    private final HttpConnections connections;
    private final Runnable progress;

    /**
     * @param progress told when a piece of a large answer was taken
     */
    HttpAnswers(Channel channel, HttpConnections connections, Runnable progress) {
        this.channel = channel;
        this.connections = connections;
        this.progress = progress;
    }

    /**
     * Writes one.
     *
     * @param last whether the connection ends with it
     * @return done when the socket has taken all of it
     */
    ChannelFuture write(HttpRequest to, HttpAnswer answer, boolean last) {
        HttpResponseStatus status = HttpResponseStatus.valueOf(answer.status());
        byte[] body = answer.body();
        boolean head = to.method().equals(HttpMethod.HEAD);
        if (head || body.length <= PIECE) {
            DefaultFullHttpResponse whole = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status,
                    head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body));
            fields(whole.headers(), to, answer, last);
            return channel.writeAndFlush(whole);
        }
        DefaultHttpResponse first = new DefaultHttpResponse(HttpVersion.HTTP_1_1, status);
        fields(first.headers(), to, answer, last);
        channel.write(first, channel.voidPromise());
        ChannelPromise all = channel.newPromise();
        pieces(body, 0, all);
        return all;
    }

    private void pieces(byte[] body, int from, ChannelPromise all) {
        int n = Math.min(PIECE, body.length - from);
        int next = from + n;
        if (next == body.length) {
            channel.writeAndFlush(new DefaultLastHttpContent(Unpooled.wrappedBuffer(body, from, n)), all);
            return;
        }
        channel.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(body, from, n))).addListener(written -> {
            if (written.isSuccess()) {
                progress.run();
                pieces(body, next, all);
            } else {
                all.tryFailure(written.cause());
            }
        });
    }

    private void fields(HttpHeaders headers, HttpRequest to, HttpAnswer answer, boolean last) {
        List<String> fields = answer.fields();
        for (int i = 0; i < fields.size(); i += 2) {
            headers.add(fields.get(i), fields.get(i + 1));
        }
        headers.set(DATE, connections.date());
        if (answer.status() != NO_CONTENT) {
            headers.setInt(CONTENT_LENGTH, answer.body().length);
        }
        if (last) {
            headers.set(CONNECTION, HttpHeaderValues.CLOSE);
        } else if (to.protocolVersion().minorVersion() == 0) {
            headers.set(CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
    }
}
