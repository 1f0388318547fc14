package org.memphisee.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.memphisee.support.FreePort;

/**
 * The network between nodes: for each node a door at which it finds each other node. What goes from one node to another may be
 * held back, as by a network that loses it until it is well again, or be late; one direction alone, too. A node whose process
 * is not there is behind doors that are closed, as a machine refuses connections that nobody listens for. Any thread.
 */
final class Ways implements AutoCloseable {

    private static final int BUFFER = 16 << 10;

    private final Map<String, Door> doors = new HashMap<>();
    private final Set<String> held = ConcurrentHashMap.newKeySet();
    private final Map<String, Long> late = new ConcurrentHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    /** Doors for all pairs; those to nodes that do not run are closed. @param listening where nodes listen, by name */
    Ways(Map<String, Integer> listening) throws IOException {
        for (String from : listening.keySet()) {
            for (String to : listening.keySet()) {
                if (!from.equals(to)) {
                    doors.put(from + ">" + to, new Door(from, to, listening.get(to)));
                }
            }
        }
    }

    /** Where one node finds another. */
    int port(String from, String to) {
        return doors.get(from + ">" + to).port;
    }

    /** The process of a node is there. */
    void up(String node) throws IOException {
        for (Door door : doors.values()) {
            if (door.to.equals(node)) {
                door.open();
            }
        }
    }

    /** It is not there any more. */
    void down(String node) throws IOException {
        for (Door door : doors.values()) {
            if (door.to.equals(node)) {
                door.shut();
            }
        }
    }

    /** Nothing gets from one node to another. */
    void hold(String from, String to) {
        held.add(from + ">" + to);
    }

    /** Neither way. */
    void cut(String one, String other) {
        hold(one, other);
        hold(other, one);
    }

    /** So much later than it would. */
    void late(String from, String to, long millis) {
        late.put(from + ">" + to, TimeUnit.MILLISECONDS.toNanos(millis));
    }

    /** All is well again. @param broken whether connections of before are broken, as by time-outs */
    void heal(boolean broken) {
        if (broken) {
            doors.values().forEach(Door::breakAll);
        }
        held.clear();
        late.clear();
    }

    @Override
    public void close() throws IOException {
        closed = true;
        held.clear();
        for (Door door : doors.values()) {
            door.shut();
        }
        List<Thread> left;
        synchronized (threads) {
            left = List.copyOf(threads);
        }
        for (Thread thread : left) {
            try {
                thread.join(5_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void start(Runnable task) {
        Thread thread = new Thread(task, "way");
        thread.setDaemon(true);
        synchronized (threads) {
            threads.removeIf(before -> !before.isAlive());
            threads.add(thread);
            thread.start();
        }
    }

    private final class Door {
        private final String from;
        private final String to;
        private final int target;
        private final Set<Socket> open = ConcurrentHashMap.newKeySet();
        private final int port;
        private ServerSocket door;

        Door(String from, String to, int target) throws IOException {
            this.from = from;
            this.to = to;
            this.target = target;
            port = FreePort.any();
        }

        synchronized void open() throws IOException {
            if (door == null) {
                ServerSocket opened = new ServerSocket();
                opened.setReuseAddress(true);
                opened.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
                door = opened;
                start(() -> accept(opened));
            }
        }

        synchronized void shut() throws IOException {
            if (door != null) {
                door.close();
                door = null;
            }
            breakAll();
        }

        void breakAll() {
            open.forEach(Ways::end);
        }

        private void accept(ServerSocket opened) {
            while (!opened.isClosed()) {
                try {
                    Socket in = opened.accept();
                    open.add(in);
                    start(() -> connect(in));
                } catch (IOException e) {
                    // closed, or the process ran out of something; the loop tells
                }
            }
        }

        private void connect(Socket in) {
            Socket out = new Socket();
            open.add(out);
            try {
                pass(from, to);
                pass(to, from);
                out.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), 1_000);
                in.setTcpNoDelay(true);
                out.setTcpNoDelay(true);
                start(() -> copy(in, out, from, to));
                copy(out, in, to, from);
            } catch (IOException e) {
                // nobody listens there
            } finally {
                end(in);
                end(out);
                open.remove(in);
                open.remove(out);
            }
        }

        private void copy(Socket one, Socket other, String sender, String receiver) {
            try (one; other; InputStream in = one.getInputStream(); OutputStream out = other.getOutputStream()) {
                byte[] buffer = new byte[BUFFER];
                for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                    pass(sender, receiver);
                    out.write(buffer, 0, length);
                }
            } catch (IOException e) {
                // broken
            }
        }

        /** Waits while nothing gets through. */
        private void pass(String sender, String receiver) {
            String way = sender + ">" + receiver;
            LockSupport.parkNanos(late.getOrDefault(way, 0L));
            while (held.contains(way) && !closed) {
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // gone already
        }
    }
}
