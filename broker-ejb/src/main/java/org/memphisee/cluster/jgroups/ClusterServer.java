package org.memphisee.cluster.jgroups;

import java.io.DataInput;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.function.Consumer;

import org.jgroups.Address;
import org.jgroups.blocks.cs.Connection;
import org.jgroups.blocks.cs.ConnectionListener;
import org.jgroups.blocks.cs.Receiver;
import org.jgroups.blocks.cs.TcpServer;
import org.jgroups.logging.JDKLogImpl;
import org.jgroups.stack.IpAddress;

/**
 * JGroups' TCP server with what links need: connections that never hold up a sender, and word of each connection that ended or was
 * replaced. All its settings are set here, none is left to a default that another version may change.
 */
final class ClusterServer extends TcpServer {

    /** Frames that wait for a connection's writer: as many as the windows of a link let through, and beats. */
    static final int QUEUE = 32_768;
    private static final int CONNECT_MILLIS = 500;
    private static final int GREETING_MILLIS = 500;
    private static final int BUFFER = 64 * 1024;

    private final Consumer<Address> ended;
    private final int most;

    /** What is done with frames; those that are no frames of ours have it throw, which closes the connection. */
    interface Frames {

        /** How long a frame from there may be. */
        int longest(Address from);

        void received(Address from, byte[] frame) throws IOException;
    }

    /**
     * Listens, but accepts nothing before {@link #start}.
     *
     * @param log told of strangers
     * @param ended told the address whose connection is no longer what it was; any thread
     */
    ClusterServer(ChannelSettings settings, ClusterThreads threads, Frames frames, Consumer<Address> ended,
                  LinkLog log) throws Exception {
        super(threads, new ClusterSockets(settings.tls().orElse(null), threads, 4 * (settings.peers().size() + 1)),
            settings.listen().getAddress(), settings.listen().getPort(), settings.listen().getPort(),
            settings.advertised() == null ? null : settings.advertised().getAddress(),
            settings.advertised() == null ? 0 : settings.advertised().getPort(), 0);
        this.ended = ended;
        this.most = 4 * (settings.peers().size() + 1);
        nonBlockingSends(true).maxSendQueue(QUEUE).peerAddressReadTimeout(GREETING_MILLIS).setBufferedInputStreamSize(BUFFER)
            .setBufferedOutputStreamSize(BUFFER).usePeerConnections(true).socketConnectionTimeout(CONNECT_MILLIS).tcpNodelay(true)
            .deferClientBinding(true).logDetails(false).log(new ServerLog(log))
            .receiver(reader(frames)).addConnectionListener(new Ends());
        setLogAcceptError(true);
    }

    /** What JGroups warns of is what strangers do: it is said with a number, and not each time. */
    private static final class ServerLog extends JDKLogImpl {

        private final LinkLog log;

        private ServerLog(LinkLog log) {
            super(ClusterServer.class.getName());
            this.log = log;
        }

        @Override
        public void warn(String text) {
            debug(text);
        }

        @Override
        public void warn(String text, Throwable thrown) {
            debug(text, thrown);
        }

        @Override
        public void warn(String format, Object... arguments) {
            boolean version = arguments.length > 0 && String.valueOf(arguments[arguments.length - 1]).contains("different version");
            for (Object argument : arguments) {
                if (argument instanceof Socket socket && socket.getInetAddress() != null) {
                    log.noNode(socket.getInetAddress(), version ? "the greeting of another version of JGroups"
                        : "what is no greeting");
                }
            }
        }
    }

    private final class Ends implements ConnectionListener {

        @Override
        public void connectionClosed(Connection connection) {
            if (current(connection.peerAddress()) == null) { // otherwise it was replaced, and that was told
                ended.accept(connection.peerAddress());
            }
        }

        @Override
        public void connectionEstablished(Connection connection) { }
    }

    private static Receiver reader(Frames frames) {
        return new Receiver() {
            @Override
            public void receive(Address from, byte[] buffer, int offset, int length) {
                throw new UnsupportedOperationException("frames come as streams"); // this one is the NIO server's
            }

            @Override
            public void receive(Address from, DataInput in, int length) throws IOException {
                if (length < 0 || length > frames.longest(from)) {
                    throw new IOException(length + " bytes"); // nothing is allocated for somebody unknown
                }
                byte[] frame = new byte[length];
                in.readFully(frame);
                frames.received(from, frame);
            }
        };
    }

    @Override
    public void replaceConnection(Address address, Connection connection) {
        boolean replaces = current(address) != null;
        super.replaceConnection(address, connection);
        if (replaces) {
            ended.accept(address);
        }
    }

    /** The connection to an address as it is, null for none. */
    Connection current(Address address) {
        return conns.get(address);
    }

    /** Connects, unless there is a connection; waits for at most the time that connecting and TLS may take. */
    void dial(InetSocketAddress address) throws Exception {
        if (conns.size() < 2 * most) {
            getConnection(new IpAddress(address));
        }
    }

    /** Hands a frame over to the connection's writer, if there is one; never waits. */
    void hand(Address to, byte[] frame) {
        Connection connection = current(to);
        if (connected(connection)) {
            try {
                connection.send(frame, 0, frame.length);
            } catch (Exception e) { // closed in between
                log.debug("not sent: " + e);
            }
        }
    }

    void hangUp(Address address) {
        closeConnection(address, false);
    }
}
