package org.memphisee.net;

import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLEngine;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

/**
 * Looks at the first byte of a client: a TLS handshake, or plain text. Stands before a {@link ClientConnection}, which is
 * told of its socket when INFO may be sent, and goes away when it is decided. One per connection, on its event loop.
 */
public final class TlsDoor extends ChannelInboundHandlerAdapter {

    private static final short HANDSHAKE_RECORD = 0x16;

    private final TlsSettings settings;
    private final ClientConnection connection;
    private final Encryption encryption;
    private boolean greeted;
    private boolean secured;

    TlsDoor(TlsSettings settings, ClientConnection connection, Encryption encryption) {
        this.settings = settings;
        this.connection = connection;
        this.encryption = encryption;
    }

    /** A handler for one connection. */
    public static SslHandler handler(TlsSettings settings, boolean clientCertificate) {
        SSLEngine engine = settings.engines().get();
        engine.setUseClientMode(false);
        engine.setNeedClientAuth(clientCertificate);
        SslHandler handler = new SslHandler(engine);
        handler.setHandshakeTimeoutMillis(settings.handshakeMillis());
        return handler;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        switch (settings.first()) {
            case OFF -> greet(context);
            case AUTO -> context.executor().schedule(() -> {
                if (!secured && !context.isRemoved()) { // a handshake that takes longer came first all the same
                    greet(context);
                }
            }, settings.autoMillis(), TimeUnit.MILLISECONDS);
            default -> secure(context);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (secured || !bytes.isReadable()) {
            context.fireChannelRead(message);
        } else if (bytes.getUnsignedByte(bytes.readerIndex()) == HANDSHAKE_RECORD) {
            secure(context);
            context.pipeline().fireChannelRead(message);
        } else {
            plain(context, bytes);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent completion && completion.isSuccess()) {
            encryption.established(context.pipeline().get(SslHandler.class).engine().getSession(), !greeted);
            greet(context);
            context.pipeline().remove(this);
        }
        context.fireUserEventTriggered(event);
    }

    private void greet(ChannelHandlerContext context) {
        if (!greeted) {
            greeted = true;
            context.fireChannelActive();
        }
    }

    private void secure(ChannelHandlerContext context) {
        secured = true;
        context.pipeline().addBefore(context.name(), "tls",
                handler(settings, settings.client() == TlsSettings.Mode.MUTUAL));
    }

    private void plain(ChannelHandlerContext context, ByteBuf bytes) {
        greet(context);
        if (settings.client() == TlsSettings.Mode.OPTIONAL) {
            context.fireChannelRead(bytes);
            context.pipeline().remove(this);
        } else {
            bytes.release();
            connection.refusePlainText();
        }
    }
}
