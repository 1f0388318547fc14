package org.memphisee.cli;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A broker's port of clients, as far as the command line uses it: greets, takes a password, acknowledges what is published to
 * streams, hands everything else that is published to whoever subscribed to it.
 */
final class FakeClientPort implements AutoCloseable {

    private final ServerSocket listening;
    private final Optional<SSLContext> tls;
    private final List<Thread> threads = new ArrayList<>();
    private final List<Socket> sockets = new ArrayList<>();
    private final Map<String, Client> clients = new ConcurrentHashMap<>();
    private final List<String> connects = new java.util.concurrent.CopyOnWriteArrayList<>();
    private final List<String> restored = new java.util.concurrent.CopyOnWriteArrayList<>();
    private final Map<String, String> prepared = new ConcurrentHashMap<>();
    private final List<String> asked = new java.util.concurrent.CopyOnWriteArrayList<>();
    private final AtomicLong sequence = new AtomicLong();
    private volatile long refuseFrom = Long.MAX_VALUE;
    private volatile boolean silent;
    private volatile String nonce = "";

    /** @param tls with it the port requires encryption after its greeting */
    FakeClientPort(Optional<SSLContext> tls) {
        this.tls = tls;
        try {
            listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        begin(this::accept);
    }

    /** It wants this signed by who connects with a key. */
    FakeClientPort asking(String random) {
        nonce = ",\"nonce\":\"" + random + "\"";
        return this;
    }

    /** Prepares the answer to a request. */
    void answer(String subject, String json) {
        prepared.put(subject, json);
    }

    /** Requests with prepared answers, and what they asked. */
    List<String> asked() {
        return asked;
    }

    int port() {
        return listening.getLocalPort();
    }

    /** What clients said of themselves. */
    List<String> connects() {
        return connects;
    }

    /** Messages acknowledged. */
    long stored() {
        return sequence.get();
    }

    /** From this message on the stream is full. */
    void refuseFrom(long number) {
        refuseFrom = number;
    }

    /** From now on nothing is acknowledged. */
    void fallSilent() {
        silent = true;
    }

    /** Requests for restores and their chunks, in their order. */
    List<String> restored() {
        return restored;
    }

    /** Ends all conversations. */
    void hangUp() {
        synchronized (sockets) {
            sockets.forEach(FakeClientPort::end);
        }
    }

    private void begin(Runnable task) {
        Thread thread = new Thread(task, "fake-client-port");
        synchronized (threads) {
            threads.add(thread);
        }
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listening.accept();
                synchronized (sockets) {
                    sockets.add(socket);
                }
                begin(() -> serve(socket));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket plain) {
        try {
            plain.getOutputStream().write(("INFO {\"max_payload\":1048576,\"tls_required\":" + tls.isPresent() + nonce + "}\r\n")
                .getBytes(StandardCharsets.UTF_8));
            Socket socket = plain;
            if (tls.isPresent()) {
                SSLSocket secure = (SSLSocket) tls.get().getSocketFactory().createSocket(plain, null, true);
                secure.setUseClientMode(false);
                secure.startHandshake();
                socket = secure;
            }
            new Client(socket).run();
        } catch (IOException e) {
            // the client went
        } finally {
            end(plain);
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // gone anyway
        }
    }

    private final class Client {
        private final InputStream in;
        private final OutputStream out;
        private final Map<String, String> subscriptions = new ConcurrentHashMap<>();

        private Client(Socket socket) throws IOException {
            in = new BufferedInputStream(socket.getInputStream());
            out = socket.getOutputStream();
        }

        private void run() throws IOException {
            for (String line = line(); line != null; line = line()) {
                String[] words = line.split(" ");
                switch (words[0]) {
                    case "CONNECT" -> {
                        connects.add(line);
                        if (line.contains("\"pass\":\"wrong\"") || line.contains("\"jwt\":\"revoked")) {
                            write("-ERR 'Authorization Violation'\r\n");
                            return;
                        }
                    }
                    case "SUB" -> {
                        subscriptions.put(words[1], words[2]);
                        clients.put(words[1], this);
                    }
                    case "UNSUB" -> subscriptions.values().remove(words[1]);
                    case "PING" -> write("PONG\r\n");
                    case "PUB" -> published(words, words.length == 4 ? words[2] : "");
                    case "HPUB" -> published(words, words.length == 5 ? words[2] : "");
                    default -> {
                        return;
                    }
                }
            }
        }

        private void published(String[] words, String reply) throws IOException {
            byte[] payload = in.readNBytes(Integer.parseInt(words[words.length - 1]));
            line();
            if (words[1].isEmpty()) {
                throw new IOException("a client that publishes to nowhere is sent away");
            } else if (prepared.containsKey(words[1])) {
                asked.add(words[1] + " " + new String(payload, StandardCharsets.UTF_8));
                deliver(reply, "", prepared.get(words[1]));
            } else if (words[1].equals("$JS.API.STREAM.NAMES")) {
                deliver(reply, "", "{\"streams\":[\"orders$2\",\"orders$1\",\"orders.other$1\"],\"total\":3}");
            } else if (words[1].equals("$JS.API.STREAM.LIST")) {
                deliver(reply, "", "{\"streams\":[],\"total\":0}");
            } else if (words[1].startsWith("$JS.API.STREAM.SNAPSHOT.")) {
                snapshot(reply, new String(payload, StandardCharsets.UTF_8), words[1].substring(24));
            } else if (words[1].startsWith("$JS.API.STREAM.RESTORE.")) {
                restored.add(words[1].substring(23) + " " + new String(payload, StandardCharsets.UTF_8));
                deliver(reply, "", "{\"deliver_subject\":\"$JS.RESTORE.x\"}");
            } else if (words[1].equals("$JS.RESTORE.x")) {
                restored.add(new String(payload, StandardCharsets.UTF_8));
                deliver(reply, "", payload.length == 0 ? "{\"config\":{}}" : "");
            } else if (words[1].equals("$memphis_producer_creations")) {
                deliver(reply, "", "{\"error\":\"\",\"partitions_update\":{\"partitions_list\":[1,2]}}");
            } else if (words[1].endsWith(".final")) {
                if (!silent) {
                    long number = sequence.incrementAndGet();
                    deliver(reply, "", number < refuseFrom ? "{\"stream\":\"s\",\"seq\":" + number + "}"
                        : "{\"error\":{\"code\":503,\"description\":\"full\"},\"seq\":0}");
                }
            } else {
                deliver(words[1], reply, new String(payload, StandardCharsets.UTF_8));
            }
        }

        /** Two chunks, of which a broker wants the first answered and not the last, and the end. */
        private void snapshot(String reply, String request, String stream) throws IOException {
            String to = request.replaceAll(".*\"deliver_subject\":\"([^\"]*)\".*", "$1");
            deliver(reply, "", "{\"config\":{\"name\":\"" + stream + "\"},\"state\":{\"messages\":7}}");
            deliver(to, "$JS.SNAPSHOT.ACK." + stream + ".id.5.1", "first ");
            deliver(to, "", "part of " + stream);
            deliver(to, "", "");
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int b = in.read(); b != '\n'; b = in.read()) {
                if (b < 0) {
                    return null;
                }
                if (b != '\r') {
                    line.append((char) b);
                }
            }
            return line.toString();
        }

        private synchronized void write(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private void deliver(String subject, String reply, String payload) throws IOException {
        for (Map.Entry<String, Client> entry : clients.entrySet()) {
            String pattern = entry.getKey();
            boolean fits = pattern.equals(subject) || pattern.endsWith("*")
                && subject.startsWith(pattern.substring(0, pattern.length() - 1))
                && subject.indexOf('.', pattern.length() - 1) < 0;
            if (fits) {
                entry.getValue().write("MSG " + subject + " " + entry.getValue().subscriptions.get(pattern) + " "
                    + (reply.isEmpty() ? "" : reply + " ") + payload.length() + "\r\n" + payload + "\r\n");
                return;
            }
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        hangUp();
        List<Thread> all;
        synchronized (threads) {
            all = List.copyOf(threads);
        }
        for (Thread thread : all) {
            try {
                thread.join(5_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
