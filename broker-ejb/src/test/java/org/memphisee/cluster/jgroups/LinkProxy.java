package org.memphisee.cluster.jgroups;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/** What is between two nodes: passes bytes on, holds them back, breaks connections. */
public final class LinkProxy implements AutoCloseable {

    private final ServerSocket door;
    private final IntSupplier target;
    private final BooleanSupplier held;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * @param target port that it passes on to, 0 for nobody
     * @param held whether nothing is passed on at the moment
     */
    public LinkProxy(IntSupplier target, BooleanSupplier held) throws IOException {
        this.target = target;
        this.held = held;
        door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        new Thread(this::accept, "proxy").start();
    }

    /** Where it listens. */
    public int port() {
        return door.getLocalPort();
    }

    private void accept() {
        while (!closed) {
            try {
                Socket from = door.accept();
                open.add(from);
                Socket to = target.getAsInt() == 0 ? null : new Socket();
                if (to == null) {
                    shut(from);
                    continue;
                }
                open.add(to);
                new Thread(() -> connect(from, to), "proxy").start();
            } catch (IOException e) {
                // closed, or the node is not there
            }
        }
    }

    private void connect(Socket from, Socket to) {
        try {
            hold();
            to.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), target.getAsInt()), 1_000);
            from.setTcpNoDelay(true);
            to.setTcpNoDelay(true);
            new Thread(() -> pass(from, to), "proxy").start();
            pass(to, from);
        } catch (IOException | InterruptedException e) {
            shut(from);
            shut(to);
        }
    }

    private void pass(Socket from, Socket to) {
        try (from; to; InputStream in = from.getInputStream(); OutputStream out = to.getOutputStream()) {
            byte[] buffer = new byte[64 * 1024];
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                hold();
                out.write(buffer, 0, length);
            }
        } catch (IOException | InterruptedException e) {
            // broken
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private void hold() throws InterruptedException {
        while (held.getAsBoolean() && !closed) {
            Thread.sleep(1);
        }
    }

    /** Breaks all connections through it. */
    public void breakAll() {
        open.forEach(LinkProxy::shut);
    }

    private static void shut(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // gone already
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        door.close();
        breakAll();
    }
}
