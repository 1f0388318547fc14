package org.memphisee.net.websocket;

import java.util.zip.DataFormatException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.compression.DecompressionException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import org.memphisee.net.ClientConnection;
import org.memphisee.net.Farewell;
import org.memphisee.wire.CloseReason;

/**
 * Between WebSocket frames and the byte stream of a {@link ClientConnection}: frame borders mean nothing to it, so the
 * content of data frames is passed on and what is written becomes binary frames. Answers ping and close. Event loop.
 */
final class WebSocketFrames extends ChannelDuplexHandler implements Farewell {

    private ClientConnection connection;
    private ByteBuf goodbye = Unpooled.EMPTY_BUFFER;
    private boolean left;
    private boolean ponged;

    /** Whom the bytes are for; called once, before anything is read. */
    void serve(ClientConnection client) {
        connection = client;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof CloseWebSocketFrame close) {
            left(close);
        } else if (message instanceof PingWebSocketFrame ping) {
            pong(context, ping);
        } else if (message instanceof PongWebSocketFrame pong) {
            pong.release();
        } else if (message instanceof WebSocketFrame data) {
            context.fireChannelRead(data.content());
        } else {
            context.fireChannelRead(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (ponged) {
            ponged = false;
            context.flush();
        }
        context.fireChannelReadComplete();
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        context.write(message instanceof ByteBuf bytes ? new BinaryWebSocketFrame(bytes) : message, promise);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof CorruptedWebSocketFrameException corrupted) {
            connection.end(corrupted.closeStatus().code() == WebSocketCloseStatus.MESSAGE_TOO_BIG.code()
                    ? CloseReason.TOO_LARGE : CloseReason.PROTOCOL_ERROR);
        } else if (cause instanceof CodecException) {
            boolean unpackedTooMuch = cause instanceof DecompressionException
                    && !(cause.getCause() instanceof DataFormatException);
            connection.end(unpackedTooMuch ? CloseReason.TOO_LARGE : CloseReason.PROTOCOL_ERROR);
        } else {
            context.fireExceptionCaught(cause);
        }
    }

    @Override
    public ChannelFuture say(Channel channel, CloseReason reason) {
        if (left) {
            ByteBuf echo = goodbye;
            goodbye = Unpooled.EMPTY_BUFFER;
            return channel.writeAndFlush(new CloseWebSocketFrame(true, 0, echo));
        }
        return reason == CloseReason.STALE ? channel.newSucceededFuture()
                : channel.writeAndFlush(new CloseWebSocketFrame(status(reason)));
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        goodbye.release();
        goodbye = Unpooled.EMPTY_BUFFER;
    }

    private void left(CloseWebSocketFrame close) {
        if (left) {
            close.release();
            return;
        }
        left = true;
        goodbye = close.content();
        connection.end(CloseReason.CLIENT_LEFT);
    }

    /** A client that takes no pongs need not get them all (RFC 6455, 5.5.3): they never wait in numbers. */
    private void pong(ChannelHandlerContext context, PingWebSocketFrame ping) {
        if (context.channel().isWritable()) {
            ponged = true;
            context.write(new PongWebSocketFrame(ping.content()));
        } else {
            ping.release();
        }
    }

    private static WebSocketCloseStatus status(CloseReason reason) {
        return switch (reason) {
            case CLIENT_LEFT, STALE -> WebSocketCloseStatus.NORMAL_CLOSURE;
            case SHUTDOWN -> new WebSocketCloseStatus(WebSocketCloseStatus.ENDPOINT_UNAVAILABLE.code(), "server shutdown");
            case PROTOCOL_ERROR -> WebSocketCloseStatus.PROTOCOL_ERROR;
            case NOT_ALLOWED -> WebSocketCloseStatus.POLICY_VIOLATION;
            case TOO_LARGE -> WebSocketCloseStatus.MESSAGE_TOO_BIG;
            case OTHER -> WebSocketCloseStatus.INTERNAL_SERVER_ERROR;
        };
    }
}
