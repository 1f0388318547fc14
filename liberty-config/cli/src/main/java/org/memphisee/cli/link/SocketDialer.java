package org.memphisee.cli.link;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;

import org.memphisee.client.BrokerAddress;
import org.memphisee.client.Dialer;
import org.memphisee.client.LinkListener;

/** Makes links over TCP. Closing it ends the timers of its links, not the links. */
public final class SocketDialer implements Dialer, AutoCloseable {

    private static final int BUFFER_BYTES = 1 << 20;

    private final int connectMillis;
    private final Optional<Path> ca;
    private final ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "memphisee-timers");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * @param connectMillis time for a connection
     * @param ca certificates to trust instead of the machine's
     */
    public SocketDialer(int connectMillis, Optional<Path> ca) {
        this.connectMillis = connectMillis;
        this.ca = ca;
        timers.setRemoveOnCancelPolicy(true);
        timers.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public void dial(BrokerAddress address, LinkListener listener) {
        Thread reader = new Thread(() -> connect(address, listener), "memphisee-reader");
        reader.setDaemon(true);
        reader.start();
    }

    private void connect(BrokerAddress address, LinkListener listener) {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setReceiveBufferSize(BUFFER_BYTES);
            socket.setSendBufferSize(BUFFER_BYTES);
            InetSocketAddress where = new InetSocketAddress(address.host(), address.port());
            if (where.isUnresolved()) {
                listener.closed("the name " + address.host() + " is not known");
                return;
            }
            socket.connect(where, connectMillis);
        } catch (SocketTimeoutException e) {
            listener.closed("nobody answers within " + connectMillis + " ms");
            return;
        } catch (IOException e) {
            listener.closed("nobody listens there, is the broker running? (" + e.getMessage() + ")");
            return;
        }
        new SocketLink(socket, address, listener, timers, () -> Trust.context(ca)).run();
    }

    @Override
    public boolean inProcess() {
        return false;
    }

    @Override
    public void close() {
        timers.shutdownNow();
    }
}
