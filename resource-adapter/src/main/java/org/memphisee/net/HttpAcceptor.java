package org.memphisee.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import org.memphisee.port.HttpService;

/** Sets up what was just accepted on an HTTP port. */
final class HttpAcceptor extends ChannelInitializer<Channel> {

    private static final int MAX_PIECE = 64 << 10;

    private final HttpService service;
    private final HttpSettings settings;
    private final TlsSettings tls;
    private final HttpConnections connections;

    HttpAcceptor(HttpService service, HttpSettings settings, TlsSettings tls, HttpConnections connections) {
        this.service = service;
        this.settings = settings;
        this.tls = tls;
        this.connections = connections;
    }

    @Override
    protected void initChannel(Channel channel) {
        ChannelPipeline pipeline = channel.pipeline();
        if (settings.tls()) {
            pipeline.addLast("tls", TlsDoor.handler(tls, false));
        }
        pipeline.addLast(new HttpServerCodec(new HttpDecoderConfig().setMaxInitialLineLength(settings.maxLineBytes())
                .setMaxHeaderSize(settings.maxHeaderBytes()).setMaxChunkSize(MAX_PIECE)
                .setUseRfc9112TransferEncoding(true)));
        pipeline.addLast(new HttpConnection(channel, service, settings, connections));
    }
}
