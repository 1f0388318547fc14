package org.memphisee.net.websocket;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import org.memphisee.net.ClientConnection;
import org.memphisee.net.Encryption;
import org.memphisee.net.Farewell;
import org.memphisee.net.Serving;
import org.memphisee.port.SessionInfo;
import org.memphisee.wire.CloseReason;
import org.memphisee.wire.ListenAddress;

/**
 * The HTTP request that opens a WebSocket (wire-protocol.md 7.1): answers what is wrong with it, or makes the connection
 * a client's. One per connection, on its event loop.
 */
final class WebSocketHandshake extends ChannelInboundHandlerAdapter {

    /** Clients gather operations up to some size and then add one whole message. */
    private static final int GATHERED_BYTES = 64 << 10;
    private static final long LINGER_MILLIS = 500;
    private static final String NO_MASKING = "Nats-No-Masking";
    private static final int KEY_BYTES = 16;

    private final Serving serving;
    private final InetSocketAddress peer;
    private final boolean full;
    private Optional<FullHttpRequest> request = Optional.empty();
    private boolean answered;
    private boolean early;

    WebSocketHandshake(Serving serving, InetSocketAddress peer, boolean full) {
        this.serving = serving;
        this.peer = peer;
        this.full = full;
    }

    /** The largest frame a client may send, in bytes. */
    static int maxFrame(Serving serving) {
        return Math.min(serving.broker().identity().maxPayload(), 1 << 30) + serving.settings().wire().maxControlLine()
                + GATHERED_BYTES;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        serving.connections().arriving();
        context.executor().schedule(() -> {
            if (!context.isRemoved()) {
                context.close();
            }
        }, serving.settings().webSocket().handshakeMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        serving.connections().arrived();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (answered) { // bytes behind the request: a client has to wait for the answer (RFC 6455, 4.1)
                early = true;
                return;
            }
            if (message instanceof HttpRequest head) {
                Optional<Refusal> refusal = refusal(head);
                if (refusal.isPresent()) {
                    refuse(context, refusal.get());
                } else {
                    request = Optional.of(new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, head.method(), head.uri(),
                            Unpooled.EMPTY_BUFFER, head.headers(), new DefaultHttpHeaders()));
                }
            } else if (message instanceof LastHttpContent && request.isPresent()) {
                answered = true;
                upgrade(context, request.get());
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close(); // no client yet: nobody to tell
    }

    private record Refusal(HttpResponseStatus status, String why) { }

    private static Optional<Refusal> refused(HttpResponseStatus status, String why) {
        return Optional.of(new Refusal(status, why));
    }

    /** Why this request opens nothing, if so; the order is the reference's. */
    private Optional<Refusal> refusal(HttpRequest head) {
        HttpHeaders headers = head.headers();
        if (head.decoderResult().isFailure()) {
            return refused(HttpResponseStatus.BAD_REQUEST, "this is no HTTP request");
        }
        if (!head.method().equals(HttpMethod.GET)) {
            return refused(HttpResponseStatus.METHOD_NOT_ALLOWED, "request method must be GET");
        }
        if (!head.protocolVersion().equals(HttpVersion.HTTP_1_1) || !headers.contains(HttpHeaderNames.HOST)) {
            return refused(HttpResponseStatus.BAD_REQUEST, "HTTP/1.1 with Host is needed");
        }
        String path = head.uri().split("\\?", 2)[0];
        if (path.endsWith("/leafnode") || path.endsWith("/mqtt")) {
            return refused(HttpResponseStatus.BAD_REQUEST, "only clients of the broker are served here");
        }
        if (!headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)) {
            return refused(HttpResponseStatus.BAD_REQUEST, "invalid value for header Upgrade: this is a WebSocket port");
        }
        if (!headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)) {
            return refused(HttpResponseStatus.BAD_REQUEST, "invalid value for header Connection");
        }
        if (!"13".equals(headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
            return refused(HttpResponseStatus.BAD_REQUEST, "invalid value for header Sec-WebSocket-Version");
        }
        if (!isKey(headers.get(HttpHeaderNames.SEC_WEBSOCKET_KEY, ""))) {
            return refused(HttpResponseStatus.BAD_REQUEST, "invalid value for header Sec-WebSocket-Key");
        }
        if (!new OriginRule(serving.settings().webSocket().origins()).allows(headers)) {
            return refused(HttpResponseStatus.FORBIDDEN, "origin not allowed");
        }
        if (HttpUtil.isTransferEncodingChunked(head) || HttpUtil.getContentLength(head, 0L) > 0) {
            return refused(HttpResponseStatus.BAD_REQUEST, "the request must have no body");
        }
        return full ? refused(HttpResponseStatus.SERVICE_UNAVAILABLE, "maximum connections exceeded") : Optional.empty();
    }

    private static boolean isKey(String key) {
        try {
            return Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private void refuse(ChannelHandlerContext context, Refusal refusal) {
        answered = true;
        DefaultFullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, refusal.status,
                Unpooled.copiedBuffer(refusal.why + "\n", StandardCharsets.US_ASCII));
        response.headers().set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, "13")
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
                .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=us-ascii")
                .set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
        Channel channel = context.channel();
        // closing at once with unread input would make the kernel take the answer back
        context.writeAndFlush(response).addListener(sent -> {
            Farewell.shutOutput(channel);
            channel.eventLoop().schedule(() -> channel.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
        });
    }

    private void upgrade(ChannelHandlerContext context, FullHttpRequest opening) {
        boolean unmasked = "true".equals(opening.headers().get(NO_MASKING));
        HttpHeaders more = new DefaultHttpHeaders();
        if (unmasked) {
            more.set(NO_MASKING, "true");
        }
        WebSocketDecoderConfig frames = WebSocketDecoderConfig.newBuilder().expectMaskedFrames(true)
                .allowMaskMismatch(unmasked).allowExtensions(serving.settings().webSocket().compression())
                .maxFramePayloadLength(maxFrame(serving)).closeOnProtocolViolation(false).withUTF8Validator(false).build();
        Channel channel = context.channel();
        new WebSocketServerHandshaker13("", null, frames).handshake(channel, opening, more, channel.newPromise())
                .addListener(done -> {
                    if (done.isSuccess()) {
                        becomeClient(context);
                    } else {
                        channel.close();
                    }
                });
    }

    private void becomeClient(ChannelHandlerContext context) {
        Channel channel = context.channel();
        Encryption encryption = new Encryption();
        Optional.ofNullable(channel.pipeline().get(SslHandler.class))
                .ifPresent(tls -> encryption.established(tls.engine().getSession(), true));
        SessionInfo info = new SessionInfo(serving.connections().nextClientId(), peer.getAddress().getHostAddress(),
                peer.getPort(), SessionInfo.Transport.WEBSOCKET, encryption::active);
        int port = channel.localAddress() instanceof InetSocketAddress local ? local.getPort()
                : serving.settings().webSocket().port();
        WebSocketFrames frames = new WebSocketFrames();
        ClientConnection connection = new ClientConnection(channel, info, serving,
                new ListenAddress(serving.settings().host(), port, ListenAddress.Tls.NONE), frames, encryption);
        frames.serve(connection);
        channel.pipeline().replace(this, "frames", frames);
        channel.pipeline().addLast("client", connection);
        connection.begin();
        if (early) {
            connection.end(CloseReason.PROTOCOL_ERROR);
        }
    }
}
