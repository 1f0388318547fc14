package org.memphisee.net.websocket;

import java.net.InetSocketAddress;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtensionHandler;

import org.memphisee.net.Serving;
import org.memphisee.net.TlsDoor;

/** Sets up what was just accepted on the WebSocket port: an HTTP request first, see {@link WebSocketHandshake}. */
public final class WebSocketAcceptor extends ChannelInitializer<Channel> {

    private static final int MAX_REQUEST_LINE = 4096;
    private static final int MAX_HEADERS = 16_384;

    private final Serving serving;

    /** For the clients of one listener. */
    public WebSocketAcceptor(Serving serving) {
        this.serving = serving;
    }

    @Override
    protected void initChannel(Channel channel) {
        if (!(channel.remoteAddress() instanceof InetSocketAddress peer)) { // gone before we could look
            channel.close();
            return;
        }
        boolean full = serving.connections().full();
        if (full) {
            serving.counters().refused();
        }
        ChannelPipeline pipeline = channel.pipeline();
        if (serving.settings().tls().webSocket()) {
            pipeline.addLast("tls", TlsDoor.handler(serving.settings().tls(), false));
        }
        pipeline.addLast(new HttpServerCodec(new HttpDecoderConfig().setMaxInitialLineLength(MAX_REQUEST_LINE)
                .setMaxHeaderSize(MAX_HEADERS)));
        if (serving.settings().webSocket().compression()) {
            pipeline.addLast(new WebSocketServerExtensionHandler(new DeflateOffer(WebSocketHandshake.maxFrame(serving))));
        }
        pipeline.addLast(new WebSocketHandshake(serving, peer, full));
    }
}
