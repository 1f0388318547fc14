package org.memphisee.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import org.memphisee.wire.CloseReason;

/** The last thing a transport says to a client, behind everything else. */
@FunctionalInterface
interface Farewell {

    /** Plain TCP has no words for it. */
    Farewell SILENT = (channel, reason) -> channel.newSucceededFuture();

    /**
     * Says it. Event loop.
     *
     * @return done when the socket has taken it
     */
    ChannelFuture say(Channel channel, CloseReason reason);
}
