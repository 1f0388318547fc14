package org.memphisee.net.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import org.memphisee.net.TlsDoor;
import org.memphisee.net.TlsSettings;
import org.memphisee.port.HttpService;

/** Sets up what was just accepted on an HTTP port. */
public final class HttpAcceptor extends ChannelInitializer<Channel> {

    private static final int MAX_PIECE = 64 << 10;

    private final HttpService service;
    private final HttpSettings settings;
    private final TlsSettings tls;
    private final HttpConnections connections;

    /**
     * For one port.
     *
     * @param service who answers
     * @param settings within which limits
     * @param tls keys, used if the settings say so
     * @param connections where its clients are known while open
     */
    public HttpAcceptor(HttpService service, HttpSettings settings, TlsSettings tls, HttpConnections connections) {
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
