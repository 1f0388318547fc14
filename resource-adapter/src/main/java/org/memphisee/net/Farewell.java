package org.memphisee.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import org.memphisee.wire.CloseReason;

/** The last thing a transport says to a client, behind everything else. */
@FunctionalInterface
public interface Farewell {

    /** Plain TCP has no words for it. */
    Farewell SILENT = (channel, reason) -> channel.newSucceededFuture();

    /**
     * Says it. Event loop.
     *
     * @return done when the socket has taken it
     */
    ChannelFuture say(Channel channel, CloseReason reason);

    /** Nothing more comes from us: ends our direction, under TLS with its own last record. Event loop. */
    static void shutOutput(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            ((DuplexChannel) channel).shutdownOutput();
        } else {
            tls.closeOutbound().addListener(said -> ((DuplexChannel) channel).shutdownOutput());
        }
    }
}
