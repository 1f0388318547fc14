package org.memphisee.net;

import java.net.InetSocketAddress;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import org.memphisee.net.TlsSettings.Mode;
import org.memphisee.port.SessionInfo;
import org.memphisee.wire.ListenAddress;

/** Sets up what was just accepted on the client port. */
public final class TcpAcceptor extends ChannelInitializer<Channel> {

    private final Serving serving;

    /** For the clients of one listener. */
    public TcpAcceptor(Serving serving) {
        this.serving = serving;
    }

    @Override
    protected void initChannel(Channel channel) {
        if (!(channel.remoteAddress() instanceof InetSocketAddress peer)) { // gone before we could look
            channel.close();
        } else if (serving.connections().full()) {
            serving.counters().refused();
            channel.pipeline().addLast(new RefusingHandler());
        } else {
            TlsSettings tls = serving.settings().tls();
            Encryption encryption = new Encryption();
            SessionInfo info = new SessionInfo(serving.connections().nextClientId(),
                    peer.getAddress().getHostAddress(), peer.getPort(), SessionInfo.Transport.TCP, encryption::active);
            ClientConnection connection = new ClientConnection(channel, info, serving, listening(channel, tls.client()),
                    Farewell.SILENT, encryption);
            if (tls.client() != Mode.OFF) {
                channel.pipeline().addLast("door", new TlsDoor(tls, connection, encryption));
            }
            channel.pipeline().addLast("client", connection);
        }
    }

    private ListenAddress listening(Channel channel, Mode tls) {
        int port = channel.localAddress() instanceof InetSocketAddress local ? local.getPort()
                : serving.settings().port();
        return new ListenAddress(serving.settings().host(), port, switch (tls) {
            case OFF -> ListenAddress.Tls.NONE;
            case OPTIONAL -> ListenAddress.Tls.AVAILABLE;
            case REQUIRED -> ListenAddress.Tls.REQUIRED;
            case MUTUAL -> ListenAddress.Tls.VERIFIED;
        });
    }
}
